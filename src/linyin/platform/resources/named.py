"""A record named in a text: `<resource>/<key>`, or the address of its page."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve

from linyin.platform.resources.resource import RESOURCES, Resource

__all__ = ["named_record"]


def named_record(text: str) -> tuple[Resource, str] | None:
    """Return the resource and the key that a text names; None if it names none.

    Whether there is such a record, and who may see it, is not asked.
    """
    stated = text.strip()
    if "://" in stated or stated.startswith("/"):
        try:
            found = resolve(unquote(urlsplit(stated).path))
        except Resolver404:
            return None
        name, is_record, _ = (found.url_name or "").rpartition("-record")
        key = found.kwargs.get("key") if is_record else None
    else:
        name, _, key = stated.partition("/")
    resource = RESOURCES.get(name)
    return (resource, str(key)) if resource is not None and key else None
