"""What the calendar gives people to do: the steps they answer for, as their days come near."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from linyin.governance.web.models import Member, Milestone
from linyin.governance.web.watching import standing_of
from linyin.platform.grants import visible_to
from linyin.platform.tasks import Task, add_tasks
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["milestones_to_reach"]

AHEAD: Final = timedelta(days=30)
_LEADING: Final = ("chair", "secretary")


@add_tasks
def milestones_to_reach(actor: Actor) -> Iterator[Task]:
    """Yield what is due within a month: the actor's own, and what no person but their body has."""
    if actor.person is None:
        return
    today = localdate()
    seats = Member.objects.filter(
        Q(begin=None) | Q(begin__lte=today), Q(end=None) | Q(end__gt=today),
        person=actor.person, role__in=_LEADING,
    )  # fmt: skip
    mine = Q(person=actor.person) | Q(person=None, body__in=seats.values("body"))
    waiting = visible_to(actor, Milestone, "governance.view").filter(
        mine, done_on=None, due__lte=today + AHEAD
    )
    for milestone in waiting.select_related("node", "body"):
        standing = standing_of(milestone)
        if standing.state == "done":
            continue
        seen = standing.seen
        counted = (
            f"{seen.label}: {say('milestones.seen', done=seen.done, of=seen.of)}" if seen else ""
        )
        yield Task(
            "milestones",
            f"{milestone.name(lang())} · {milestone.node.name(lang())} {milestone.year}",
            reverse("milestones-record", args=[milestone.pk]),
            counted or milestone.note,
            milestone.due,
        )
