"""What waits for people about factors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse

from linyin.ledger.web.models import OwnFactor
from linyin.platform.grants import visible_to
from linyin.platform.tasks import Task, add_tasks
from linyin.platform.words import say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["factor_tasks"]


@add_tasks
def factor_tasks(actor: Actor) -> Iterator[Task]:
    """Tell approvers what is proposed by others, and proposers what came back."""
    waiting = visible_to(actor, OwnFactor, "factors.approve").filter(state="proposed")
    for factor in waiting.exclude(proposed_by=actor.person).select_related("proposed_by"):
        yield _task("factor_approve", factor, say("tasks.factor.by", who=factor.proposed_by or "–"))
    returned = visible_to(actor, OwnFactor, "factors.propose").filter(state="rejected")
    for factor in returned.filter(proposed_by=actor.person):
        yield _task("factor_returned", factor, factor.publisher)


def _task(kind: str, factor: OwnFactor, detail: str) -> Task:
    return Task(kind, factor.factor_id, reverse("own-factors-record", args=[factor.pk]), detail)
