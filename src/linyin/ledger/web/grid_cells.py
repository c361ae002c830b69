"""The month grid of a site and year: lines down, months across, what each cell holds and needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final, Literal

from django.utils.timezone import localdate

from linyin.lake import Finding
from linyin.ledger.monthly import MonthlyRow, deviation, in_unit, later_month, months_between
from linyin.ledger.web.grid_models import CellDraft, CellEvidence, CellNote, SiteMonth, SourceLine
from linyin.ledger.web.grid_posting import Entry, faults_of
from linyin.ledger.web.grid_rows import rows_of_years
from linyin.organization.web.models import Node

__all__ = ["LIMIT", "Cell", "Grid", "Month", "load_grid"]

LIMIT: Final = 0.3
"""Deviation from last year (else from the month before) above which a reason is asked."""

type Lock = Literal["", "state", "several", "inactive", "future"]
type Need = Literal["", "deviation", "revision", "answer", "evidence", "value", "problem"]


@dataclass(slots=True)
class Cell:
    """A line's month.

    Attributes
    ----------
    rows
        Current rows of the lake.
    posted
        Their quantity in the line's unit; None = none yet, or in a unit that does not fit.
    before, previous
        Quantity of the same month last year, and of the month before.
    draft, evidence, note
        What is typed; documents; the comment with which it was returned.
    lock
        Why it can't be typed into; '' = it can.

    """

    line: SourceLine
    month: date
    rows: list[MonthlyRow] = field(default_factory=list)
    posted: float | None = None
    before: float | None = None
    previous: float | None = None
    draft: CellDraft | None = None
    evidence: list[CellEvidence] = field(default_factory=list)
    note: CellNote | None = None
    lock: Lock = ""
    fault: Finding | None = None

    @property
    def key(self) -> str:
        """Name of the cell in addresses and pages."""
        return f"{self.line.pk}-{self.month:%Y-%m}"

    @property
    def row(self) -> MonthlyRow | None:
        """Its one row of the lake."""
        return self.rows[0] if len(self.rows) == 1 else None

    @property
    def abroad(self) -> MonthlyRow | None:
        """Its row, where that has a quantity in a unit that does not become the line's."""
        row = self.row
        has_other = row is not None and row.quantity is not None and self.posted is None
        return row if has_other else None

    @property
    def token(self) -> str:
        """What tells this content of the cell from any other: revision, draft, its version."""
        revision = self.row.revision if self.row else len(self.rows)
        draft = f"{self.draft.pk}-{self.draft.version}" if self.draft else "0-0"
        return f"{revision}-{draft}"

    @property
    def quantity(self) -> float | None:
        """What it holds, typed or posted; None = not yet, or not readable."""
        return self.draft.quantity if self.draft and self.draft.text else self.posted

    @property
    def is_in(self) -> bool:
        """Whether it has a value. Zero is one."""
        return self.quantity is not None or bool(self.rows)

    @property
    def counts(self) -> bool:
        """Whether it has a value that the ledger takes, typed or posted before."""
        return bool(self.rows) or (self.quantity is not None and self.fault is None)

    @property
    def status(self) -> str:
        """How its quantity is known."""
        if self.draft and self.draft.status:
            return self.draft.status
        return self.row.status if self.row else self.line.status

    @property
    def compared(self) -> float | None:
        """What its deviation is from."""
        return self.previous if self.before is None else self.before

    @property
    def deviation(self) -> float | None:
        """How far it is from last year, else from the month before, as a fraction."""
        return None if self.quantity is None else deviation(self.quantity, self.compared)

    @property
    def is_far(self) -> bool:
        """Whether it deviates so far that a reason is asked."""
        return self.deviation is not None and abs(self.deviation) > LIMIT

    @property
    def is_changed(self) -> bool:
        """Whether something is typed that is not posted."""
        return bool(self.draft and self.draft.text) and self.quantity != self.posted

    @property
    def documents(self) -> int:
        """How many documents show where it comes from."""
        names = {shown.document.sha256 for shown in self.evidence}
        return len(names | {row.evidence_sha256 or row.evidence_file for row in self.rows} - {""})

    @property
    def need(self) -> Need:
        """What it lacks before its month can be submitted."""
        draft = self.draft
        if self.lock in ("inactive", "future"):
            return ""
        if self.fault is not None:
            return "problem"
        if not self.is_in:
            return "value"
        has_reason = bool(draft and draft.reason.strip())
        if self.note is not None and not self.is_changed and not has_reason:
            return "answer"
        if self.is_changed and not has_reason:
            if self.is_far:
                return "deviation"
            if self.rows and self.note is None:
                return "revision"
        if self.line.needs_evidence and not self.documents:
            return "evidence"
        return ""

    def entry(self) -> Entry:
        """Return what of it is posted."""
        document = self.evidence[0].document if self.evidence else None
        reason = self.draft.reason.strip() if self.draft else ""
        if not reason and self.note is not None and self.is_changed:
            reason = self.note.comment
        row = self.row
        return Entry(
            self.line, self.month, self.quantity, self.status, document, reason,
            (row.source, row.external_id) if row else None,
        )  # fmt: skip


