"""The wrong rows of an import as fields of its page: each cell with what is wrong beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from linyin.inventory.web.imports.wrong import told_of_rows
from linyin.platform.looking import told_in_place

if TYPE_CHECKING:
    from django.http import QueryDict

    from linyin.inventory.web.models import Import
    from linyin.lake import Finding

__all__ = ["MENDED_AT_ONCE", "WrongCell", "WrongRow", "rows_to_mend", "stated_rows"]

MENDED_AT_ONCE: Final = 25
_LONGEST_CELL: Final = 1000


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell of a wrong row: its field, its header, its text, what is wrong with it."""

    name: str
    header: str
    text: str
    errors: Sequence[str]


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A wrong row: where it stands, its cells, what is wrong with it as a whole."""

    sheet: str
    row: int
    leave: str
    cells: Sequence[WrongCell]
    errors: Sequence[str]

    @property
    def place(self) -> dict[str, Any]:
        """Where it stands, as an action is told of it."""
        return {"sheet": self.sheet, "row": self.row}


def rows_to_mend(record: Import, kept: Sequence[Mapping[str, Any]]) -> list[WrongRow]:
    """Return the first wrong rows of the last check, with the cells that are mapped."""
    named = dict.fromkeys(str(header["header"]) for header in record.headers)
    headers = [header for header in named if record.mapping.get(header)]
    return [
        _row(number, row, found, headers)
        for number, (row, found) in enumerate(told_of_rows(record, kept[:MENDED_AT_ONCE]))
    ]


def stated_rows(sent: QueryDict, rows: Iterable[WrongRow]) -> list[dict[str, Any]]:
    """Return what somebody has mended: of a row the cells that differ, or that it is left out."""
    stated: list[dict[str, Any]] = []
    for row in rows:
        if row.leave in sent:
            stated.append({**row.place, "left_out": True})
            continue
        cells = {
            cell.header: text
            for cell in row.cells
            if (text := sent.get(cell.name, cell.text).strip()[:_LONGEST_CELL]) != cell.text
        }
        if cells:
            stated.append({**row.place, "cells": cells})
    return stated


def _row(
    number: int, kept: Mapping[str, Any], errors: Sequence[Finding], headers: Sequence[str]
) -> WrongRow:
    shown = [header for header in headers if header in kept["cells"]]
    cells = [
        WrongCell(
            f"cell-{number}-{place}",
            header,
            _text(kept["cells"][header]),
            [told_in_place(f) for f in errors if f.at.column == header],
        )
        for place, header in enumerate(shown)
    ]
    whole = [told_in_place(f) for f in errors if f.at.column not in shown]
    return WrongRow(kept["sheet"], kept["row"], f"leave-{number}", cells, whole)


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)
