"""Shared meters: who takes which part of a shared site's activities, and when."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Final, Literal, cast

from linyin.lake import BadInput, Finding, ordered_findings
from linyin.organization.intervals import (
    AllocationError,
    Part,
    Rest,
    intervals,
    intervals_with_rest,
)
from linyin.organization.metrics import Metrics
from linyin.organization.periods import Period
from linyin.organization.rows import Cells, Findings

__all__ = ["AllocationRow", "Allocations", "Division"]

type Key = Literal["area", "heads", "submeter", "share"]

METRIC_OF: Final[Mapping[str, str]] = {"area": "floor_area", "heads": "heads"}
_PERCENT: Final = Fraction(100)


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """A row of allocations.csv: one target of a shared supply during a span."""

    site: str
    item: str
    meter: str
    target: str
    key: Key
    value: Fraction | None
    unit: str
    rest: Rest | Literal[""]
    span: Period
    source: Cells = field(compare=False)

    def fits(self, item: str, meter: str) -> bool:
        """Whether the row is about such activities."""
        if self.meter and not fnmatchcase(meter, self.meter):
            return False
        return not self.item or self.item == item

    @property
    def is_dated(self) -> bool:
        """Whether the row states both its begin and its end."""
        return self.span.begin > date.min and self.span.end < date.max

    @property
    def group(self) -> tuple[str, str, str]:
        """What the rows of one division have in common."""
        return (self.site, self.item, self.meter)


@dataclass(frozen=True, slots=True)
class Division:
    """How a supply is divided from `begin` up to, and without, `end`."""

    begin: date
    end: date
    parts: tuple[Part, ...]


class Allocations:
    """All allocations of a folder.

    Parameters
    ----------
    rows
        Rows that passed :meth:`from_rows`.
    metrics
        Where area and heads come from when a row states none.

    """

    def __init__(self, rows: Iterable[AllocationRow] = (), metrics: Metrics | None = None) -> None:
        self._by_site: dict[str, list[AllocationRow]] = {}
        for row in rows:
            self._by_site.setdefault(row.site, []).append(row)
        self._metrics = metrics or Metrics()

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, object]],
        metrics: Metrics | None = None,
        known: Container[str] | None = None,
    ) -> tuple[Allocations, list[Finding]]:
        """Build the allocations from the rows of a validated allocations table.

        Parameters
        ----------
        rows
            One mapping a row, with `_file`, `_sheet`, `_row`.
        metrics
            Where area and heads come from when a row states none.
        known
            Codes of the organization; None = do not check sites and targets.

        Returns
        -------
        Allocations
            Do not divide with them while there are errors.
        list of Finding
            In stable order.

        """
        findings = Findings()
        found = [row for cells in rows if (row := _read(Cells(cells), known, findings))]
        groups: dict[tuple[str, str, str], list[AllocationRow]] = {}
        for row in found:
            groups.setdefault(row.group, []).append(row)
        for group in groups.values():
            _check(group, findings)
        return cls(found, metrics), list(ordered_findings(findings.all))

    def concerns(self, site: str) -> bool:
        """Whether any row divides activities of a site."""
        return site in self._by_site

    def meters(self, site: str) -> list[str]:
        """Return the patterns of external ids by which a site's activities are told apart."""
        return sorted({row.meter for row in self._by_site.get(site, ()) if row.meter})

    def divisions(
        self,
        site: str,
        item: str,
        meter: str,
        period: Period,
        main: Callable[[Period], Fraction] | None = None,
    ) -> list[Division]:
        """Return how the activities of a site are divided through a period.

        On every day the most special rows count: those of a meter before those of an item before
        those of the whole site. On days without rows the site keeps all. Targets are not divided
        again.

        Parameters
        ----------
        site, item, meter
            Site, item and external id of the activities.
        period
            Days to cover.
        main
            Quantity of the main meter during a span, in the unit of the sub-meters' values; only
            called for the key `submeter`.

        Returns
        -------
        list of Division
            In order, together exactly the period; the parts of each from 0 to exactly 1.

        Raises
        ------
        BadInput
            If a value, a metric or the main meter is missing, the units of the targets differ, all
            values are 0, sub-meters exceed the main meter, or two meter patterns fit at once.

        """
        fitting = [row for row in self._by_site.get(site, ()) if row.fits(item, meter)]
        cuts = {day for row in fitting for day in self._cuts(row)}
        found: list[Division] = []
        for span in period.cut(cuts):
            rows = _most_special([row for row in fitting if row.span.covers(span)])
            parts = self._parts(rows, span, main) if rows else _kept(site)
            if found and found[-1].parts == parts:
                found[-1] = Division(found[-1].begin, span.end, parts)
            else:
                found.append(Division(span.begin, span.end, parts))
        return found

    def stated(
        self, site: str, item: str, meter: str, day: date
    ) -> list[tuple[AllocationRow, Fraction, str]]:
        """Return the rows that divide such activities on a day, each with its value and unit.

        Area and heads that a row leaves out are the target's metrics. The quantity of a sub-meter
        is that of its whole row.
        """
        there = [row for row in self._by_site.get(site, ()) if row.fits(item, meter)]
        found = []
        for row in _most_special([row for row in there if day in row.span]):
            level = self._metrics.level(row.target, METRIC_OF.get(row.key, ""), day)
            if row.value is not None:
                found.append((row, row.value, row.unit))
            elif level is not None:
                found.append((row, level.value, level.unit))
        return found

    def _cuts(self, row: AllocationRow) -> set[date]:
        spans = [row.span]
        if row.value is None and row.key in METRIC_OF:
            spans += [m.span for m in self._metrics.rows(row.target, METRIC_OF[row.key])]
        return {day for span in spans for day in (span.begin, span.end)}

    def _parts(
        self,
        rows: Sequence[AllocationRow],
        span: Period,
        main: Callable[[Period], Fraction] | None,
    ) -> tuple[Part, ...]:
        first = rows[0]
        values = [(row.target, self._value(row, span)) for row in rows]
        if first.key in METRIC_OF:
            self._check_units(rows, span)
        try:
            if first.key in METRIC_OF:
                return tuple(intervals(values))
            rest: Rest = next((row.rest for row in rows if row.rest), "stays")
            whole = _PERCENT if first.key == "share" else _main(main, first, span)
            return tuple(intervals_with_rest(whole, values, rest, first.site))
        except AllocationError as error:
            raise _stopped(error.code, first, span, **error.fields) from error

    def _value(self, row: AllocationRow, span: Period) -> Fraction:
        if row.value is not None:
            part = Fraction(span.days, row.span.days) if row.key == "submeter" else 1
            return row.value * part
        metric = METRIC_OF.get(row.key, "")
        level = self._metrics.level(row.target, metric, span.begin) if metric else None
        if level is None:
            raise _stopped("allocation-value-missing", row, span, target=row.target, key=row.key)
        return level.value

    def _check_units(self, rows: Sequence[AllocationRow], span: Period) -> None:
        if rows[0].key == "heads":
            return
        units: dict[str, str] = {}
        for row in rows:
            level = self._metrics.level(row.target, METRIC_OF[row.key], span.begin)
            unit = level.unit if row.value is None and level else row.unit
            units.setdefault(unit, row.target)
        if len(units) > 1:
            named = ", ".join(f"{target}: {unit or '–'}" for unit, target in sorted(units.items()))
            raise _stopped("allocation-units-differ", rows[0], span, units=named)