@dataclass(slots=True)
class Month:
    """A month of the grid: its record if it has one, its cells that count."""

    month: date
    record: SiteMonth | None
    cells: list[Cell]

    @property
    def of(self) -> int:
        """How many sources report it."""
        return len(self.cells)

    @property
    def count(self) -> int:
        """How many of them are in."""
        return sum(cell.counts for cell in self.cells)

    @property
    def state(self) -> str:
        """`open`, `draft`, `submitted`, `returned`, `approved`; `recorded`: posted otherwise."""
        if self.record is not None and self.record.state != "draft":
            return self.record.state
        if any(cell.draft for cell in self.cells):
            return "draft"
        if any(cell.rows for cell in self.cells):
            return "draft" if self.record is not None else "recorded"
        return "open"

    @property
    def is_open(self) -> bool:
        """Whether its cells may be typed into."""
        return self.record is None or self.record.is_open

    @property
    def needy(self) -> list[Cell]:
        """Cells that keep it from being submitted."""
        return [cell for cell in self.cells if cell.need]

    @property
    def signature(self) -> str:
        """What tells what stands in its cells from anything else that may stand there."""
        import hashlib

        tokens = [f"{cell.key}:{cell.token}" for cell in self.cells]
        return hashlib.sha256(";".join(tokens).encode()).hexdigest()[:16]


@dataclass
class Grid:
    """The grid of a site and year."""

    site: Node
    year: int
    lines: list[SourceLine]
    months: list[date]
    records: Mapping[date, SiteMonth]
    cells: dict[tuple[int, date], Cell]

    def cell(self, line: int, month: date) -> Cell | None:
        """Return a cell, None if there is no such."""
        return self.cells.get((line, month))

    def row(self, line: SourceLine) -> list[Cell]:
        """Return a line's cells."""
        return [self.cells[line.pk, month] for month in self.months]

    def month(self, month: date) -> Month:
        """Return a month with the cells that count in it."""
        counting = [
            cell
            for line in self.lines
            if (cell := self.cells[line.pk, month]).lock not in ("inactive", "future")
        ]
        return Month(month, self.records.get(month), counting)

    @cached_property
    def all_months(self) -> list[Month]:
        """Return all months."""
        return [self.month(month) for month in self.months]

    def next_to_fill(self) -> date:
        """Return the first month that waits to be filled, else the last that is not ahead."""
        waiting = (m for m in self.all_months if m.of and m.is_open and m.state != "recorded")
        fallback = [m.month for m in self.all_months if m.of] or self.months
        return next((m.month for m in waiting), fallback[-1])


