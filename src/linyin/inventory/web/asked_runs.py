"""The run that a route of the API names, and the part of it that is in reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest

from linyin.inventory.web.figures import part_seen
from linyin.inventory.web.models import RunRecord
from linyin.platform.api import ApiProblem, actor_of
from linyin.platform.grants import visible_to
from linyin.platform.resources.models import key_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = ["part_in_reach", "run_in_reach"]


def run_in_reach(request: HttpRequest, key: str) -> RunRecord:
    """Return a run that the caller sees whole.

    Raises
    ------
    ApiProblem
        403 if the caller sees no run anywhere.
    Http404
        If there is no such run, or it is out of reach.

    """
    return _found(request, visible_to(actor_of(request), RunRecord, "inventory.view"), key)


def part_in_reach(request: HttpRequest, key: str, node: str = "") -> tuple[RunRecord, str]:
    """Return a run, and the node whose part of it is asked for and seen; '' = all of it.

    Raises
    ------
    ApiProblem
        403 if the caller sees no run anywhere.
    Http404
        If there is no such run, or nothing of it, or not the node's part, is in reach.

    """
    run = _found(request, RunRecord.objects.select_related("node"), key)
    part = part_seen(actor_of(request), run, node)
    if part is None or node not in ("", part or run.node.code):
        raise Http404
    return run, part


def _found(request: HttpRequest, runs: QuerySet[RunRecord], key: str) -> RunRecord:
    if not actor_of(request).may("inventory.view"):
        raise ApiProblem(403, "not-permitted")
    pk = key_of(RunRecord, key)
    run = runs.filter(pk=pk).first() if pk is not None else None
    if run is None:
        raise Http404
    return run
