"""Tables of a report as typed cells: PDF prints them, XLSX writes their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from linyin.inventory.report.model import Lang, ReportModel, Scope2Method
from linyin.inventory.report.numbers import MassFormat, choose_mass_format
from linyin.inventory.report.texts import Texts

__all__ = ["Cell", "Column", "Context", "Kind", "Row", "Stack", "Status", "Table"]

type Kind = Literal["text", "mass", "share", "percent", "number", "quantity", "score", "year"]
type Tone = Literal["good", "bad", "neutral", "error", "warning", "question"]


@dataclass(frozen=True, slots=True)
class Status:
    """A word with a meaning that colour repeats."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Stack:
    """A main line with smaller lines below it."""

    main: str
    below: tuple[str, ...] = ()


type Cell = str | int | float | Fraction | Status | Stack | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column and how its cells read.

    `mass` cells are mg, `share` cells fractions of one, `percent` cells per hundred, `number`
    cells integers, `quantity` cells numbers in the unit that the title names, `score` cells
    scores, `year` cells years. `weight` shares out the width that is left; 0 = as wide as needed.
    """

    title: str
    kind: Kind = "text"
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """Cells, one a column, and the row's part in the table."""

    cells: tuple[Cell, ...]
    style: Literal["plain", "total", "group"] = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption and a note below it."""

    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    note: str = ""
    empty: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"{self.caption}: {len(row.cells)} cells, {self.columns} columns")


@dataclass(frozen=True, slots=True)
class Context:
    """What every part of a report needs: the data, the words, the unit of mass."""

    model: ReportModel
    texts: Texts
    mass: MassFormat
    method: Scope2Method = field(default="location")

    @classmethod
    def of(cls, model: ReportModel, lang: Lang) -> Context:
        """Choose the unit by the larger of both totals and speak `lang`."""
        from linyin.inventory.report.figures import total_mg
        from linyin.inventory.report.model import SCOPE2_METHODS

        largest = max(abs(total_mg(model, method)) for method in SCOPE2_METHODS)
        return cls(model, Texts(lang), choose_mass_format(largest))

    @property
    def unit(self) -> str:
        """Unit of the report's masses, with CO₂e."""
        return f"{self.mass.unit} CO₂e"

    def place(self, code: str) -> str:
        """Name of a place, or its code where it has none."""
        from linyin.ledger import place_names

        return place_names(self.texts.lang).get(code, code)

    def line(self, code: str) -> str:
        """Name of an inventory line."""
        return self.texts.known("line", code)