def _main(main: Callable[[Period], Fraction] | None, row: AllocationRow, span: Period) -> Fraction:
    if main is None:
        raise _stopped("allocation-main-missing", row, span)
    return main(span)


def _kept(site: str) -> tuple[Part, ...]:
    return (Part(site, Fraction(0), Fraction(1)),)


def _most_special(rows: Sequence[AllocationRow]) -> list[AllocationRow]:
    """Return the rows of the most special group, in order of their targets."""
    if not rows:
        return []
    best = max((bool(row.meter), bool(row.item)) for row in rows)
    chosen = [row for row in rows if (bool(row.meter), bool(row.item)) == best]
    patterns = sorted({row.meter for row in chosen})
    if len(patterns) > 1:
        fields = {"site": chosen[0].site, "patterns": ", ".join(patterns)}
        at = chosen[-1].source.where("meter")
        raise BadInput([Finding("allocation-ambiguous", "error", at, fields)])
    return sorted(chosen, key=lambda row: row.target)


def _stopped(code: str, row: AllocationRow, span: Period, **fields: str | Fraction) -> BadInput:
    named: dict[str, str | Fraction] = {"site": row.site, "span": str(span), **fields}
    return BadInput([Finding(code, "error", row.source.where("value"), named)])


def _read(cells: Cells, known: Container[str] | None, findings: Findings) -> AllocationRow | None:
    span = cells.span("begin", "end", findings)
    for column in ("site", "target"):
        code = cells.text(column)
        if known is not None and code not in known:
            findings.add("error", "node-unknown", cells.where(column), node=code)
    if span is None:
        return None
    return AllocationRow(
        site=cells.text("site"),
        item=cells.text("item"),
        meter=cells.text("meter"),
        target=cells.text("target"),
        key=cast(Key, cells.text("key")),
        value=cells.number("value"),
        unit=cells.text("unit"),
        rest=cast(Rest, cells.text("rest")),
        span=span,
        source=cells,
    )


def _check(rows: Sequence[AllocationRow], findings: Findings) -> None:
    """Add what is wrong within the rows of one division."""
    for row in rows:
        _check_row(row, findings)
    cuts = {day for row in rows for day in (row.span.begin, row.span.end)}
    for span in Period.always.cut(cuts):
        active = [row for row in rows if row.span.covers(span)]
        if active:
            _check_span(span, active, findings)


def _check_span(span: Period, active: Sequence[AllocationRow], findings: Findings) -> None:
    first, last = active[0], active[-1]
    fields = {"site": first.site, "span": str(span)}
    for column in ("key", "rest"):
        stated = sorted({text for row in active if (text := row.source.text(column))})
        if len(stated) > 1:
            named = {**fields, "column": column, "values": ", ".join(stated)}
            findings.add("error", "allocation-rows-differ", last.source.where(column), **named)
    targets = [row.target for row in active]
    for target in sorted({t for t in targets if targets.count(t) > 1}):
        at = last.source.where("target")
        findings.add("error", "allocation-target-twice", at, **fields, target=target)
    values = [row.value for row in active if row.value is not None]
    total = sum(values, Fraction(0))
    if all(row.key == "share" for row in active) and total > _PERCENT:
        at = first.source.where("value")
        named = {"whole": f"{_PERCENT} %", "metered": f"{float(total):.6g} %"}
        findings.add("error", "allocation-over-main", at, **fields, **named)


def _check_row(row: AllocationRow, findings: Findings) -> None:
    at = row.source.where("value")
    fields = {"site": row.site, "span": str(row.span), "target": row.target}
    if row.key in ("submeter", "share") and row.value is None:
        findings.add("error", "allocation-value-missing", at, **fields, key=row.key)
    if row.value is not None and row.value < 0:
        findings.add("error", "allocation-negative", at, **fields, value=row.value)
    if row.key == "submeter" and not row.is_dated:
        begin = row.source.where("begin")
        findings.add("error", "allocation-submeter-undated", begin, **fields)
