"""The route that adds a node where it first stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from pydantic import create_model

from linyin.organization.web.actions import add_node
from linyin.organization.web.forms import FIRST, first_standing_form
from linyin.organization.web.resources import nodes, standings
from linyin.platform.api import (
    actor_of,
    form_values,
    made_answer,
    new_schema,
    record_values,
    routes_of,
    row_schema,
    writes,
)

__all__: list[str] = []

_STANDING: Final = new_schema(standings).model_fields
_FIRST: Final[Any] = {name: (_STANDING[name].annotation, _STANDING[name]) for name in FIRST}
_New: Final[Any] = create_model("NewNode", __base__=new_schema(nodes), **_FIRST)
_Row: Final[Any] = row_schema(nodes)


@routes_of("nodes").post("", response={201: _Row}, operation_id="nodes-create",
                         summary="Add to nodes")  # fmt: skip
@writes
def create(request: HttpRequest, stated: _New) -> HttpResponse:
    """Add a node with its first standing: below its `parent`."""
    actor = actor_of(request)
    if not actor.may(add_node.permission):
        raise PermissionDenied
    told = stated.model_dump(exclude_unset=True)
    own = record_values(nodes, actor, {n: v for n, v in told.items() if n in nodes.fields})
    first = form_values(first_standing_form(actor), {n: v for n, v in told.items() if n in FIRST})
    made = add_node(actor, values=own | first)
    return made_answer(nodes, replace(actor), made.pk)  # who asks anew sees the new tree
