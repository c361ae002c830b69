"""Routes of figures: what a node emitted in a year, what a run or a part of it amounts to."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from linyin.inventory import INVENTORY_LINES
from linyin.inventory.web.asked_runs import part_in_reach
from linyin.inventory.web.figures import Figures, figures_in, figures_of
from linyin.platform.api import ApiProblem, Key, Mass, Text, actor_of, answer, routes

__all__ = ["Method"]

type Method = Literal["location", "market"]
type By = Literal["line", "scope", "site"]


class Total(Schema):
    """A part of the emissions."""

    name: str = Field(description="The line, the scope, or the code of the node.")
    co2e_mg: Mass


class Totals(Schema):
    """What a run or a part of it emitted, and what that consists of; by one scope-2 method."""

    run: str
    node: str = Field(description="Whose emissions they are.")
    is_part: bool = Field(description="Whether they are a part of a run of a node above.")
    method: Method
    by: By
    total_mg: Mass
    items: list[Total]


class YearTotals(Totals):
    """What a node emitted in a year, from the most settled run that holds it."""

    year: int
    state: Literal["draft", "locked", "approved", "published"] = Field(
        description="State of the run."
    )


@routes.get("/figures", response=YearTotals, tags=["runs"], operation_id="figures",
            summary="What a node emitted in a year")  # fmt: skip
def figures(
    request: HttpRequest,
    node: Text,
    year: Annotated[int, Query(ge=1990, le=2200)],
    method: Method = "location",
    by: By = "line",
) -> HttpResponse:
    """Return the reported emissions of a node: of its own run, else its part of one above.

    404 where the node is out of reach, or nobody has calculated the year.
    """
    actor = actor_of(request)
    if not actor.may("inventory.view"):
        raise ApiProblem(403, "not-permitted")
    found = figures_of(actor, node, year, method)
    if found is None:
        raise Http404
    return answer(_told(found, by) | {"year": year, "state": found.run.state})


@routes.get("/runs/{key}/totals", response=Totals, tags=["runs"], summary="What a run emitted")
def totals(
    request: HttpRequest,
    key: Key,
    method: Method = "location",
    by: By = "line",
    node: Text = "",
) -> HttpResponse:
    """Return the reported emissions of a run by line, scope or site.

    With `node`, of what stands below that node today. Who reaches only a part of a run is told
    that part.
    """
    run, part = part_in_reach(request, key, node)
    return answer(_told(figures_in(actor_of(request), run, part, method), by))


def _told(figures: Figures, by: By) -> dict[str, Any]:
    parts = {"line": figures.lines, "scope": _scopes(figures), "site": figures.by_node}[by]
    order = [n for n in INVENTORY_LINES if n in parts] if by == "line" else sorted(parts)
    return {
        "run": str(figures.run.pk),
        "node": figures.node,
        "is_part": figures.is_part,
        "method": figures.method,
        "by": by,
        "total_mg": str(figures.total),
        "items": [{"name": name, "co2e_mg": str(parts[name])} for name in order],
    }


def _scopes(figures: Figures) -> dict[str, int]:
    return {
        scope: figures.scope(int(scope))
        for scope in {line.partition(".")[0] for line in figures.lines}
    }
