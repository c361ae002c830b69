"""Cells of validated rows as the types that the builders use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import cast

from linyin.lake import Finding, Severity, Value, Where
from linyin.organization.nodes import Control, Kind
from linyin.organization.periods import Period

__all__ = ["Cells", "Findings", "OrganizationRow"]


class Findings:
    """Findings as they are collected."""

    def __init__(self) -> None:
        self.all: list[Finding] = []

    def add(self, severity: Severity, code: str, at: Where, **fields: Value) -> None:
        """Add one."""
        self.all.append(Finding(code, severity, at, fields))


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a validated table: column to cell, with `_file`, `_sheet` and `_row`."""

    cells: Mapping[str, object]

    def text(self, column: str) -> str:
        """Return a text, '' when the cell is empty."""
        value = self.cells.get(column)
        return "" if value is None else str(value)

    def day(self, column: str) -> date | None:
        """Return a date, None when the cell is empty.

        Raises
        ------
        TypeError
            If the cell is no date: the rows were not validated.

        """
        value = self.cells.get(column)
        if value is None or type(value) is date:
            return value
        raise TypeError(f"column {column} holds {value!r}, not a date: validate the table first")

    def number(self, column: str) -> Fraction | None:
        """Return an exact number, None when the cell is empty; a float by its shortest digits.

        Raises
        ------
        TypeError
            If the cell is no number: the rows were not validated.

        """
        value = self.cells.get(column)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
            raise TypeError(f"column {column} holds {value!r}, not a number: validate first")
        return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)

    def where(self, column: str = "") -> Where:
        """Return the place of the row, or of one of its cells."""
        row = self.cells.get("_row")
        number = None if row is None else int(str(row))
        return Where(self.text("_file"), self.text("_sheet"), number, column)

    def span(self, begin: str, end: str, findings: Findings) -> Period | None:
        """Return the half-open span of two date columns, open where one is empty.

        Adds `organization-span-empty` and returns None when it has no day.
        """
        first, after = self.day(begin), self.day(end)
        if first and after and first >= after:
            fields = {"first": begin, "after": end}
            at = self.where(end)
            days = {"begin": first.isoformat(), "end": after.isoformat()}
            findings.add("error", "organization-span-empty", at, **fields, **days)
            return None
        return Period.between(first, after)


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """A row of organization.csv: one node, at most one owner, one span."""

    code: str
    kind: Kind
    name_en: str
    name_zh: str
    parent: str
    owner: str
    share: Fraction | None
    control: Control | None
    operator: str
    country: str
    place: str
    opened: date | None
    closed: date | None
    span: Period
    starts: bool = field(compare=False)
    source: Cells = field(compare=False)

    @classmethod
    def read(cls, cells: Cells, findings: Findings) -> OrganizationRow | None:
        """Return the row, or None with a finding when one of its spans has no day."""
        span = cells.span("from", "to", findings)
        existence = cells.span("opened", "closed", findings)
        if not span or not existence:
            return None
        percent = cells.number("ownership_pct")
        return cls(
            code=cells.text("code"),
            kind=cast(Kind, cells.text("kind")),
            name_en=cells.text("name_en"),
            name_zh=cells.text("name_zh"),
            parent=cells.text("parent"),
            owner=cells.text("owner"),
            share=None if percent is None else percent / 100,
            control=cast(Control, cells.text("control")) if cells.text("control") else None,
            operator=cells.text("operator"),
            country=cells.text("country"),
            place=cells.text("place"),
            opened=cells.day("opened"),
            closed=cells.day("closed"),
            span=span,
            starts=cells.day("from") is not None,
            source=cells,
        )

    def where(self, column: str = "") -> Where:
        """Return the place of the row, or of one of its cells."""
        return self.source.where(column)
