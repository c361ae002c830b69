"""Rows to files: CSV and XLSX as people keep them, Parquet where there are very many."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path
from typing import Final, Protocol

from linyin.demo.rows import Row

__all__ = ["PARQUET_FROM", "write_csv", "write_rows"]

PARQUET_FROM: Final = 20
"""Scale from which activities are Parquet, which is quicker to write and read."""
_BATCH: Final = 20_000
_IN_EXCEL: Final = frozenset({"refrigerants"})
_NUMBERS: Final = frozenset({"quantity"})


class _Sink(Protocol):
    def __call__(self, rows: Sequence[Row]) -> None: ...


def write_rows(
    folder: Path, name: str, columns: Sequence[str], rows: Iterable[Row], *, scale: int
) -> int:
    """Write a table of activities as a stream.

    Parameters
    ----------
    folder : Path
    name : str
        The file's name without its ending, which follows from the scale.
    columns : sequence of str
    rows : iterable of Row
    scale : int

    Returns
    -------
    int
        How many rows were written.

    """
    if scale >= PARQUET_FROM:
        opened = _parquet(folder / f"{name}.parquet", columns)
    elif name in _IN_EXCEL and scale == 1:
        opened = _xlsx(folder / f"{name}.xlsx", name, columns)
    else:
        opened = _csv(folder / f"{name}.csv", columns)
    count = 0
    with opened as sink:
        for batch in batched(rows, _BATCH):
            sink(batch)
            count += len(batch)
    return count


def write_csv(path: Path, rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> None:
    """Write a small table; cells of other columns are left out."""
    with _csv(path, columns) as sink:
        sink([dict(row) for row in rows])


@contextmanager
def _csv(path: Path, columns: Sequence[str]) -> Iterator[_Sink]:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)

        def sink(rows: Sequence[Row]) -> None:
            writer.writerows([[row.get(column, "") for column in columns] for row in rows])

        yield sink


@contextmanager
def _xlsx(path: Path, sheet: str, columns: Sequence[str]) -> Iterator[_Sink]:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False})
    book.set_properties({"created": datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
    page = book.add_worksheet(sheet)
    page.write_row(0, 0, columns)
    page.freeze_panes(1, 0)
    position = 1

    def sink(rows: Sequence[Row]) -> None:
        nonlocal position
        for row in rows:
            for at, column in enumerate(columns):
                cell = row.get(column, "")
                if cell:
                    page.write(position, at, float(cell) if column in _NUMBERS else cell)
            position += 1

    try:
        yield sink
    finally:
        book.close()


@contextmanager
def _parquet(path: Path, columns: Sequence[str]) -> Iterator[_Sink]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = [pa.float64() if column in _NUMBERS else pa.string() for column in columns]
    schema = pa.schema(list(zip(columns, types, strict=True)))
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:

        def sink(rows: Sequence[Row]) -> None:
            arrays = [
                pa.array([float(row[column]) for row in rows])
                if column in _NUMBERS
                else pa.array([row.get(column, "") for row in rows], pa.string())
                for column in columns
            ]
            writer.write_table(pa.table(arrays, schema=schema))

        yield sink
