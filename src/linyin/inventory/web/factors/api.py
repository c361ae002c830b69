"""Routes of factors beside those of their resources: which runs use one, and which one wins."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from linyin.inventory.web.factors.explaining import ask, question_of
from linyin.inventory.web.factors.rows import listed_of
from linyin.inventory.web.factors.usage import runs_with
from linyin.ledger import factor_co2e_kg
from linyin.platform.api import ApiProblem, Key, Mass, actor_of, answer, routes

__all__ = ["ChoiceOut", "UsedIn"]

_PLAIN = r"^[^\x00]*$"


class UsedLineOut(Schema):
    """A line of a run that stands on a factor."""

    run: str
    name: str = Field(description="Of the run.")
    year: int
    state: str
    line: str
    scope2_method: str
    entries: int
    co2e_mg: Mass


class UsedIn(Schema):
    """Where a factor is used, in runs that the caller sees."""

    items: list[UsedLineOut]


class RankedOut(Schema):
    """A factor that fits, at its place."""

    factor_id: str
    total_kg: float | None = Field(description="CO2e per unit, with the GWP of AR6-100.")
    unit: str
    place: str
    data_year: int
    rank: dict[str, int] = Field(description="Field by field, the lower the better.")


class RejectedOut(Schema):
    """A factor that was filtered out."""

    factor_id: str
    reason: str


class ChoiceOut(Schema):
    """Which factor a calculation would choose, and why."""

    winner: str | None
    decided_by: str | None = Field(description="First field in which it beats the second.")
    tied: list[str]
    default_technology: str | None
    ranked: list[RankedOut]
    rejected: list[RejectedOut]


@routes.get("/factors/{key}/runs", response=UsedIn, tags=["factors"],
            summary="Which runs use a factor")  # fmt: skip
def used_in(request: HttpRequest, key: Key) -> HttpResponse:
    """Return the lines of the runs that stand on a factor."""
    actor = actor_of(request)
    _require_view(request)
    if not listed_of(actor, [key]):
        raise Http404
    items = [
        {
            "run": str(line.run.pk),
            "name": line.run.name,
            "year": line.run.year,
            "state": line.run.state,
            "line": line.line,
            "scope2_method": line.method,
            "entries": line.entries,
            "co2e_mg": str(line.co2e_mg),
        }
        for line in runs_with(actor, key)
    ]
    return answer({"items": items})


@routes.get("/factor-choice", response=ChoiceOut, tags=["factors"],
            summary="Which factor wins, and why")  # fmt: skip
def choice(
    request: HttpRequest,
    item: Annotated[str, Query(min_length=1, max_length=120, pattern=_PLAIN)],
    unit: Annotated[str, Query(min_length=1, max_length=40, pattern=_PLAIN)],
    year: Annotated[int, Query(ge=1950, le=2100)],
    place: Annotated[str, Query(max_length=80, pattern=_PLAIN)] = "",
    site: Annotated[str, Query(max_length=80, pattern=_PLAIN)] = "",
    source_type: Annotated[str, Query(max_length=80, pattern=_PLAIN)] = "",
    technology: Annotated[str, Query(max_length=80, pattern=_PLAIN)] = "",
    supplier: Annotated[str, Query(max_length=120, pattern=_PLAIN)] = "",
    product: Annotated[str, Query(max_length=120, pattern=_PLAIN)] = "",
    pin: date | None = None,
    without: Annotated[
        str, Query(description="Ids of factors to take away.", max_length=1000, pattern=_PLAIN)
    ] = "",
) -> HttpResponse:
    """Choose a factor for an activity as a run that is calculated now would."""
    _require_view(request)
    actor = actor_of(request)
    if site and site not in actor.nodes("factors.view"):
        raise ApiProblem(422, "record-unknown", "site", value=site)
    asked: dict[str, Any] = {
        "item": item, "unit": unit, "year": year, "place": place, "site": site,
        "source_type": source_type, "technology": technology, "supplier": supplier,
        "product": product, "pin": pin, "without": without,
    }  # fmt: skip
    told = ask(actor, question_of(asked))
    found = told.choice
    return answer(
        {
            "winner": found.winner.factor_id if found.winner else None,
            "decided_by": found.decided_by if found.ranked else None,
            "tied": [factor.factor_id for factor in found.tied],
            "default_technology": told.assumed.technology if told.assumed else None,
            "ranked": [
                {
                    "factor_id": factor.factor_id,
                    "total_kg": factor_co2e_kg(factor, "AR6-100"),
                    "unit": factor.unit_text,
                    "place": factor.place,
                    "data_year": factor.data_year,
                    "rank": {name: getattr(rank, name) for name in rank.__slots__},
                }
                for rank, factor in found.ranked
            ],
            "rejected": [
                {"factor_id": one.factor.factor_id, "reason": one.reason} for one in found.rejected
            ],
        }
    )


def _require_view(request: HttpRequest) -> None:
    if not actor_of(request).may("factors.view"):
        raise ApiProblem(403, "not-permitted")
