"""A section under construction: what it may use, its blocks so far, its number and title."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from linyin.inventory.report import blocks
from linyin.inventory.report.blocks import Block
from linyin.inventory.report.checklist import Answer
from linyin.inventory.report.drawings import Drawing
from linyin.inventory.report.tables import Context, Table

__all__ = ["ORDER", "Page", "number_of", "period_text", "section_title"]

ORDER = (
    "summary",
    "about",
    "boundary",
    "inventory",
    "scope2",
    "screening",
    "base_year",
    "uncertainty",
    "findings",
    "methods",
    "factors",
    "instruments",
    "checklist",
    "provenance",
)
ANNEX_FROM = 9


class Page:
    """A section under construction: what it may use, and its blocks so far."""

    def __init__(
        self, context: Context, charts: Mapping[str, tuple[Drawing, str]], answers: list[Answer]
    ) -> None:
        self.context, self.charts, self.answers = context, charts, answers
        self.blocks: list[Block] = []

    def add(self, *blocks_: Block) -> None:
        """Append blocks."""
        self.blocks += blocks_

    def sub(self, key: str) -> None:
        """Open a subsection."""
        self.add(blocks.heading(self.context.texts(key), 2))

    def table(self, content: Table) -> None:
        """Append a table."""
        self.add(blocks.table(self.context, content))

    def chart(self, key: str) -> None:
        """Append a chart where there was data for it."""
        if key in self.charts:
            self.add(blocks.chart(*self.charts[key]))


def period_text(context: Context) -> str:
    """First and last day of the period."""
    identity = context.model.identity
    last = identity.end - timedelta(days=1)
    return f"{identity.begin.isoformat()} – {last.isoformat()}"


def number_of(key: str) -> str:
    """Return the number of a section: figures, then letters for the annexes."""
    index = ORDER.index(key)
    return str(index + 1) if index < ANNEX_FROM else chr(ord("A") + index - ANNEX_FROM)


def section_title(context: Context, key: str) -> str:
    """Return number and title of a section."""
    return f"{number_of(key)}  {context.texts(f'section.{key}')}"
