"""What a decision is about: a record of any resource, named `<resource>/<key>`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from linyin.platform.parts import Link
from linyin.platform.resources import RESOURCES
from linyin.platform.resources.display import Display
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.resources import Resource

__all__ = ["about_link", "address_of"]


def about_link(actor: Actor, about: str) -> Link | None:
    """Return the way to what a decision is about; a reader out of reach learns its kind only."""
    name, _, key = about.partition("/")
    resource: Resource | None = RESOURCES.get(name)
    if resource is None:
        return None
    kind = say(f"{name}.title")
    row = resource.row(actor, key) if actor.may(resource.view) else None
    if row is None:
        return Link(say("decisions.about.hidden", kind=kind))
    record = resource.record(actor, key)
    called = Display.of(resource, [row], actor.tree).text(resource.title_of(row, lang()), row)
    label = str(record) if record is not None else called or resource.titled(row)
    return Link(label, reverse(f"{name}-record", args=[key]), kind)


def address_of(about: str) -> str:
    """Return where what a decision is about opens; '' if it is about nothing."""
    name, _, key = about.partition("/")
    return reverse(f"{name}-record", args=[key]) if name in RESOURCES else ""
