"""What happened to a record, from the audit trail, in the reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from linyin.platform.models import AuditEvent
from linyin.platform.parts import Event, Timeline
from linyin.platform.words import say, words

if TYPE_CHECKING:
    from django.db import models

__all__ = ["event_of", "said", "timeline_of"]

SHOWN: Final = 20
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


def _label(subject: str, name: str) -> str:
    """Return what pages call a field; its name, if no page shows it."""
    from linyin.platform.resources.resource import RESOURCES

    plain = name.removesuffix("_id")
    for resource in RESOURCES.values():
        if resource.model is not None and resource.model._meta.label_lower == subject:
            key = f"{resource.name}.{plain}"
            return say(key) if key in words() else plain.replace("_", " ")
    return plain.replace("_", " ")


def _changes(subject: str, before: Any, after: Any) -> list[tuple[str, str, str]]:
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    return [
        (_label(subject, name), str(before.get(name) or ""), str(after.get(name) or ""))
        for name in after
        if name not in _HIDDEN and before.get(name) != after.get(name)
    ]
