"""The calendar's data step: whoever answers for a site is asked, and it is seen who answered."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from linyin.governance.web.models import Milestone
from linyin.governance.web.resources import milestones
from linyin.governance.web.watching import Seen, watches
from linyin.ledger.web.grid_models import DataRequest, SourceLine
from linyin.ledger.web.requests import request_data
from linyin.platform.actions import action, require
from linyin.platform.actor import Actor
from linyin.platform.words import say

if TYPE_CHECKING:
    from linyin.organization.web.models import Node
    from linyin.platform.models import Person

__all__ = ["answered", "ask_for_data"]


@watches("data")
def answered(milestone: Milestone) -> Seen | None:
    """Count the data requests of a milestone that are answered."""
    asked = milestone.data_requests.exclude(state="withdrawn")
    of = asked.count()
    if not of:
        return None
    href = f"{reverse('requests-list')}?{urlencode({'milestone': milestone.pk})}"
    done = asked.filter(state="done").count()
    return Seen(done, of, say("requests.answered"), href, "activities.view")


@action("activities.approve")
def ask_for_data(actor: Actor, milestone: Milestone, *, note: str = "") -> Milestone:
    """Ask whoever answers for the sources of each site at or below the node for the year's months.

    By the milestone's day. Who is asked already is not asked again: an open request gets the day
    that the milestone has now.

    Raises
    ------
    BadInput
        If the milestone is no data step, its day is over, or nobody answers for any source.

    """
    require(milestone.kind == "data", "milestone-asks-nothing")
    require(milestone.due >= localdate(), "request-due-past", due=milestone.due.isoformat())
    begin, end = date(milestone.year, 1, 1), date(milestone.year + 1, 1, 1)
    codes = actor.tree.subtree(milestone.node.code) & actor.nodes("activities.approve")
    wanted = _responsible(codes, begin, end)
    require(wanted, "milestone-nobody-asked", node=str(milestone.node))
    there = {
        (request.site_id, request.assignee_id): request
        for request in milestone.data_requests.exclude(state="withdrawn")
    }
    for (site, person), lines in wanted.items():
        known = there.get((site.pk, person.pk))
        if known is None:
            request_data(
                actor, site=site, begin=begin, end=end, due=milestone.due, assignee=person,
                lines=lines, note=note, milestone=milestone,
            )  # fmt: skip
        elif known.state == "open" and known.due != milestone.due:
            _follow(known, milestone.due)
    return milestone


def _follow(request: DataRequest, due: date) -> None:
    """Give a request another day; who was reminded of the old one is reminded of the new."""
    request.due = due
    request.version += 1
    request.save()
    request.reminders.exclude(kind="asked").delete()


def _responsible(
    codes: frozenset[str] | set[str], begin: date, end: date
) -> dict[tuple[Node, Person], list[SourceLine]]:
    """Return (site, person) → the source lines of a span that they answer for and may enter."""
    lines = SourceLine.objects.filter(
        Q(begin=None) | Q(begin__lt=end), Q(end=None) | Q(end__gt=begin),
        site__code__in=codes, responsible__is_active=True,
    ).select_related("site", "responsible")  # fmt: skip
    found: dict[tuple[Node, Person], list[SourceLine]] = defaultdict(list)
    reach: dict[int, frozenset[str]] = {}
    for line in lines:
        person = line.responsible
        if person is None:
            continue
        if person.pk not in reach:
            reach[person.pk] = Actor(person, "job").nodes("activities.edit")
        if line.site.code in reach[person.pk]:
            found[line.site, person].append(line)
    return dict(found)


milestones.add_action(
    ask_for_data, lambda milestone: milestone.kind == "data" and milestone.done_on is None
)
