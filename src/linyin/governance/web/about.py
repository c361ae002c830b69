"""What a decision is about: a record of any resource, named `<resource>/<key>`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve, reverse

from linyin.platform.parts import Link
from linyin.platform.resources import RESOURCES
from linyin.platform.resources.display import Display
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.resources import Resource

__all__ = ["about_link", "read_about"]


def read_about(text: str) -> str:
    """Return `<resource>/<key>` of what somebody states: that, or the address of its page.

    Returns
    -------
    str
        Empty if it names no record of a resource.

    """
    stated = text.strip()
    if "://" in stated or stated.startswith("/"):
        try:
            found = resolve(unquote(urlsplit(stated).path))
        except Resolver404:
            return ""
        name, is_record, _ = (found.url_name or "").rpartition("-record")
        key = found.kwargs.get("key")
        return f"{name}/{key}" if is_record and key is not None and name in RESOURCES else ""
    name, _, key = stated.partition("/")
    return stated if name in RESOURCES and key else ""


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
    label = Display.of(resource, [row]).text(
        resource.title_of(row, lang()), row
    ) or resource.titled(row)
    return Link(label, reverse(f"{name}-record", args=[key]), kind)
