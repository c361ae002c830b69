"""What happened to a record, from the audit trail, in the reader's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from linyin.platform.models import AuditEvent
from linyin.platform.parts import Event, Timeline, digest
from linyin.platform.words import say, words

if TYPE_CHECKING:
    from django.db import models

__all__ = ["event_of", "said", "timeline_of"]

SHOWN: Final = 20
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_HIDDEN: Final = frozenset({"id", "version", "changed_at"})


def timeline_of(record: models.Model) -> Timeline | None:
    """Return the last events of a record, None if there are none."""
    events = AuditEvent.objects.filter(subject=record._meta.label_lower, key=str(record.pk))[:SHOWN]
    told = [event_of(event) for event in events]
    return Timeline(told) if told else None


def event_of(event: AuditEvent) -> Event:
    """Return an event in the reader's words."""
    return Event(
        at=event.at,
        who=event.who.partition(" <")[0],
        what=said(event.action),
        why=event.reason,
        changes=list(_changes(event.subject, event.before, event.after)),
    )


def said(action: str) -> str:
    """Return what was done: the action's own words, else those of its verb."""
    verb = action.partition(".")[2].partition("_")[0]
    for key in (f"action.{action}.past", f"verb.{verb}", f"action.{action}"):
        if key in words():
            return say(key)
    return action


def _changes(subject: str, before: Any, after: Any) -> list[tuple[str, str, str]]:
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    resource = _resource(subject)
    return [
        (
            _label(resource, name),
            _value(resource, name, before.get(name)),
            _value(resource, name, after.get(name)),
        )
        for name in after
        if name not in _HIDDEN and before.get(name) != after.get(name)
    ]


def _resource(subject: str) -> str:
    """Return the name of the resource whose records are told of; empty if there is none."""
    from linyin.platform.resources.resource import RESOURCES

    for resource in RESOURCES.values():
        if resource.model is not None and resource.model._meta.label_lower == subject:
            return resource.name
    return ""


def _label(resource: str, name: str) -> str:
    """Return what pages call a field; its name, if no page shows it."""
    plain = name.removesuffix("_id")
    key = f"{resource}.{plain}"
    return say(key) if key in words() else plain.replace("_", " ")


def _value(resource: str, name: str, value: Any) -> str:
    """Return a value as pages write it: choices in words, digests as code."""
    text = str(value or "")
    key = f"{resource}.{name}.{text}"
    if key in words():
        return say(key)
    return digest(text) if _DIGEST.fullmatch(text) else text
