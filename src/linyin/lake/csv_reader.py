"""CSV files: encoding and delimiter found, rows numbered as a spreadsheet shows them."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from operator import itemgetter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from linyin.lake.encoding import to_utf8
from linyin.lake.findings import BadInput, Finding, Where
from linyin.lake.limits import Limits
from linyin.lake.sheets import Sheet, filled_rows, is_comment, pick_header

__all__ = ["read_csv"]

_DELIMITERS = ",;\t"
_HEAD_ROWS = 200
_BLOCK = 8 << 20
_NEWS_OF_EMPTY_ROWS = 1_000


def read_csv(path: Path, hint: Collection[str], limits: Limits) -> list[Sheet]:
    """Read a CSV file into one sheet of text cells.

    Comment rows (first cell begins with `#`) and empty rows are left out; `Sheet.rows` counts them.

    Raises
    ------
    BadInput
        The text is not UTF-8 or GB18030, has no header or is larger than the limits.

    """
    file = path.name
    data = to_utf8(path.read_bytes(), file)
    delimiter = _delimiter(data)
    header, header_row = _header(data, delimiter, hint, file)
    if len(header) > limits.columns:
        fields = {"found": len(header), "limit": limits.columns}
        raise BadInput([Finding("too-many-columns", "error", Where(file), fields)])
    findings = list(_unclosed_quote(data, delimiter, file))
    columns, rows, ragged, odd_count = _parse(
        data, file, delimiter, len(header), header_row, limits.findings
    )
    if len(rows) > limits.rows:
        fields = {"found": len(rows), "limit": limits.rows}
        raise BadInput([Finding("too-many-rows", "error", Where(file), fields)])
    findings += [
        Finding("row-ragged", "error", Where(file, row=row), {"found": n, "expected": len(header)})
        for row, n in ragged
    ]
    if odd_count > len(ragged):
        fields = {"count": odd_count - len(ragged)}
        findings.append(Finding("more-findings", "error", Where(file), fields))
    below = pc.greater(rows, header_row)
    keep = pc.and_(filled_rows(columns, len(rows)), below)
    empty = (pc.sum(below).as_py() or 0) - (pc.sum(keep).as_py() or 0)
    if empty >= _NEWS_OF_EMPTY_ROWS:
        findings.append(Finding("rows-empty", "warning", Where(file), {"count": empty}))
    return [
        Sheet(
            file,
            "",
            header,
            tuple(column.filter(keep) for column in columns),
            rows.filter(keep),
            header_row,
            delimiter,
            findings=tuple(findings),
        )
    ]


def _records(data: bytes, delimiter: str) -> Iterator[list[str]]:
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    csv.field_size_limit(1 << 30)
    for record in csv.reader(text, delimiter=delimiter):
        yield [cell.strip() for cell in record]


def _delimiter(data: bytes) -> str:
    """Return the delimiter that divides the first row that is neither empty nor a comment."""
    head = data[: 1 << 20].decode("utf-8", errors="ignore")
    for line in head.splitlines():
        if line.strip(" \t,;") and not line.lstrip('"').startswith("#"):
            bare = "".join(line.split('"')[::2])
            return max(_DELIMITERS, key=bare.count)
    return ","


def _header(
    data: bytes, delimiter: str, hint: Collection[str], file: str
) -> tuple[tuple[str, ...], int]:
    head: list[tuple[int, list[str]]] = []
    for i, cells in enumerate(_records(data, delimiter), 1):
        if any(cells) and not is_comment(cells[0]):
            head.append((i, cells))
        if len(head) >= _HEAD_ROWS:
            break
    chosen = pick_header(head, hint)
    if chosen is None:
        raise BadInput([Finding("file-empty", "error", Where(file))])
    row, cells = head[chosen]
    return tuple(cells), row


def _parse(
    data: bytes, file: str, delimiter: str, width: int, header_row: int, listed: int
) -> tuple[list[pa.ChunkedArray], pa.Array, list[tuple[int, int]], int]:
    """Return the cells, the row of each record, the rows of another width, and their number."""
    skipped: list[int] = []
    ragged: list[tuple[int, int]] = []
    odd = 0

    def other_width(row: pa.csv.InvalidRow) -> str:
        nonlocal odd
        skipped.append(row.number)
        text = row.text.strip().lstrip('"')
        if (
            row.number > header_row
            and text.strip(_DELIMITERS)
            and not is_comment(text.split(delimiter)[0])
        ):
            odd += 1
            if len(ragged) < listed:
                ragged.append((row.number, row.actual_columns))
        return "skip"

    names = [str(i) for i in range(width)]
    try:
        table = pa.csv.read_csv(
            pa.BufferReader(data),
            read_options=pa.csv.ReadOptions(
                use_threads=False, column_names=names, block_size=_BLOCK
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=other_width,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise BadInput(
            [Finding("file-broken", "error", Where(file), {"kind": "CSV", "detail": str(error)})]
        ) from error
    numbers = np.ones(table.num_rows + len(skipped) + 1, dtype=bool)
    numbers[0] = False
    numbers[skipped] = False
    rows = pa.array(np.flatnonzero(numbers), pa.int64())
    return [pc.utf8_trim_whitespace(column) for column in table.columns], rows, ragged, odd


def _unclosed_quote(data: bytes, delimiter: str, file: str) -> Iterator[Finding]:
    """Find the quote that is never closed, so that it swallows all rows after it."""
    if data.count(b'"') % 2 == 0:
        return
    row, last = max(enumerate(_records(data, delimiter), 1), key=itemgetter(0))
    if any("\n" in cell for cell in last):
        yield Finding("quote-open", "error", Where(file, row=row))
