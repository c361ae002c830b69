"""Metrics of nodes over time: revenue, heads, floor area, throughput, units."""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from linyin.lake import Finding, load_schema, ordered_findings
from linyin.organization.periods import CALENDAR_YEARS, FiscalCalendar, Period, PeriodError
from linyin.organization.periods import parse_period as parse
from linyin.organization.rows import Cells, Findings

__all__ = ["LEVELS", "Amount", "Metric", "Metrics"]

LEVELS: Final = frozenset({"heads", "floor_area"})
ALIKE: Final = 0.7


@dataclass(frozen=True, slots=True)
class Metric:
    """One row: a level that held through the span, or a flow of the span."""

    node: str
    metric: str
    item: str
    span: Period
    value: Fraction
    unit: str
    source: Cells


@dataclass(frozen=True, slots=True)
class Amount:
    """A metric over a period.

    Attributes
    ----------
    value
        In `unit`: of a flow the sum, of a level the mean over the covered days.
    gaps
        Days of the period without a value; of a flow they add nothing.

    """

    value: Fraction
    unit: str
    gaps: tuple[Period, ...]


class Metrics:
    """All metrics of a folder.

    Parameters
    ----------
    metrics
        Rows whose spans do not overlap, in one unit, for one node, metric and item.

    """

    def __init__(self, metrics: Iterable[Metric] = ()) -> None:
        self._rows: dict[tuple[str, str, str], list[Metric]] = {}
        for row in metrics:
            self._rows.setdefault((row.node, row.metric, row.item), []).append(row)
        for rows in self._rows.values():
            rows.sort(key=lambda row: row.span)

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, object]],
        calendar: FiscalCalendar = CALENDAR_YEARS,
        known: Container[str] | None = None,
    ) -> tuple[Metrics, list[Finding]]:
        """Build the metrics from the rows of a validated metrics table.

        Parameters
        ----------
        rows
            One mapping a row, with `_file`, `_sheet`, `_row`.
        calendar
            What `FY…` means.
        known
            Codes of the organization; None = do not check nodes.

        Returns
        -------
        Metrics
            Without the rows that have an error.
        list of Finding
            In stable order.

        """
        findings = Findings()
        metrics: dict[tuple[str, str, str], list[Metric]] = {}
        named: dict[str, Metric] = {}
        for row in rows:
            found = _read(Cells(row), calendar, findings)
            if found is None:
                continue
            if known is not None and found.node not in known:
                at = found.source.where("node")
                findings.add("error", "node-unknown", at, node=found.node)
                continue
            named.setdefault(found.metric, found)
            same = metrics.setdefault((found.node, found.metric, found.item), [])
            if other := next((m for m in same if m.span.overlap(found.span)), None):
                _overlap(found, other, findings)
            elif same and found.unit != same[0].unit:
                _units(found, same[0].unit, findings)
            else:
                same.append(found)
        _slips(named, findings)
        good = (metric for same in metrics.values() for metric in same)
        return cls(good), list(ordered_findings(findings.all))

    def __iter__(self) -> Iterator[Metric]:
        for rows in self._rows.values():
            yield from rows

    def rows(self, node: str, metric: str, item: str = "") -> tuple[Metric, ...]:
        """Return the rows of a metric in order of time."""
        return tuple(self._rows.get((node, metric, item), ()))

    def items(self, node: str, metric: str) -> list[str]:
        """Return the items by which a metric of a node is stated, '' for the whole."""
        return sorted(item for n, m, item in self._rows if (n, m) == (node, metric))

    def level(self, node: str, metric: str, day: date, item: str = "") -> Metric | None:
        """Return the row that holds on a day, or None."""
        return next((row for row in self.rows(node, metric, item) if day in row.span), None)

    def amount(self, node: str, metric: str, period: Period, item: str = "") -> Amount | None:
        """Return a metric over a period, or None when no row touches it.

        A flow is the sum of its rows, a row that reaches over the period by its share of days;
        a level (`heads`, `floor_area`) is the mean over the days that have one.
        """
        touching = [
            (row, both)
            for row in self.rows(node, metric, item)
            if (both := row.span.overlap(period))
        ]
        if not touching:
            return None
        gaps = tuple(period.gaps(both for _, both in touching))
        if metric in LEVELS:
            days = sum(both.days for _, both in touching)
            value = sum((row.value * both.days for row, both in touching), Fraction(0)) / days
        else:
            parts = (row.value * Fraction(both.days, row.span.days) for row, both in touching)
            value = sum(parts, Fraction(0))
        return Amount(value, touching[0][0].unit, gaps)

    def whole(self, node: str, metric: str, period: Period) -> Amount | None:
        """Return a metric over a period as a whole: as stated without an item, else all items'.

        None when no row touches the period, or the items have different units.
        """
        if stated := self.amount(node, metric, period):
            return stated
        items = [item for item in self.items(node, metric) if item]
        amounts = [a for item in items if (a := self.amount(node, metric, period, item))]
        if len({amount.unit for amount in amounts}) != 1:
            return None
        gaps = {gap for amount in amounts for gap in amount.gaps}
        return Amount(
            sum((a.value for a in amounts), Fraction(0)), amounts[0].unit, tuple(sorted(gaps))
        )


def _read(cells: Cells, calendar: FiscalCalendar, findings: Findings) -> Metric | None:
    span = _span(cells, calendar, findings)
    value = cells.number("value")
    if span is None or value is None:
        return None
    node, metric, item = (cells.text(c) for c in ("node", "metric", "item"))
    return Metric(node, metric, item, span, value, cells.text("unit"), cells)


def _span(cells: Cells, calendar: FiscalCalendar, findings: Findings) -> Period | None:
    text, begin, end = cells.text("period"), cells.day("begin"), cells.day("end")
    if bool(text) == bool(begin or end) or (not text and not (begin and end)):
        findings.add("error", "period-not-stated", cells.where("period"))
        return None
    if not text:
        return cells.span("begin", "end", findings)
    try:
        return parse(text, calendar)
    except PeriodError as error:
        at = cells.where("period")
        findings.add("error", "period-unreadable", at, value=text, expected=error.expected)
        return None


def _slips(named: Mapping[str, Metric], findings: Findings) -> None:
    """Ask of a metric that none is called so whether it is the one that is nearly called so."""
    spellings = next(
        column.spellings
        for column in load_schema("organization", "metrics").columns
        if column.name == "metric"
    )
    names = {**spellings, **{code: code for code in spellings.values()}}
    for name, row in named.items():
        if name in names.values():
            continue
        if close := difflib.get_close_matches(name.casefold(), names, n=1, cutoff=ALIKE):
            at = row.source.where("metric")
            findings.add("warning", "metric-unknown-near", at, value=name, near=names[close[0]])


def _units(found: Metric, unit: str, findings: Findings) -> None:
    findings.add(
        "error",
        "metric-units-differ",
        found.source.where("unit"),
        node=found.node,
        metric=found.metric,
        unit=found.unit,
        other=unit,
    )


def _overlap(found: Metric, other: Metric, findings: Findings) -> None:
    findings.add(
        "error",
        "metric-overlap",
        found.source.where("period" if found.source.text("period") else "begin"),
        node=found.node,
        metric=found.metric,
        span=str(found.span),
        other=str(other.span),
    )
