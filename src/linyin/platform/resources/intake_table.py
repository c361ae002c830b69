"""The rows of a file of records that change something, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import models

from linyin.platform import parts
from linyin.platform.looking import act_badge, changes_table, was_and_is
from linyin.platform.numbers import number
from linyin.platform.words import lang, say, words

if TYPE_CHECKING:
    from linyin.platform.resources.intake_plan import RowPlan
    from linyin.platform.resources.resource import Resource

__all__ = ["SHOWN_CHANGES", "intake_table"]

SHOWN_CHANGES: Final = 200


def intake_table(resource: Resource, rows: Sequence[RowPlan]) -> parts.Table:
    """Return the first rows: the fields that any of them states anew, with what they were."""
    shown = rows[:SHOWN_CHANGES]
    stated = {change.field for row in shown for change in row.changes}
    fields = [
        name for name in resource.fields if name in stated or (name in resource.identity and shown)
    ]
    numeric = {c.name for c in resource.columns if c.is_numeric}
    heads = [
        parts.Column(say("look.row"), is_number=True),
        *(parts.Column(say(f"{resource.name}.{n}"), is_number=n in numeric) for n in fields),
    ]
    return changes_table(heads, [_row(resource, row, fields) for row in shown])


def _row(resource: Resource, row: RowPlan, fields: Sequence[str]) -> parts.Row:
    changes = {change.field: change for change in row.changes}
    cells: list[Any] = [act_badge(row.act), number(row.row)]
    for name in fields:
        if name in changes and row.act == "changed":
            change = changes[name]
            was, now = (_told(resource, name, value) for value in (change.before, change.after))
            cells.append(was_and_is(was, now))
        else:
            cells.append(_told(resource, name, getattr(row.record, name)) or parts.Nothing())
    return parts.Row(cells)


def _told(resource: Resource, name: str, value: Any) -> str:
    """Return a field's value in the reader's words; '' where there is none."""
    match value:
        case None | "":
            return ""
        case bool():
            return say("yes" if value else "no")
        case models.Model():
            called = getattr(value, "name", None)
            return str(called(lang()) if callable(called) else called or value)
        case Decimal():
            return number(value)
        case date():
            return value.isoformat()
    key = f"{resource.name}.{name}.{value}"
    return say(key) if key in words() else str(value)
