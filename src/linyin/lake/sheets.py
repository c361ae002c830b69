"""A table as somebody wrote it: a header, cells, and where each row stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from linyin.lake.characters import without_zero_width
from linyin.lake.findings import Finding, Where

__all__ = ["EXCEL_ERRORS", "Sheet", "header_key", "pick_header", "sheet_from_arrow"]

EXCEL_ERRORS = frozenset(
    {
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#N/A",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
    }
)
_HEADER_SEARCH = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of one file, cells not yet checked against a schema.

    Attributes
    ----------
    file, sheet
        Names as the user knows them; `sheet` is '' where files have none (CSV, Parquet).
    header
        Column names as written, trimmed; may repeat or be empty.
    columns
        One Arrow array a column, all of one length n: trimmed strings, or typed (Parquet).
    rows
        int64, shape (n,): the row of each record, as a spreadsheet numbers it.
    header_row
        Row of the header; 0 where the file has none (Parquet).
    delimiter
        Of a CSV file, else ''. Where it is ';' a comma may be a decimal sign.
    dates
        By column index a boolean array, shape (n,): the cell was a date cell of a workbook.
    findings
        What the reader found in these cells.

    """

    file: str
    sheet: str
    header: tuple[str, ...]
    columns: tuple[pa.Array | pa.ChunkedArray, ...]
    rows: pa.Array
    header_row: int = 1
    delimiter: str = ""
    dates: Mapping[int, pa.Array] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def where(self, row: int | None = None, column: str = "") -> Where:
        """Return a place in this sheet."""
        return Where(self.file, self.sheet, row, column)


def header_key(name: str) -> str:
    """Return the form in which two spellings of one header or code are equal.

    Width, case, characters without width, and the choice of space, hyphen or underscore do not
    matter.
    """
    return "_".join(
        unicodedata.normalize("NFKC", without_zero_width(name))
        .casefold()
        .replace("-", " ")
        .replace("_", " ")
        .split()
    )


def pick_header(records: Sequence[tuple[int, Sequence[str]]], hint: Collection[str]) -> int | None:
    """Return the index in `records` of the header.

    Parameters
    ----------
    records
        (row, cells) of the first records of a sheet.
    hint
        Keys (`header_key`) of the columns that a schema knows. With a hint the record of the first
        twenty with the most known names is the header (titles may stand above it), without one
        the first.

    Returns
    -------
    int or None
        None where every record is empty or a comment.

    """
    candidates = [
        (i, cells)
        for i, (_, cells) in enumerate(records)
        if any(cells) and not is_comment(cells[0])
    ][:_HEADER_SEARCH]
    if not candidates:
        return None

    def known(candidate: tuple[int, Sequence[str]]) -> int:
        return sum(header_key(cell) in hint for cell in candidate[1] if cell)

    best = max(candidates, key=known)
    return best[0] if known(best) else candidates[0][0]


def is_comment(cell: str) -> bool:
    """Say whether a row that begins with this cell is a comment."""
    return cell.startswith("#") and cell.upper() not in EXCEL_ERRORS


def filled_rows(columns: Sequence[pa.Array | pa.ChunkedArray], length: int) -> pa.Array:
    """Return a boolean array, shape (length,): the row has text somewhere and is no comment."""
    if not columns:
        return pa.repeat(pa.scalar(value=False), length)
    filled = pa.repeat(pa.scalar(value=False), length)
    for column in columns:
        filled = pc.or_(filled, pc.greater(pc.binary_length(column), 0))
    first = columns[0]
    comment = pc.starts_with(first, "#")
    if pc.any(comment).as_py():
        errors = pa.array(sorted(EXCEL_ERRORS), pa.string())
        comment = pc.and_not(comment, pc.is_in(pc.utf8_upper(first), value_set=errors))
        filled = pc.and_not(filled, comment)
    return filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled


def sheet_from_arrow(table: pa.Table, file: str, sheet: str = "") -> Sheet:
    """Return an Arrow table (a Parquet file, a frame) as a sheet; its rows count from 1.

    Dictionary-encoded columns are decoded; types stay as they are.
    """
    columns = tuple(
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in table.columns
    )
    return Sheet(
        file,
        sheet,
        tuple(table.column_names),
        columns,
        pa.arange(1, table.num_rows + 1),
        header_row=0,
    )
