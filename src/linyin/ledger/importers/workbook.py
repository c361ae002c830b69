"""Workbooks as grids of cells that know their merged ranges."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linyin.ledger.importers.imported import FactorImportError

if TYPE_CHECKING:
    from pathlib import Path

    from linyin.lake import Value

MAX_UNPACKED_BYTES = 400_000_000
MAX_ROWS = 100_000
MAX_COLUMNS = 1_000
MAX_MERGED_CELLS = 1_000_000
READER_PANIC = "PanicException"
"""What the reader's own faults are called; they are no `Exception`."""
_CHUNK = 1 << 20
_OVERLAP = 64
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([^"'<>]{0,40})""")
_PLACE = re.compile(r"([A-Z]{0,3})([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet; rows and columns count from 0, as in ``cells[row][column]``."""

    file: str
    name: str
    cells: list[list[Any]]
    owners: dict[tuple[int, int], tuple[int, int]]

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.cells)

    def width(self, row: int) -> int:
        """Count the cells of a row."""
        return len(self.cells[row])

    def at(self, row: int, column: int) -> Any:
        """Value of a cell; '' outside the grid."""
        if 0 <= row < self.height and 0 <= column < self.width(row):
            return self.cells[row][column]
        return ""

    def text(self, row: int, column: int) -> str:
        """Return a cell's text with its white space made single."""
        return " ".join(str(self.at(row, column)).split())

    def inherited(self, row: int, column: int) -> str:
        """Text of a cell, or of the merged cell that covers it."""
        own = self.text(row, column)
        return own or self.text(*self.owners.get((row, column), (row, column)))

    def error(self, row: int, column: int, code: str, **fields: Value) -> FactorImportError:
        """Make an error that names this sheet and the cell."""
        cell = cell_name(row, column)
        return FactorImportError(self.file, code, sheet=self.name, cell=cell, fields=fields)


def cell_name(row: int, column: int) -> str:
    """Spreadsheet name of a cell: (0, 0) is A1."""
    letters = ""
    left = column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row + 1}"


def open_workbook(path: Path) -> dict[str, Sheet]:
    """Read all sheets of an XLSX file.

    Raises
    ------
    FactorImportError
        If the file is no XLSX workbook, or unpacks to more than this program will hold.

    """
    from python_calamine import CalamineError, CalamineWorkbook

    _refuse_bombs(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        return {name: _sheet(path.name, name, book) for name in book.sheet_names}
    except FactorImportError:
        raise
    except (CalamineError, OSError, ValueError) as problem:
        raise _unread(path, "factors-file-xlsx-unread", problem) from problem
    except BaseException as problem:
        if type(problem).__name__ != READER_PANIC:
            raise
        raise _unread(path, "factors-file-xlsx-breaks", problem) from problem


def _unread(path: Path, code: str, problem: BaseException) -> FactorImportError:
    return FactorImportError(path.name, code, fields={"problem": str(problem)})


def _sheet(file: str, name: str, book: Any) -> Sheet:
    source = book.get_sheet_by_name(name)
    ranges = source.merged_cell_ranges or ()
    merged = sum((last[0] - first[0] + 1) * (last[1] - first[1] + 1) for first, last in ranges)
    if merged > MAX_MERGED_CELLS:
        counts = {"cells": merged, "most": MAX_MERGED_CELLS}
        raise FactorImportError(file, "factors-file-merged", sheet=name, fields=counts)
    owners = {
        (row, column): first
        for first, last in ranges
        for row in range(first[0], last[0] + 1)
        for column in range(first[1], last[1] + 1)
    }
    return Sheet(file, name, source.to_python(skip_empty_area=False), owners)


def _refuse_bombs(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > MAX_UNPACKED_BYTES:
                sizes = {"bytes": unpacked, "most": MAX_UNPACKED_BYTES}
                raise FactorImportError(path.name, "factors-file-unpacks", fields=sizes)
            for entry in archive.infolist():
                _refuse_far_cells(path.name, archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as problem:
        raise _unread(path, "factors-file-xlsx", problem) from problem


def _refuse_far_cells(file: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse a cell so far out that the grid up to it would not fit in memory."""
    with archive.open(entry) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            for found in _REFERENCE.finditer(tail + chunk):
                text = found[1].decode("ascii", errors="replace")
                if not _is_near(text):
                    raise FactorImportError(
                        file,
                        "factors-file-far",
                        sheet=entry.filename,
                        cell=text,
                        fields={"rows": MAX_ROWS, "columns": MAX_COLUMNS},
                    )
            tail = chunk[-_OVERLAP:]


def _is_near(text: str) -> bool:
    place = _PLACE.fullmatch(text)
    if place is None:
        return False
    return int(place[2]) <= MAX_ROWS and _column_number(place[1]) <= MAX_COLUMNS


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
