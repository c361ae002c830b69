"""What waits for people about factors, and what Ctrl-K finds of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from linyin.inventory.web.factors.catalogue import known_factors, searched
from linyin.inventory.web.factors.rows import name_of, place_name
from linyin.ledger.web.models import OwnFactor
from linyin.platform.grants import visible_to
from linyin.platform.parts import Hit
from linyin.platform.search import FINDERS
from linyin.platform.tasks import Task, add_tasks
from linyin.platform.words import say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.shell import Page

__all__ = ["factor_tasks", "find"]

_FOUND: Final = 6
_SHORTEST: Final = 2


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


def find(page: Page, query: str) -> tuple[str, Sequence[Hit]]:
    """Find factors by words, as their list does."""
    words = query.split()
    if not page.actor.may("factors.view") or len(query.strip()) < _SHORTEST:
        return "factors.title", []
    known = known_factors(page.actor.nodes("factors.view"), page.actor.tree)
    found = searched(known, words)[:_FOUND]
    hits = [
        Hit(
            name_of(one.factor.row),
            reverse("factors-record", args=[one.factor.factor_id]),
            f"{place_name(one.factor.place)} · {one.factor.data_year}",
            "database",
        )
        for one in found
    ]
    return "factors.title", hits


FINDERS.append(find)
