"""XLSX workbooks: one sheet of text cells for every visible worksheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from linyin.lake.findings import BadInput, Finding, Where
from linyin.lake.limits import Limits
from linyin.lake.sheets import Sheet, filled_rows, pick_header
from linyin.lake.xlsx_archive import Part, open_archive, read_workbook
from linyin.lake.xlsx_scan import SheetScan, column_letters, scan_sheet

__all__ = ["read_xlsx"]

type Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta

_BATCH = 20_000
_NEWS_OF_EMPTY_ROWS = 1_000


def read_xlsx(path: Path, hint: Collection[str], limits: Limits) -> list[Sheet]:
    """Read the visible worksheets of a workbook, each into one sheet of text cells.

    Numbers are written with 15 significant digits, as Excel shows and keeps them; date cells as
    `2023-05-31`, or `2023-05` where the format shows no day; percent cells as `5%`. Worksheets
    named `#…` are notes and left out, hidden ones with a warning.

    Raises
    ------
    BadInput
        The file is no workbook, is broken, or is larger than the limits. What is wrong with
        single cells (merged, a formula without a stored result, an Excel error) is in
        `Sheet.findings`.

    """
    file = path.name
    with open_archive(path, limits) as archive:
        workbook = read_workbook(archive, file)
        parts = [part for part in workbook.parts if not part.name.startswith("#")]
        scans = {
            part.name: scan_sheet(archive, part.path, file, workbook.styles)
            for part in parts
            if not part.hidden
        }
    oversized = [f for part in parts for f in _oversized(file, part, scans.get(part.name), limits)]
    if oversized:
        raise BadInput(oversized)
    hidden = tuple(
        Finding("sheet-hidden", "warning", Where(file, part.name)) for part in parts if part.hidden
    )
    stale = tuple(
        Finding("formula-stale", "warning", Where(file, name), {"count": scan.formulas})
        for name, scan in scans.items()
        if workbook.recalculate and scan.formulas
    )
    sheets = list(_sheets(path, scans, hint, limits))
    if not sheets:
        raise BadInput([Finding("file-empty", "error", Where(file)), *hidden])
    sheets[0] = replace(sheets[0], findings=sheets[0].findings + hidden + stale)
    return sheets


def _oversized(file: str, part: Part, scan: SheetScan | None, limits: Limits) -> Iterator[Finding]:
    if scan is None:
        return
    at = Where(file, part.name)
    for code, found, limit in (
        ("too-many-rows", scan.bottom, limits.rows),
        ("too-many-columns", scan.right, limits.columns),
        ("too-many-cells", scan.bottom * scan.right, limits.sheet_cells),
    ):
        if found > limit:
            yield Finding(code, "error", at, {"found": found, "limit": limit})


def _sheets(
    path: Path, scans: dict[str, SheetScan], hint: Collection[str], limits: Limits
) -> Iterator[Sheet]:
    try:
        workbook = CalamineWorkbook.from_path(path)
        for name, scan in scans.items():
            if scan.bottom:
                reader = workbook.get_sheet_by_name(name)
                sheet = _sheet(path.name, name, reader, scan, hint, limits)
                if sheet is not None:
                    yield sheet
    except (CalamineError, OSError) as error:
        fields = {"kind": "XLSX", "detail": str(error)}
        raise BadInput([Finding("file-broken", "error", Where(path.name), fields)]) from error


def _sheet(
    file: str,
    name: str,
    reader: CalamineSheet,
    scan: SheetScan,
    hint: Collection[str],
    limits: Limits,
) -> Sheet | None:
    columns, dates = _columns(reader, scan)
    length = len(columns[0])
    head = [
        (i + 1, tuple(str(column[i].as_py()) for column in columns))
        for i in pc.indices_nonzero(filled_rows(columns, length)).slice(0, 200).to_pylist()
    ]
    chosen = pick_header(head, hint)
    if chosen is None:
        return None
    header_row, header = head[chosen]
    rows = pa.arange(1, length + 1)
    keep = pc.and_(filled_rows(columns, length), pc.greater(rows, header_row))
    findings = [*_cell_findings(file, name, scan, header, header_row, limits.findings)]
    empty = scan.last_row - header_row - (pc.sum(keep).as_py() or 0)
    if empty >= _NEWS_OF_EMPTY_ROWS:
        at = Where(file, name, row=scan.bottom + 1)
        findings.append(Finding("rows-empty", "warning", at, {"count": empty}))
    return Sheet(
        file,
        name,
        header,
        tuple(column.filter(keep) for column in columns),
        rows.filter(keep),
        header_row,
        dates={i: mask.filter(keep) for i, mask in dates.items()},
        findings=tuple(findings),
    )


def _columns(
    reader: CalamineSheet, scan: SheetScan
) -> tuple[list[pa.ChunkedArray], dict[int, pa.Array]]:
    """Return the text of every cell from A1 on, and by column index where date cells are.

    Calamine yields the empty rows above the first cell, but not the empty columns before it.
    """
    left = reader.start[1] if reader.start else 0
    width = max(scan.right, left + reader.width)
    special = _special_cells(scan)
    texts: list[list[pa.Array]] = [[] for _ in range(width)]
    dated: list[list[int]] = [[] for _ in range(width)]
    rows = reader.iter_rows()
    done = 0
    while batch := list(islice(rows, _BATCH)):
        for index in range(width):
            inside = left <= index < left + reader.width
            cells: list[Cell] = (
                [row[index - left] for row in batch] if inside else [""] * len(batch)
            )
            dated[index] += [done + i for i, c in enumerate(cells) if isinstance(c, dt.date)]
            written = [c if type(c) is str else _text(c) for c in cells]
            for row, kind in special.get((index, done // _BATCH), []):
                written[row - done] = _special_text(cells[row - done], kind)
            texts[index].append(pc.utf8_trim_whitespace(pa.array(written, pa.string())))
        done += len(batch)
    columns = [pa.chunked_array(parts, pa.string()) for parts in texts]
    return columns, {i: _mask(places, done) for i, places in enumerate(dated) if places}


def _special_cells(scan: SheetScan) -> dict[tuple[int, int], list[tuple[int, str]]]:
    """Return by column and batch the rows, all from 0, that hold more than their value."""
    special: dict[tuple[int, int], list[tuple[int, str]]] = {}
    for (row, column), kind in (scan.styled | scan.errors).items():
        special.setdefault((column - 1, (row - 1) // _BATCH), []).append((row - 1, kind))
    return special


def _special_text(cell: Cell, kind: str) -> str:
    if kind == "percent" and isinstance(cell, int | float):
        return f"{cell * 100:.15g}%"
    if kind == "month" and isinstance(cell, dt.date) and cell.day == 1:
        return f"{cell:%Y-%m}"
    return kind if kind.startswith("#") else _text(cell)


def _mask(places: Sequence[int], length: int) -> pa.Array:
    mask = np.zeros(length, dtype=bool)
    mask[list(places)] = True
    return pa.array(mask)


def _cell_findings(
    file: str, name: str, scan: SheetScan, header: Sequence[str], header_row: int, limit: int
) -> Iterator[Finding]:
    def place(row: int, column: int) -> Where:
        title = header[column - 1] if column <= len(header) else ""
        return Where(file, name, row, title or column_letters(column))

    def below(row: int) -> bool:
        return row > header_row

    listed = [p for p in scan.uncached if below(p[0])]
    for row, column in listed[:limit]:
        yield Finding("formula-uncached", "error", place(row, column))
    if len(listed) > limit:
        fields = {"count": len(listed) - limit}
        yield Finding("more-findings", "error", Where(file, name), fields)
    for top, left, bottom, right in scan.merged[:limit]:
        if bottom >= header_row and left <= len(header) and top <= scan.bottom:
            cells = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
            yield Finding("cells-merged", "error", place(top, left), {"cells": cells, "to": bottom})


def _text(cell: Cell) -> str:
    """Write one cell as the text that a person would have typed."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 1e21:
            return str(int(cell))
        return format(cell, ".15g")
    if isinstance(cell, dt.datetime):
        if cell.time() == dt.time():
            return cell.date().isoformat()
        return cell.isoformat(" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)
