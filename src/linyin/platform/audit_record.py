"""What the page of an event of the audit trail tells: of which record, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse

from linyin.platform.history import changes_of, resource_of
from linyin.platform.parts import Column, Link, Row, Table
from linyin.platform.resources import RecordPart
from linyin.platform.words import say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.models import AuditEvent
    from linyin.platform.resources import Resource

__all__ = ["told"]


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
            Column(say("audit.field")),
            Column(say("audit.before"), is_wide=True),
            Column(say("audit.after"), is_wide=True),
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
