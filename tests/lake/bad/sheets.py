"""Sheets and schemas in memory."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from linyin.lake.schemas import Column, ColumnType, Schema
from linyin.lake.sheets import Sheet


def column(name: str, kind: ColumnType = "text", **settings: object) -> Column:
    """A column without rules but those given."""
    plain = Column(
        name,
        kind,
        "",
        False,
        "",
        (),
        None,
        None,
        False,
        False,
        "",
        "stable",
        {"en": "", "zh": ""},
        (),
    )
    return replace(plain, **settings)


def schema(*columns: Column) -> Schema:
    """A schema of these columns."""
    return Schema("test", "table", columns)


def sheet(header: str, *rows: str, first_row: int = 2) -> Sheet:
    """A sheet of text cells written as `a|b|c`."""
    names = header.split("|")
    cells = [row.split("|") for row in rows]
    columns = [pa.array([row[i] for row in cells], pa.string()) for i in range(len(names))]
    numbers = pa.array(range(first_row, first_row + len(rows)), pa.int64())
    return Sheet("a.csv", "", tuple(names), tuple(columns), numbers)
