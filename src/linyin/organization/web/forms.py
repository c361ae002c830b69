"""Forms of the tree: where a new node first stands, and what a node can stand under."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from linyin.organization.web.models import Node
from linyin.organization.web.resources import standings
from linyin.platform.resources.forms import record_form
from linyin.platform.words import lang

if TYPE_CHECKING:
    from django.forms import ModelForm

    from linyin.platform.actor import Actor

__all__ = ["FIRST", "first_standing_form", "offer_reach"]

FIRST: Final = tuple(name for name in standings.fields if name != "node")


def first_standing_form(actor: Actor) -> type[ModelForm[Any]]:
    """Return the form of where a new node stands and who holds it."""
    form = record_form(standings, actor, FIRST)
    parent = form.base_fields["parent"]
    parent.required = True
    offer_reach(parent, actor)
    return form


def offer_reach(field: Any, actor: Actor) -> None:
    """Let a field choose from the nodes that the actor may change, as the tree orders them."""
    reach = actor.nodes("organization.edit")
    names = dict(actor.tree.options(reach, lang()))
    field.queryset = Node.objects.filter(code__in=reach).order_by("code")
    field.label_from_instance = lambda node: names.get(node.code, node.code).strip()
