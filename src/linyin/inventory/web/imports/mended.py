"""Cells that were mended on the page of an import: put over those of its file, which stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa

from linyin.lake import Sheet

__all__ = ["Mended", "put_mended"]

type Mended = Mapping[str, Mapping[str, Mapping[str, str] | None]]
"""Sheet → row → header → text; None = the row is left out."""


def put_mended(sheets: Iterable[Sheet], mended: Mended) -> list[Sheet]:
    """Return sheets with mended cells in the place of theirs, without the rows left out."""
    return [
        _mended(sheet, mended[sheet.sheet]) if mended.get(sheet.sheet) else sheet
        for sheet in sheets
    ]


def _mended(sheet: Sheet, changes: Mapping[str, Mapping[str, str] | None]) -> Sheet:
    rows = sheet.rows.to_pylist()
    places = {row: at for at, row in enumerate(rows) if str(row) in changes}
    columns, dates = [], dict(sheet.dates)
    for position, header in enumerate(sheet.header):
        texts = {
            at: cells[header] for row, at in places.items()
            if (cells := changes[str(row)]) is not None and header in cells
        }  # fmt: skip
        columns.append(_with(sheet.columns[position], texts) if texts else sheet.columns[position])
        if texts and position in dates:
            was = dates[position].to_pylist()
            dates[position] = pa.array(
                [is_date and at not in texts for at, is_date in enumerate(was)]
            )
    kept = pa.array([changes.get(str(row), {}) is not None for row in rows], pa.bool_())
    return replace(
        sheet,
        columns=tuple(column.filter(kept) for column in columns),
        rows=sheet.rows.filter(kept),
        dates={position: mask.filter(kept) for position, mask in dates.items()},
        findings=tuple(f for f in sheet.findings if not _is_over(f.at, changes)),
    )


def _is_over(at: Any, changes: Mapping[str, Mapping[str, str] | None]) -> bool:
    """Whether what the reader found in a cell is of one that was mended or left out."""
    if at.row is None or str(at.row) not in changes:
        return False
    cells = changes[str(at.row)]
    return cells is None or at.column in cells


def _with(column: Any, texts: Mapping[int, str]) -> Any:
    """Return a column with other texts at some places; '' is an empty cell."""
    written = column if pa.types.is_string(column.type) else column.cast(pa.string())
    cells = written.to_pylist()
    for at, text in texts.items():
        cells[at] = text or None
    return pa.array(cells, pa.string())
