"""Routes of the calendar: planning a year, its milestones as a file."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import ConfigDict, Field

from linyin.governance.web.actions import plan_year
from linyin.governance.web.pages.calendar import PlanForm, calendar_answer
from linyin.governance.web.resources import milestones
from linyin.platform.api import Key, actor_of, answer, node_of, routes, row_schema, writes
from linyin.platform.api.values import json_row

__all__: list[str] = []

_FILE: Final[dict[str, Any]] = {"responses": {200: {"content": {"text/calendar": {}}}}}
_Row: Final[Any] = row_schema(milestones)


class YearPlan(Schema):
    """Whose inventory year is planned."""

    model_config = ConfigDict(extra="forbid")

    node: Key = Field(description="A group or an entity.")
    year: int = Field(ge=1990, le=2200, description="The inventory year.")
    last_day: date | None = Field(
        None, description="Its last day, where the fiscal year is not the calendar's."
    )


class PlannedOut(Schema):
    """The milestones that were made; those that the year had already are not among them."""

    items: list[_Row]


@routes.post("/calendar/plan", response={201: PlannedOut}, tags=["milestones"],
             operation_id="calendar-plan", summary="Plan an inventory year")  # fmt: skip
@writes
def plan(request: HttpRequest, stated: YearPlan) -> HttpResponse:
    """Give an inventory year the steps of the template that it does not have yet."""
    actor = actor_of(request)
    if not actor.may(plan_year.permission):
        raise PermissionDenied
    node = node_of(actor, stated.node, plan_year.permission)
    form = PlanForm(actor, stated.model_dump() | {"node": node.pk})
    if not form.is_valid():
        raise ValidationError({name: list(texts) for name, texts in form.errors.items()})
    made = plan_year(actor, **form.cleaned_data)
    rows = [milestones.row(actor, str(one.pk)) for one in made]
    return answer({"items": [json_row(milestones, row) for row in rows if row is not None]}, 201)


@routes.get("/calendar/file.ics", tags=["milestones"], operation_id="calendar-file",
            openapi_extra=_FILE, summary="The calendar as a file")  # fmt: skip
def file(
    request: HttpRequest,
    year: Annotated[int | None, Query(ge=1990, le=2200)] = None,
    node: Annotated[str, Query(max_length=300, pattern=r"^[^\x00]*$")] = "",
) -> HttpResponse:
    """Return the milestones of a year, without one of the next due day's, as iCalendar."""
    actor = actor_of(request)
    if not actor.may("governance.view"):
        raise PermissionDenied
    code = node_of(actor, node, "governance.view").code if node else ""
    return calendar_answer(request, actor, year, code)
