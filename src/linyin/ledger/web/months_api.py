"""The route that tells how the months of the sites stand, as the overview of data entry does."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from linyin.ledger.web.grid_overview import months_told
from linyin.platform.api import ApiProblem, Text, actor_of, answer, routes

__all__: list[str] = []


class SiteMonthOut(Schema):
    """How a month of a site stands."""

    site: str
    month: str
    state: Literal["open", "draft", "submitted", "returned", "approved", "recorded"]
    sources: int = Field(description="How many sources report it.")
    sources_in: int = Field(description="How many of them are in.")


class SiteMonthsOut(Schema):
    """The months of a year, site by site."""

    year: int
    items: list[SiteMonthOut]


@routes.get("/site-months", response=SiteMonthsOut, tags=["grid"], operation_id="site-months",
            summary="How the months of the sites stand")  # fmt: skip
def site_months(
    request: HttpRequest,
    year: Annotated[int, Query(ge=1990, le=2200)],
    node: Text = "",
) -> HttpResponse:
    """Return the months of a node's sites in reach (of all, without one), by site and month."""
    actor = actor_of(request)
    reach = actor.nodes("activities.view")
    if not reach:
        raise ApiProblem(403, "not-permitted")
    told = months_told(reach & actor.tree.subtree(node) if node else reach, year)
    items = [
        {
            "site": site.code,
            "month": f"{month:%Y-%m}",
            "state": one.state,
            "sources": one.of,
            "sources_in": one.count,
        }
        for site, months in told.items()
        for month, one in sorted(months.items())
    ]
    return answer({"year": year, "items": items})
