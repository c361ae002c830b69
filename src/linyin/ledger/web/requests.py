"""Data requests: somebody is asked for months of a site by a day, and reminded of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.timezone import localdate

from linyin.ledger.monthly import later_month, months_between
from linyin.ledger.web.grid_models import DataRequest, SiteMonth, SourceLine
from linyin.ledger.web.grid_months import month_range
from linyin.organization.web.models import Node
from linyin.platform.actions import action, require
from linyin.platform.actor import Actor
from linyin.platform.models import Person
from linyin.platform.words import Lang

if TYPE_CHECKING:
    from linyin.governance.web.models import Milestone

__all__ = ["address_of", "addresses_of", "months_in_words", "request_data", "withdraw_request"]


@action("activities.approve")
def request_data(
    actor: Actor,
    *,
    site: Node,
    begin: date,
    end: date,
    due: date,
    assignee: Person,
    lines: Sequence[SourceLine] = (),
    note: str = "",
    milestone: Milestone | None = None,
) -> DataRequest:
    """Ask somebody for months of a site; a mail tells them, and reminds them as the day nears.

    Parameters
    ----------
    actor, site
        Who asks, and of which site.
    begin, end
        First days of the first month and of the month after the last.
    due
        By when.
    assignee
        Who is asked: somebody who may enter data of the site.
    lines
        Only these; none = all.
    note
        What they should know.
    milestone
        The step of the inventory's calendar that it serves.

    """
    require(begin < end, "request-without-month")
    require(due >= localdate(), "request-due-past", due=due.isoformat())
    may_enter = Actor(assignee, actor.channel).may("activities.edit", site.code)
    require(may_enter, "request-assignee", person=str(assignee), site=str(site))
    require(all(line.site_id == site.pk for line in lines), "grid-line-unknown")
    made = DataRequest.objects.create(
        site=site, begin=begin, end=end, due=due, assignee=assignee, made_by=actor.person,
        note=note, milestone=milestone,
    )  # fmt: skip
    made.lines.set(lines)
    return made


@action("activities.approve", takes_away=True)
def withdraw_request(actor: Actor, record: DataRequest, *, reason: str = "") -> DataRequest:  # noqa: ARG001
    """Withdraw an open request."""
    require(record.state == "open", "request-not-open")
    record.state = "withdrawn"
    record.version += 1
    record.save()
    return record


def _first_opens(requests: Collection[DataRequest]) -> dict[int, date]:
    """Return key of a request → its first month that is not submitted, else its first."""
    if not requests:
        return {}
    done = set(
        SiteMonth.objects.filter(
            site__in={request.site_id for request in requests},
            month__gte=min(request.begin for request in requests),
            month__lt=max(request.end for request in requests),
            state__in=("submitted", "approved"),
        ).values_list("site_id", "month")
    )
    return {
        request.pk: next(
            (
                month
                for month in months_between(request.begin, request.end)
                if (request.site_id, month) not in done
            ),
            request.begin,
        )
        for request in requests
    }


def address_of(request: DataRequest) -> str:
    """Return where a request is answered: its first open month, the cursor in the first gap."""
    return addresses_of([request])[request.pk]


def addresses_of(requests: Collection[DataRequest]) -> dict[int, str]:
    """Return key of a request → where it is answered."""
    months = _first_opens(requests)
    return {
        request.pk: f"{reverse('grid', args=[request.site.code])}?month={months[request.pk]:%Y-%m}"
        for request in requests
    }


def months_in_words(request: DataRequest, language: Lang) -> str:
    """Return the months that are asked for."""
    return month_range(request.begin, later_month(request.end, -1), language)
