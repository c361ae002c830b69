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

__all__ = ["told"]


def told(actor: Actor, event: AuditEvent) -> Iterator[RecordPart]:
    """Return the way to the record, if the reader may see it, and the fields before and after."""
    resource = resource_of(event.subject)
    record = resource.record(actor, event.key) if resource is not None else None
    if resource is not None and record is not None:
        way = Link(str(record), reverse(f"{resource.name}-record", args=[event.key]))
        yield RecordPart(say("audit.record"), way)
    changes = changes_of(event)
    if changes:
        columns = [
            Column(say("audit.field")),
            Column(say("audit.before"), is_wide=True),
            Column(say("audit.after"), is_wide=True),
        ]
        table = Table(say("audit.changes"), columns, [Row(change) for change in changes])
        yield RecordPart(say("audit.changes"), table)
