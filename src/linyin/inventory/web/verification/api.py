"""Routes of engagements: what may be agreed, opening one, what was agreed, changing it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Schema
from pydantic import ConfigDict, Field

from linyin.inventory.web.models import RunRecord
from linyin.inventory.web.verification.actions import change_engagement, open_engagement
from linyin.inventory.web.verification.forms import EngagementForm, agreed, parted
from linyin.inventory.web.verification.models import Engagement
from linyin.inventory.web.verification.resources import engagements
from linyin.platform.api import (
    Key,
    actor_of,
    answer,
    made_answer,
    node_of,
    routes,
    routes_of,
    row_answer,
    row_schema,
    writes,
)
from linyin.platform.models import Person

__all__: list[str] = []

_Row: Final[Any] = row_schema(engagements)
_Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
_Long = Annotated[str, Field(min_length=1, max_length=10_000, pattern=r"^[^\x00]*$")]
_Percent = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{1,3}(\.[0-9]{1,2})?$",
        description="Of the total above which an error is material, in %, as text.",
    ),
]
_Level = Literal["limited", "reasonable"]
_Keys = Annotated[list[Key], Field(max_length=500)]


class VerifierOut(Schema):
    """Somebody who verifies, or may."""

    id: str
    name: str
    email: str


class EngagedRunOut(Schema):
    """A run that is verified, or may be."""

    id: str
    name: str
    node: str
    year: int
    state: str


class AgreedOut(Schema):
    """Who verifies which runs."""

    version: int = Field(description="Of the engagement; a change states it.")
    verifiers: list[VerifierOut]
    runs: list[EngagedRunOut]


class ChoicesOut(Schema):
    """What an engagement may be of."""

    nodes: list[str] = Field(description="Codes of the nodes on which the caller engages.")
    verifiers: list[VerifierOut]
    runs: list[EngagedRunOut]


class EngagementNew(Schema):
    """What is agreed with verifiers."""

    model_config = ConfigDict(extra="forbid")

    node: Key
    name: _Line
    firm: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    level: _Level
    materiality_pct: _Percent
    scope: _Long
    begin: date | None = None
    due: date | None = None
    verifiers: _Keys = Field(
        [],
        description="Ids of people, of `engagement-choices`; others are invited by "
        "`invite_verifier` once it is there.",
    )
    runs: _Keys = Field([], description="Ids of runs of the node and of those below it.")


class EngagementChange(Schema):
    """What is agreed otherwise; what is left out stays. The node stays in any case."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=0, le=2_147_483_647, description="The version that was seen.")
    name: _Line = ""
    firm: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    level: _Level = "limited"
    materiality_pct: _Percent = "5"
    scope: _Long = ""
    begin: date | None = None
    due: date | None = None
    verifiers: _Keys = Field([], description="All of them: ids of people.")
    runs: _Keys = Field([], description="All of them: ids of runs.")


@routes.get("/engagement-choices", response=ChoicesOut, tags=["engagements"],
            operation_id="engagements-choices", summary="What an engagement may be of")  # fmt: skip
def choices(request: HttpRequest) -> HttpResponse:
    """Tell on which nodes the caller engages verifiers, whom, and for which runs."""
    actor = actor_of(request)
    if not actor.may(open_engagement.permission):
        raise PermissionDenied
    fields: Any = EngagementForm(actor=actor).fields
    nodes = sorted(actor.nodes(open_engagement.permission))
    return answer({"nodes": nodes} | _who_and_what(fields["verifiers"], fields["runs"]))


@routes_of("engagements").get("/{key}/agreed", response=AgreedOut,
                              operation_id="engagements-agreed",
                              summary="Who verifies what in an engagement")  # fmt: skip
def engaged(request: HttpRequest, key: Key) -> HttpResponse:
    """Tell who verifies which runs: what the engagement's row has no column for."""
    engagement = _engagement(request, key, engagements.view)
    told = {
        "verifiers": [_person(one) for one in engagement.verifiers.order_by("name", "pk")],
        "runs": [_run(one) for one in engagement.runs.select_related("node").order_by("name")],
    }
    return answer({"version": engagement.version} | told)


@routes_of("engagements").post("", response={201: _Row}, operation_id="engagements-create",
                               summary="Engage verifiers")  # fmt: skip
@writes
def create(request: HttpRequest, stated: EngagementNew) -> HttpResponse:
    """Engage verifiers on runs of a node and what is below it."""
    actor = actor_of(request)
    if not actor.may(open_engagement.permission):
        raise PermissionDenied
    node = node_of(actor, stated.node, open_engagement.permission)
    values = _checked(EngagementForm(stated.model_dump(), actor=actor))
    made = open_engagement(actor, node=node, **parted(values))
    return made_answer(engagements, actor, made.pk)


@routes_of("engagements").patch("/{key}", response=_Row, operation_id="engagements-update",
                                summary="Change an engagement")  # fmt: skip
@writes
def update(request: HttpRequest, key: Key, stated: EngagementChange) -> HttpResponse:
    """Change what was agreed, if it still is as it was seen."""
    actor = actor_of(request)
    engagement = _engagement(request, key, change_engagement.permission)
    if not change_engagement.is_allowed(actor, engagement):
        raise PermissionDenied
    there = agreed(engagement)
    there |= {name: [one.pk for one in there[name]] for name in ("verifiers", "runs")}
    fields = stated.model_dump(exclude_unset=True)
    version = fields.pop("version")
    form = EngagementForm(there | fields, actor=actor, engagement=engagement)
    change_engagement(actor, engagement, version=version, **parted(_checked(form)))
    return row_answer(engagements, actor, engagement.pk)


def _engagement(request: HttpRequest, key: str, permission: str) -> Engagement:
    """Return an engagement; who has the permission nowhere is not told whether it is there."""
    if not actor_of(request).may(permission):
        raise PermissionDenied(permission)
    found: Engagement | None = engagements.record(actor_of(request), key)
    if found is None:
        raise Http404
    return found


def _checked(form: EngagementForm) -> dict[str, Any]:
    """Return the values of a form; what it finds wrong is told field by field."""
    if not form.is_valid():
        raise ValidationError({name: list(texts) for name, texts in form.errors.items()})
    return form.cleaned_data


def _who_and_what(verifiers: Any, runs: Any) -> dict[str, Any]:
    return {
        "verifiers": [_person(one) for one in verifiers.queryset.order_by("name", "pk")],
        "runs": [_run(one) for one in runs.queryset],
    }


def _person(person: Person) -> dict[str, str]:
    return {"id": str(person.pk), "name": person.name, "email": person.email}


def _run(run: RunRecord) -> dict[str, Any]:
    return {
        "id": str(run.pk), "name": run.name, "node": run.node.code, "year": run.year,
        "state": run.state,
    }  # fmt: skip
