"""Data tables, with what surrounds them: sorting, pages, filters, what is shown when empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from linyin.platform.parts.base import Part
from linyin.platform.parts.cells import Button, Nothing
from linyin.platform.parts.notices import Empty

__all__ = ["Column", "Filter", "Filters", "Pager", "Row", "Table"]

type Cell = str | Part | None
_BESIDE_ON_A_PHONE: Final = 3
_MANY_COLUMNS: Final = 8


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    label, unit
        What its head says.
    is_number
        Right-aligned, tabular figures.
    sort_href
        Where its head leads to sort by it; empty = it can't be sorted.
    sorted
        How the rows are sorted by it now.
    is_wide
        Long text: it may wrap.
    is_whole
        Its values are short and not broken: dates, codes.
    is_brief
        A word or a few: there may be little room for them.
    is_minor
        Left out on a phone, unless rows are cards there.

    """

    label: str
    unit: str = ""
    is_number: bool = False
    sort_href: str = ""
    sorted: Literal["", "ascending", "descending"] = ""
    is_wide: bool = False
    is_whole: bool = False
    is_brief: bool = False
    is_minor: bool = False

    @property
    def classes(self) -> str:
        """Return the classes of its cells."""
        named = {
            "num": self.is_number,
            "wide": self.is_wide,
            "whole": self.is_whole,
            "brief": self.is_brief,
            "minor": self.is_minor,
        }
        return " ".join(name for name, holds in named.items() if holds)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells in the order of the columns, where it opens, and its tone if it has one."""

    cells: Sequence[Cell]
    href: str = ""
    tone: Literal["", "good", "warning", "bad", "question", "total"] = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Pager:
    """The way on through many rows, by key: there is a next and a previous page, no page 7.

    Attributes
    ----------
    shown
        Which rows are shown, as printed: "1 – 50".
    total
        How many there are, as printed; empty = not counted.

    """

    shown: str
    total: str = ""
    previous: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Table(Part):
    """Rows under columns.

    Attributes
    ----------
    caption
        What the table holds; read to those who do not see it.
    empty
        What is shown where there are no rows.
    error
        Why the rows could not be read; shown instead of them.
    is_loading
        The rows are on their way.
    is_dense
        Less air, for long tables.

    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    pager: Pager | None = None
    empty: Empty | None = None
    error: str = ""
    is_loading: bool = False
    is_dense: bool = False
    id: str = ""

    template = "table"

    @property
    def is_carded(self) -> bool:
        """Whether a phone, too narrow for its columns, shows each row as a card."""
        return sum(not column.is_minor for column in self.columns) > _BESIDE_ON_A_PHONE

    @property
    def sortable(self) -> list[Column]:
        """The columns that the rows can be ordered by."""
        return [column for column in self.columns if column.sort_href]

    @property
    def sorts_on_a_phone(self) -> bool:
        """Whether a phone, whose cards have no heads to press, has a menu to order them by."""
        return self.is_carded and bool(self.sortable)

    @property
    def has_many_columns(self) -> bool:
        """Whether there is little room between columns."""
        return len(self.columns) > _MANY_COLUMNS

    @property
    def body(self) -> list[tuple[Row, list[tuple[Column, str | Part]]]]:
        """Pair every cell with its column; a cell without a value is a dash."""
        return [
            (
                row,
                [
                    (column, Nothing() if cell in (None, "") else cell)
                    for column, cell in zip(self.columns, row.cells, strict=True)
                ],
            )
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing to filter by: a choice of (value, label), or a text if there are no choices."""

    name: str
    label: str
    value: str = ""
    choices: Sequence[tuple[str, str]] = ()
    type: Literal["text", "date", "month", "number"] = "text"


@dataclass(frozen=True, slots=True)
class Filters(Part):
    """The bar above a table: a search field, filters, what is chosen.

    Attributes
    ----------
    query
        What is searched for; None = no search field.
    chosen
        What is filtered by now, as (label, address without it).
    kept
        Fields of the address that are sent along: node, year, run, sort.
    target
        Id of the element that the answer replaces; empty = the page.

    """

    filters: Sequence[Filter]
    query: str | None = ""
    chosen: Sequence[tuple[str, str]] = ()
    clear_href: str = ""
    kept: Sequence[tuple[str, str]] = ()
    buttons: Sequence[Button] = ()
    target: str = ""

    template = "filters"
