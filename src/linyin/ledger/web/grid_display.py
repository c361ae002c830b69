"""The grid as it is shown: cells, months and groups in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zlib import crc32

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from linyin.ledger.monthly import MonthlyRow, later_month
from linyin.ledger.tables import place_names
from linyin.ledger.web.called import unit_called
from linyin.ledger.web.grid_actions import blockers_of
from linyin.ledger.web.grid_cells import Cell, Grid, Month
from linyin.ledger.web.grid_drafts import Saved
from linyin.ledger.web.grid_markup import aside, box
from linyin.ledger.web.grid_models import SourceLine
from linyin.ledger.web.grid_months import month_name, month_short
from linyin.platform.findings import finding_text
from linyin.platform.numbers import number, percent
from linyin.platform.parts import Badge
from linyin.platform.words import Lang, lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["ShownCell", "ShownGrid", "ShownMonth", "amount", "blockers_told", "checksum",
           "told_of"]  # fmt: skip


def amount(value: float | None) -> str:
    """Return a quantity as it reads, '' if there is none."""
    return "" if value is None else number(value)


def checksum(text: str) -> str:
    """Return what tells a text that was changed from one that was not."""
    return f"{crc32(text.strip().encode()):08x}"


@dataclass(slots=True)
class ShownCell:
    """A cell as it is shown."""

    cell: Cell
    url: str
    may_type: bool
    is_chosen: bool = False
    takes_focus: bool = False
    told: str = ""

    @property
    def box(self) -> SafeString:
        """The cell of the table."""
        return box(self)

    @property
    def key(self) -> str:
        """Name of the cell."""
        return self.cell.key

    @property
    def name(self) -> str:
        """Name of its field: the cell, the content that it shows, the checksum of its text."""
        cell = self.cell
        return f"c.{cell.line.pk}.{cell.month:%Y-%m}.{cell.token}.{checksum(self.text)}"

    @property
    def is_none(self) -> bool:
        """Whether the source reports nothing in this month."""
        return self.cell.lock in ("inactive", "future")

    @property
    def is_open(self) -> bool:
        """Whether the reader may type into it."""
        return self.may_type and not self.cell.lock

    @property
    def text(self) -> str:
        """What stands in its field."""
        draft = self.cell.draft
        if draft and draft.text and draft.quantity is None:
            return draft.text
        abroad = self._abroad
        if abroad is not None:
            return f"{amount(abroad.quantity)} {unit_called(abroad.unit)}"
        return amount(self.cell.quantity)

    @property
    def classes(self) -> str:
        """Classes of its `td`."""
        cell = self.cell
        named = {
            "is-chosen": self.is_chosen,
            "is-empty": not cell.is_in,
            "is-typed": cell.draft is not None,
            "is-far": cell.is_far and cell.is_changed,
            "is-bad": cell.fault is not None or cell.note is not None,
            "is-estimated": cell.status == "estimated" and cell.is_in,
            "is-abroad": self._abroad is not None,
            "is-locked": bool(cell.lock),
        }
        return " ".join(name for name, holds in named.items() if holds)

    @property
    def before(self) -> str:
        """Quantity that it is compared with."""
        return amount(self.cell.compared)

    @property
    def before_label(self) -> str:
        """What that is."""
        return say("grid.previous" if self.cell.before is None else "grid.before")

    @property
    def change(self) -> str:
        """How far it deviates."""
        share = self.cell.deviation
        if share is None:
            return ""
        if share == float("inf"):
            return say("grid.from_zero")
        return percent(share, 0 if abs(share) >= 0.1 else 1, signed=True)

    @property
    def error(self) -> str:
        """What is wrong with what was typed."""
        return finding_text(self.cell.fault) if self.cell.fault else ""

    @property
    def asks(self) -> str:
        """What the cell asks for that can be given in its details."""
        need = self.cell.need
        return (
            say(f"grid.asks.{need}")
            if need in ("deviation", "revision", "answer", "evidence")
            else ""
        )

    @property
    def asks_long(self) -> str:
        """The same as a question."""
        need = self.cell.need
        return say(f"grid.asks_long.{need}") if self.asks else ""

    @property
    def before_year(self) -> str:
        """Quantity of the same month last year."""
        return amount(self.cell.before)

    @property
    def month_before(self) -> str:
        """Quantity of the month before."""
        return amount(self.cell.previous)

    @property
    def lock_reason(self) -> str:
        """Why nobody can type into it."""
        return say("grid.lock.several") if self.cell.lock == "several" else ""

    @property
    def unit_hint(self) -> str:
        """What to do where the ledger has another unit, for who may type over it."""
        if self._abroad is None or not self.is_open:
            return ""
        return say("grid.abroad", unit=self.cell.line.unit_called)

    @property
    def _abroad(self) -> MonthlyRow | None:
        """The row in another unit, if that is what the cell shows."""
        draft = self.cell.draft
        return None if draft and draft.text else self.cell.abroad


@dataclass(slots=True)
class ShownMonth:
    """A month of the grid as its head and its bar show it."""

    told: Month
    site: str
    actor: Actor
    language: Lang
    is_chosen: bool

    @property
    def key(self) -> str:
        """Name of the month."""
        return f"{self.told.month:%Y-%m}"

    @property
    def name(self) -> str:
        """Its name in words."""
        return month_name(self.told.month, self.language)

    @property
    def short(self) -> str:
        """Its name in a head."""
        return month_short(self.told.month, self.language)

    @property
    def badge(self) -> Badge:
        """Its state."""
        return Badge("month", self.told.state)

    @property
    def may_submit(self) -> bool:
        """Whether the reader may submit it now."""
        told = self.told
        return bool(told.cells) and told.is_open and self.actor.may("activities.edit", self.site)

    @property
    def may_approve(self) -> bool:
        """Whether the reader may approve it now."""
        record = self.told.record
        return (
            record is not None
            and record.state == "submitted"
            and self.actor.may("activities.approve", self.site)
            and record.submitted_by != self.actor.person
        )

    @property
    def may_reopen(self) -> bool:
        """Whether the reader may take it back."""
        record = self.told.record
        return (
            record is not None
            and not record.is_open
            and self.actor.may("activities.edit", self.site)
        )

    @property
    def needs(self) -> int:
        """How many cells still lack something beside a value."""
        return sum(cell.need not in ("", "value") for cell in self.told.cells)

    @property
    def missing(self) -> int:
        """How many sources have no value."""
        return self.told.of - self.told.count

    @property
    def before(self) -> date:
        """The month before."""
        return later_month(self.told.month, -1)

    @property
    def after(self) -> date:
        """The month after."""
        return later_month(self.told.month)

    @property
    def submit_url(self) -> str:
        """Where it is submitted."""
        return self._url("submit")

    @property
    def approve_url(self) -> str:
        """Where it is approved."""
        return self._url("approve")

    @property
    def reopen_url(self) -> str:
        """Where it is taken back."""
        return self._url("reopen")

    def _url(self, verb: str) -> str:
        return reverse("grid-month", args=[self.site, self.told.month, verb])


class ShownGrid:
    """A grid for a reader: which month is open, who may do what."""

    def __init__(self, grid: Grid, actor: Actor, chosen: date, *, focus: bool = False) -> None:
        self.grid, self.actor, self.chosen = grid, actor, chosen
        self.language = lang()
        self.may_type = actor.may("activities.edit", grid.site.code)
        self.may_approve = actor.may("activities.approve", grid.site.code)
        self._base = reverse("grid", args=[grid.site.code])
        self._focused = self._first_empty() if focus else None

    def _first_empty(self) -> str | None:
        cells = [cell for cell in self.grid.month(self.chosen).cells if not cell.lock]
        waiting = [c for c in cells if c.note is not None] or [c for c in cells if not c.is_in]
        return next((cell.key for cell in (*waiting, *cells)), None)

    @cached_property
    def months(self) -> list[ShownMonth]:
        """Return the months."""
        return [self.shown_month(month) for month in self.grid.all_months]

    @property
    def open_month(self) -> ShownMonth:
        """Return the month that is open."""
        return next(month for month in self.months if month.is_chosen)

    def shown_month(self, told: Month) -> ShownMonth:
        """Return a month as it is shown."""
        chosen = told.month == self.chosen
        return ShownMonth(told, self.grid.site.code, self.actor, self.language, chosen)

    @property
    def groups(self) -> Iterable[tuple[str, list[tuple[SourceLine, str, str, list[ShownCell]]]]]:
        """Yield source types with their lines: the line, its label, what tells it apart, cells."""
        labels = [line.label(self.language) for line in self.grid.lines]
        twice = {label for label in labels if labels.count(label) > 1}
        for kind, lines in groupby(self.grid.lines, lambda line: line.source_type):
            yield (
                say(f"lines.source_type.{kind}"),
                [
                    (line, label, self._hint(line, label in twice),
                     [self.shown(cell) for cell in self.grid.row(line)])
                    for line in lines
                    if (label := line.label(self.language)) is not None
                ],
            )  # fmt: skip

    def shown(self, cell: Cell) -> ShownCell:
        """Return a cell as it is shown."""
        url = f"{self._base}{cell.month:%Y-%m}/{cell.line.pk}/"
        focus = cell.key == self._focused
        return ShownCell(cell, url, self.may_type, cell.month == self.chosen, focus)

    def _hint(self, line: SourceLine, is_twice: bool) -> str:
        if not is_twice:
            return ""
        place = place_names(self.language).get(line.place, line.place)
        return " · ".join(part for part in (place, line.counterparty, line.code) if part)


def told_of(shown: ShownGrid, saved: Iterable[Saved], request: Any) -> dict[str, Any]:
    """Return what a page in the browser needs to know of cells that were just saved."""
    saved = list(saved)
    cells = []
    for one in saved:
        cell = shown.shown(one.cell)
        cell.told = _told(one)
        cells.append({
            "key": cell.key,
            "name": cell.name,
            "text": cell.text,
            "classes": cell.classes,
            "outcome": one.outcome,
            "theirs": one.theirs,
            "by": one.by,
            "asks": cell.cell.need,
            "aside": aside(cell),
        })  # fmt: skip
    return {"cells": cells} | months_told(shown, {one.cell.month for one in saved}, request)


def months_told(shown: ShownGrid, months: Iterable[date], request: Any) -> dict[str, Any]:
    """Return heads and bars of months after something in them has changed."""
    told = {}
    for month in months:
        one = shown.shown_month(shown.grid.month(month))
        context = {"month": one, "shown": shown}
        told[one.key] = {
            "count": f"{one.told.count}/{one.told.of}",
            "badge": str(one.badge),
            "bar": render_to_string("ledger/grid_bar.html", context, request),
        }
    return {"months": told}


def _told(one: Saved) -> str:
    if one.converted:
        return say(
            "grid.converted", stated=one.converted, quantity=amount(one.cell.quantity),
            unit=unit_called(one.cell.line.unit),
        )  # fmt: skip
    if one.outcome == "stands":
        return say("grid.stands")
    if one.outcome == "locked":
        return say("grid.locked")
    return ""


def blockers_told(month: Month) -> list[tuple[str, str]]:
    """Return what keeps a month from being submitted: the cell and the words."""
    findings = blockers_of(month)
    return [
        (cell.key, finding_text(finding))
        for cell, finding in zip(month.needy, findings, strict=True)
    ]
