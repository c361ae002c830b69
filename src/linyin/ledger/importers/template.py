"""Users' own factors in our template: factors.csv."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from linyin.lake import header_key, load_schema
from linyin.ledger.importers.imported import (
    FactorImportError,
    Imported,
    Row,
    Skipped,
    factor_row,
    file_sha256,
    schema_columns,
)
from linyin.ledger.importers.row_check import problems
from linyin.ledger.importers.text_files import read_csv
from linyin.ledger.importers.workbook import cell_name, open_workbook

if TYPE_CHECKING:
    from pathlib import Path

EMPTY = "left-out-empty"
COMMENT = "left-out-comment"
DEFAULTS = {"basis": "average", "place": "world", "status": "draft"}


def read(path: Path) -> Imported:
    """Read a table of the factors schema.

    Parameters
    ----------
    path : Path
        CSV in UTF-8 or GBK, or the first sheet of an XLSX file that holds something. Columns may
        stand in any order, under any header that a folder's factors.csv may have; lines that
        start with # are comments.

    Returns
    -------
    Imported
        One row a line; defaults of the schema filled in, and the file's own sha256 where
        evidence = file and none is stated.

    Raises
    ------
    FactorImportError
        At the first cell that does not fit the schema; it names the cell.

    """
    lines = _workbook(path) if path.suffix.lower() == ".xlsx" else read_csv(path)
    start = next((i for i, cells in enumerate(lines) if not _why_left_out(cells)), None)
    if start is None:
        raise FactorImportError(path.name, "factors-file-empty")
    header = [_column(cell.strip()) for cell in lines[start]]
    _check_header(path.name, header, start)
    sha256 = file_sha256(path)
    rows: dict[str, Row] = {}
    skipped: list[Skipped] = []
    for index, cells in enumerate(lines[start + 1 :], start=start + 1):
        why = _why_left_out(cells)
        if why:
            skipped.append(Skipped(f"row {index + 1}", ",".join(cells), why))
            continue
        row = _row(path.name, index, header, cells, sha256)
        if row["factor_id"] in rows:
            raise FactorImportError(
                path.name,
                "factors-file-twice",
                cell=cell_name(index, header.index("factor_id")),
                column="factor_id",
                fields={"value": row["factor_id"]},
            )
        rows[row["factor_id"]] = row
    return Imported(list(rows.values()), skipped)


def _workbook(path: Path) -> list[list[str]]:
    """Return the cells of the first sheet that holds any, as they would stand in a CSV file."""
    grids = (
        [[_text(cell) for cell in row] for row in s.cells] for s in open_workbook(path).values()
    )
    return next((grid for grid in grids if any(map(any, grid))), [])


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _column(header: str) -> str:
    """Return the name of the column that a header stands for; itself where there is none."""
    found = load_schema("ledger", "factors").headers.get(header_key(header))
    return found.name if found else header


def _why_left_out(cells: list[str]) -> str:
    if not any(cell.strip() for cell in cells):
        return EMPTY
    return COMMENT if cells[0].lstrip().startswith("#") else ""


def _check_header(file: str, header: list[str], index: int) -> None:
    known = [column.name for column in schema_columns()]
    for position, name in enumerate(header):
        if name not in known:
            raise FactorImportError(
                file,
                "factors-file-column",
                cell=cell_name(index, position),
                fields={"value": name, "expected": ", ".join(known)},
            )
        if name in header[:position]:
            raise FactorImportError(
                file,
                "factors-file-twice",
                cell=cell_name(index, position),
                fields={"value": name},
            )
    missing = [
        column.name
        for column in schema_columns()
        if column.required and column.name not in header and column.name not in DEFAULTS
    ]
    if missing:
        raise FactorImportError(
            file,
            "factors-file-columns-missing",
            cell=cell_name(index, 0),
            fields={"columns": ", ".join(missing)},
        )


def _row(file: str, index: int, header: list[str], cells: list[str], sha256: str) -> Row:
    if len(cells) > len(header):
        counts = {"found": len(cells), "expected": len(header)}
        place = cell_name(index, len(header))
        raise FactorImportError(file, "factors-file-cells", cell=place, fields=counts)
    stated = dict(zip(header, (cell.strip() for cell in cells), strict=False))
    row = factor_row(DEFAULTS | {name: text for name, text in stated.items() if text})
    if row["evidence"] == "file" and not row["evidence_sha256"]:
        row["evidence_sha256"] = sha256
    for column, problem in problems(row):
        position = header.index(column) if column in header else len(header)
        raise FactorImportError(
            file,
            problem.code,
            cell=cell_name(index, position),
            column=column,
            fields=problem.fields,
        )
    return row
