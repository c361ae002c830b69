"""Rows as a file: the one writer of CSV, XLSX and Parquet; text never becomes a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from linyin.platform.resources.columns import Column

__all__ = ["csv_lines", "unquoted", "write_parquet", "write_xlsx"]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_ROWS_OF_A_SHEET: Final = 1_048_575
_ROWS_OF_A_GROUP: Final = 10_000


def csv_lines(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file in UTF-8 with a byte order mark, for spreadsheets."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow([_text(row.get(column.name)) for column in columns])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def write_xlsx(path: Path, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write an XLSX file; a sheet is begun anew when it is full."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path),
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet, line = None, 0
    for row in rows:
        if sheet is None or line >= _ROWS_OF_A_SHEET:
            sheet, line = _sheet(book, columns, bold), 1
        for position, column in enumerate(columns):
            _put(sheet, line, position, row.get(column.name), day)
        line += 1
    if sheet is None:
        _sheet(book, columns, bold)
    book.close()


def write_parquet(path: Path, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a Parquet file; masses and decimals are exact, dates are dates."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    chunks = batched(rows, _ROWS_OF_A_GROUP)
    chunk = next(chunks, ())
    schema = pa.schema([(column.name, _arrow(column, chunk)) for column in columns])
    with pq.ParquetWriter(path, schema) as writer:
        while chunk:
            values = [[_exact(row.get(f.name), f.type) for row in chunk] for f in schema]
            arrays = [pa.array(v, f.type) for v, f in zip(values, schema, strict=True)]
            writer.write_table(pa.table(arrays, schema=schema))
            chunk = next(chunks, ())


def _arrow(column: Column, rows: Iterable[Mapping[str, Any]]) -> Any:
    """Return the Arrow type of a column; numbers are decimals where their source has decimals."""
    import pyarrow as pa

    match column.kind:
        case "mass":
            return pa.decimal128(38, 0)
        case "integer":
            return pa.int64()
        case "date":
            return pa.date32()
        case "time":
            return pa.timestamp("us", "UTC")
        case "flag":
            return pa.bool_()
        case "number":
            found = (row.get(column.name) for row in rows)
            is_float = isinstance(next((v for v in found if v is not None), None), float)
            return pa.float64() if is_float else pa.decimal128(38, 12)
    return pa.string()


def _exact(value: Any, kind: Any) -> Any:
    import pyarrow as pa

    if value is None:
        return None
    if pa.types.is_string(kind):
        return _stored(value)
    return Decimal(value) if pa.types.is_decimal(kind) and isinstance(value, int) else value


def _sheet(book: Any, columns: Sequence[Column], bold: Any) -> Any:
    sheet = book.add_worksheet()
    for position, column in enumerate(columns):
        sheet.write_string(0, position, column.name, bold)
    sheet.freeze_panes(1, 0)
    return sheet


def _put(sheet: Any, line: int, position: int, value: Any, day: Any) -> None:
    match value:
        case None | "":
            return
        case bool():
            sheet.write_boolean(line, position, value)
        case int() | float() | Decimal() if abs(Decimal(value)) < 10**15:
            sheet.write_number(line, position, value)
        case date() if not isinstance(value, datetime):
            sheet.write_datetime(line, position, value, day)
        case _:
            sheet.write_string(line, position, _stored(value))


def _stored(value: Any) -> str:
    """Return a value as text, a structure as JSON."""
    is_structure = isinstance(value, dict | list)
    return json.dumps(value, ensure_ascii=False) if is_structure else str(value)


def _text(value: Any) -> str:
    """Return a value as text; one that a spreadsheet would take for a formula gets a quote."""
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    text = value.isoformat() if isinstance(value, date) else _stored(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def unquoted(text: str) -> str:
    """Return a text as it was before it was written here."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text
