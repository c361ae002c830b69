"""What a worksheet's XML says that its values do not: bounds, formulas, merges, errors."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from linyin.lake.xlsx_archive import Style, feed, xml_parser

__all__ = ["SheetScan", "column_letters", "scan_sheet"]

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
_LISTED = 10_000


@dataclass(slots=True)
class SheetScan:
    """Facts about one worksheet; rows and columns count from 1.

    Attributes
    ----------
    top, left, bottom, right
        Bounds of the cells that hold something; `bottom` 0 = none does.
    last_row
        Last row that the file mentions, also when empty.
    formulas
        Number of formulas with a stored result.
    uncached
        (row, column) of formulas without a stored result.
    errors
        (row, column) → text of cells that hold an Excel error.
    styled
        (row, column) → number format that changes the meaning of the number.
    merged
        (top, left, bottom, right) of merged cells.

    """

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0
    last_row: int = 0
    formulas: int = 0
    uncached: list[tuple[int, int]] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    styled: dict[tuple[int, int], Style] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Rows between the first and the last that hold something."""
        return self.bottom - self.top + 1 if self.bottom else 0

    @property
    def width(self) -> int:
        """Columns from the first of the sheet to the last that holds something."""
        return self.right


def scan_sheet(
    archive: zipfile.ZipFile, part: str, file: str, styles: Mapping[str, Style]
) -> SheetScan:
    """Stream one worksheet and note what a reader of values cannot see.

    Memory does not grow with empty rows or cells.

    Raises
    ------
    BadInput
        The part is missing, not XML, or holds a document type.

    """
    scanner = _Scanner(styles)
    parser = xml_parser(file, part)
    parser.StartElementHandler = scanner.start
    parser.CharacterDataHandler = scanner.text
    feed(archive, part, file, parser)
    scanner.close_cell()
    return scanner.scan


class _Scanner:
    """The state of one pass; every cell is closed when the next element of its rank begins."""

    def __init__(self, styles: Mapping[str, Style]) -> None:
        self.scan = SheetScan()
        self._styles = styles
        self._row = 0
        self._column = 0
        self._cell: dict[str, str] | None = None
        self._formula = False
        self._in_value = False
        self._value = ""
        self._locals: dict[str, str] = {}
        self._columns: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self.close_cell()
            self._cell = attributes
            self._formula = self._in_value = False
            self._value = ""
        elif name in ("v", "t"):
            self._in_value = True
        elif name == "f":
            self._formula = True
            self._in_value = False
        elif name == "row":
            self.close_cell()
            self._column = 0
            self._row = int(attributes.get("r", self._row + 1))
            self.scan.last_row = max(self.scan.last_row, self._row)
        else:
            self._in_value = False
            if name == "mergeCell":
                self._merge(attributes.get("ref", ""))

    def text(self, data: str) -> None:
        if self._in_value and len(self._value) < _LISTED:
            self._value += data.strip()

    def close_cell(self) -> None:
        cell = self._cell
        if cell is None:
            return
        self._cell = None
        reference = cell.get("r")
        self._column = self._index(reference) if reference else self._column + 1
        if not self._value and not self._formula:
            return
        kind = cell.get("t", "n")
        place = (self._row, self._column)
        scan = self.scan
        scan.top = scan.top or self._row
        scan.bottom = max(scan.bottom, self._row)
        scan.left = min(scan.left or self._column, self._column)
        scan.right = max(scan.right, self._column)
        if self._formula and (self._value or kind == "str"):
            scan.formulas += 1
        if not self._value:
            if kind != "str" and len(scan.uncached) < _LISTED:
                scan.uncached.append(place)
        elif kind == "e":
            if len(scan.errors) < _LISTED:
                scan.errors[place] = self._value
        elif kind == "n" and (style := self._styles.get(cell.get("s", ""))):
            scan.styled[place] = style

    def _index(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        index = self._columns.get(letters)
        if index is None:
            index = self._columns[letters] = column_index(letters)
        return index

    def _merge(self, reference: str) -> None:
        match = _RANGE.fullmatch(reference)
        if match and match[3] and len(self.scan.merged) < _LISTED:
            self.scan.merged.append(
                (int(match[2]), column_index(match[1]), int(match[4]), column_index(match[3]))
            )


def column_index(letters: str) -> int:
    """Return the number of a column: A is 1, Z 26, AA 27."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index


def column_letters(index: int) -> str:
    """Return the name of a column: 1 is A, 26 Z, 27 AA."""
    letters = ""
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
