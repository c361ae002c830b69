"""Why somebody sees something, by the API."""

from __future__ import annotations

from typing import Annotated

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from linyin.platform.access import AccessForm, Explanation, Reason, explained
from linyin.platform.actor import Actor
from linyin.platform.api.answers import answer
from linyin.platform.api.routes import actor_of, routes
from linyin.platform.api.schemas import Key
from linyin.platform.models import Person
from linyin.platform.resources.models import key_of

__all__: list[str] = []

_NAMES = {"at": "node"}


class ReasonOut(Schema):
    """A grant that reaches what was asked about."""

    grant: str | None = Field(description="Its id; null if the caller does not reach its node.")
    role: str
    path: list[str] = Field(
        description="Codes of the nodes from the grant's down, as far as the caller reaches them."
    )
    subtree: bool = Field(description="Whether it holds below its node too.")
    permissions: list[str] = Field(description="What the role may do there.")


class AccessOut(Schema):
    """Whether somebody sees a node or a record, and by which grants."""

    person: str
    sees: bool
    permission: str = Field(description="What seeing it needs; empty for a node.")
    why_not: str = Field(description="In the caller's language, if they do not see it.")
    reasons: list[ReasonOut] = Field(description="The nearest first.")


@routes.get("/access", response=AccessOut, tags=["grants"], operation_id="access",
            summary="Why somebody sees something")  # fmt: skip
def access(
    request: HttpRequest,
    person: Annotated[Key, Query(description="Id of the person.")],
    node: Annotated[
        str, Query(max_length=300, pattern=r"^[^\x00]*$", description="Code of a node.")
    ] = "",
    record: Annotated[
        str,
        Query(max_length=500, pattern=r"^[^\x00]*$", description="`<resource>/<id>`; or a node."),
    ] = "",
) -> HttpResponse:
    """Tell whether somebody sees a node or a record, and by which grants, or why not."""
    actor = actor_of(request)
    if not actor.may("people.view"):
        raise PermissionDenied
    known = person if key_of(Person, person) is not None else ""
    form = AccessForm(actor, {"person": known, "at": node, "record": record})
    if not form.is_valid():
        raise ValidationError(
            {_NAMES.get(name, name): list(texts) for name, texts in form.errors.items()}
        )
    return answer(_told(actor, explained(actor, **form.cleaned_data)))


def _told(actor: Actor, told: Explanation) -> dict[str, object]:
    reach = actor.nodes("people.view")
    return {
        "person": str(told.person.pk),
        "sees": bool(told.reasons),
        "permission": told.permission,
        "why_not": told.why_not,
        "reasons": [_reason(reason, reach) for reason in told.reasons],
    }


def _reason(reason: Reason, reach: frozenset[str]) -> dict[str, object]:
    grant = reason.grant
    return {
        "grant": str(grant.pk) if grant.node.code in reach else None,
        "role": grant.role,
        "path": [code for code in reason.path if code in reach],
        "subtree": grant.subtree,
        "permissions": sorted(reason.permissions),
    }
