"""The organization's records as the tables that users write in files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from linyin.organization.web.models import Allocation, Metric, Profile, Standing

if TYPE_CHECKING:
    from linyin.organization.web.models import Node

__all__ = [
    "ALLOCATION",
    "NODE",
    "PROFILE",
    "STANDING",
    "code_of",
    "columns_of",
    "organization_table",
    "organization_tables",
    "plain_text",
    "text_table",
]

NODE: Final = ("code", "kind", "name_en", "name_zh", "opened", "closed", "note")
STANDING: Final = ("ownership_pct", "control", "operator", "country", "place")
ALLOCATION: Final = ("item", "meter", "key", "value", "unit", "rest", "begin", "end", "note")
PROFILE: Final = ("profile", "begin", "end", "weight", "note")
_METRIC: Final = ("metric", "item", "begin", "end", "value", "unit", "source")


def organization_tables() -> dict[str, pa.Table]:
    """Return the room's records, one text table for each file."""
    return {
        "organization": organization_table(),
        "metrics": metrics_table(Metric.objects.select_related("node")),
        "allocations": text_table(
            columns_of(a, ALLOCATION) | {"site": a.site.code, "target": a.target.code}
            for a in Allocation.objects.select_related("site", "target")
        ),
        "profiles": text_table(columns_of(p, PROFILE) for p in Profile.objects.all()),
    }


def metrics_table(metrics: Iterable[Metric]) -> pa.Table:
    """Return metrics as the table that users write in files."""
    return text_table(columns_of(m, _METRIC) | {"node": m.node.code} for m in metrics)


def organization_table() -> pa.Table:
    """Return nodes and where they stand: a row for each standing."""
    return text_table(
        columns_of(s.node, NODE)
        | columns_of(s, STANDING)
        | {"parent": code_of(s.parent), "owner": code_of(s.owner), "from": s.begin, "to": s.end}
        for s in Standing.objects.select_related("node", "parent", "owner")
    )


def text_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Return rows as a table of texts, each value as one writes it in a file."""
    listed = [{name: plain_text(value) for name, value in row.items()} for row in rows]
    names = list(dict.fromkeys(name for row in listed for name in row))
    return pa.table({name: pa.array([r.get(name) for r in listed], pa.string()) for name in names})


def columns_of(record: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return some of a record's fields by name."""
    return {name: getattr(record, name) for name in names}


def code_of(node: Node | None) -> str:
    """Return a node's code, '' of none."""
    return node.code if node is not None else ""


def plain_text(value: Any) -> str | None:
    """Return a value as one writes it in a file, None for nothing."""
    match value:
        case None | "":
            return None
        case float():
            return format(Decimal(repr(value)), "f")
        case Decimal():
            return format(value.normalize(), "f")
        case date():
            return value.isoformat()
    return str(value)
