"""A part of the organization is not removed while activities are booked on it."""

from __future__ import annotations

from collections.abc import Iterator

from linyin.lake import Finding
from linyin.ledger.web.activities import activities
from linyin.organization.web.models import Node
from linyin.organization.web.resources import nodes
from linyin.platform.resources import Query

__all__ = ["check_rows_of"]

_COUNTED = 10**9


def check_rows_of(node: Node) -> Iterator[Finding]:
    """Yield an error if rows in the lake are of a part."""
    count = activities.rows.count({node.code}, Query(), _COUNTED)
    if count:
        yield Finding("node-has-rows", "error", fields={"node": str(node), "count": f"{count:,}"})


nodes.add_guard(check_rows_of)