def load_grid(
    site: Node, year: int, *, lines: Sequence[SourceLine] | None = None, check: bool = True
) -> Grid:
    """Put the grid of a site and year together.

    Parameters
    ----------
    site : Node
    year : int
    lines
        Only these lines; None = all that report in the year.
    check
        Whether what is typed is checked by the ledger.

    """
    begin, end = date(year, 1, 1), date(year + 1, 1, 1)
    months = list(months_between(begin, end))
    if lines is None:
        lines = [
            line
            for line in SourceLine.objects.filter(site=site)
            if any(line.is_active(month) for month in months)
        ]
    records = {
        r.month: r
        for r in SiteMonth.objects.filter(
            site=site, month__gte=begin, month__lt=end
        ).select_related("submitted_by", "approved_by")
    }
    cells = {(line.pk, month): Cell(line, month) for line in lines for month in months}
    _put_rows(cells, lines, rows_of_years(site.code, year), months)
    _put_records(cells, lines, begin, end)
    _lock(cells.values(), records)
    if check:
        _check(site, [cell for cell in cells.values() if cell.draft and not cell.lock])
    _put_typed_before(cells)
    return Grid(site, year, list(lines), months, records, cells)


def _put_rows(
    cells: Mapping[tuple[int, date], Cell],
    lines: Iterable[SourceLine],
    rows: Iterable[MonthlyRow],
    months: Sequence[date],
) -> None:
    of_name = {name: line for line in lines for name in line.names}
    found: defaultdict[tuple[int, date], list[MonthlyRow]] = defaultdict(list)
    for row in rows:
        line = of_name.get(row.series)
        if line is not None:
            found[line.pk, row.begin].append(row)
    for line in lines:
        amounts = {
            month: _amount(found.get((line.pk, month), ()), line.unit)
            for month in (*months_between(later_month(months[0], -12), months[0]), *months)
        }
        for month in months:
            cell = cells[line.pk, month]
            cell.rows = found.get((line.pk, month), [])
            cell.posted = amounts[month]
            cell.before = amounts.get(later_month(month, -12))
            cell.previous = amounts.get(later_month(month, -1))


def _amount(rows: Iterable[MonthlyRow], unit: str) -> float | None:
    amounts = [
        None if row.quantity is None else in_unit(row.quantity, row.unit, unit) for row in rows
    ]
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known and len(known) == len(amounts) else None


def _put_records(
    cells: Mapping[tuple[int, date], Cell], lines: Iterable[SourceLine], begin: date, end: date
) -> None:
    of_year = {"line__in": list(lines), "month__gte": begin, "month__lt": end}
    for draft in CellDraft.objects.filter(**of_year).select_related("person"):
        cells[draft.line_id, draft.month].draft = draft
    for shown in CellEvidence.objects.filter(**of_year).select_related("document"):
        cells[shown.line_id, shown.month].evidence.append(shown)
    notes = CellNote.objects.filter(
        line__in=list(lines), site_month__month__gte=begin, site_month__month__lt=end,
        settled_at=None,
    ).select_related("person", "site_month")  # fmt: skip
    for note in notes:
        cells[note.line_id, note.site_month.month].note = note


def _put_typed_before(cells: Mapping[tuple[int, date], Cell]) -> None:
    """Compare with what is typed in the month before, unless that is refused."""
    for (line, month), cell in cells.items():
        earlier = cells.get((line, later_month(month, -1)))
        if earlier is None or earlier.draft is None:
            continue
        if earlier.fault is not None:
            cell.previous = None
        elif earlier.quantity is not None:
            cell.previous = earlier.quantity


def _lock(cells: Iterable[Cell], records: Mapping[date, SiteMonth]) -> None:
    this_month = localdate().replace(day=1)
    for cell in cells:
        record = records.get(cell.month)
        if not cell.line.is_active(cell.month) and not cell.rows:
            cell.lock = "inactive"
        elif cell.month > this_month and not cell.rows:
            cell.lock = "future"
        elif record is not None and not record.is_open:
            cell.lock = "state"
        elif len(cell.rows) > 1:
            cell.lock = "several"


def _check(site: Node, cells: Sequence[Cell]) -> None:
    for cell, fault in zip(cells, faults_of(site, [_asked(c) for c in cells]), strict=True):
        cell.fault = fault


def _asked(cell: Cell) -> tuple[Entry, str]:
    draft = cell.draft
    return cell.entry(), draft.text if draft is not None and draft.quantity is None else ""
