"""What the page of an event of the audit trail tells: of which record, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from linyin.platform import parts
from linyin.platform.grants import visible_to
from linyin.platform.history import changes_of, resource_of
from linyin.platform.parts import Link, Row, Table
from linyin.platform.resources import Column, RecordPart
from linyin.platform.resources.display import called_of
from linyin.platform.resources.lake_keys import parted
from linyin.platform.resources.models import key_of
from linyin.platform.words import say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.models import AuditEvent
    from linyin.platform.resources import Resource

__all__ = ["records_called", "told"]


def told(actor: Actor, event: AuditEvent) -> Iterator[RecordPart]:
    """Return the way to the record, if the reader may see it, and the fields before and after."""
    resource = resource_of(event.subject)
    name = _name(actor, resource, event.key) if resource is not None else ""
    if resource is not None and name:
        way = Link(name, reverse(f"{resource.name}-record", args=[event.key]))
        yield RecordPart(say("audit.record"), way)
    changes = changes_of(event.subject, event.before, event.after)
    if changes:
        columns = [
            parts.Column(say("audit.field")),
            parts.Column(say("audit.before"), is_wide=True),
            parts.Column(say("audit.after"), is_wide=True),
        ]
        table = Table(say("audit.changes"), columns, [Row(change) for change in changes])
        yield RecordPart(say("audit.changes"), table)


def _name(actor: Actor, resource: Resource, key: str) -> str:
    """Return what a record is called; '' if the reader sees none."""
    if resource.model is None:
        row = resource.row(actor, key)
        return "" if row is None else resource.titled(row)
    record = resource.record(actor, key)
    return "" if record is None else str(record)


def records_called(actor: Actor, events: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return what the records of events are called that the reader may see, one read a kind."""
    found: dict[str, str] = {}
    for subject in {str(event["subject"]) for event in events}:
        resource, own = resource_of(subject), [e for e in events if e["subject"] == subject]
        if resource is None:
            continue
        if resource.model is None:
            found |= {str(e["pk"]): " / ".join(parted(e["key"])) for e in own}
            continue
        own = [e for e in own if key_of(resource.model, e["key"]) is not None]
        seen = visible_to(actor, resource.model, resource.view)
        names = called_of(Column("key", "link", target=resource.name), own, seen)
        found |= {str(e["pk"]): names[e["key"]] for e in own if e["key"] in names}
    return found
