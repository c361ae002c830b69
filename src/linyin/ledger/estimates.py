"""Filling gaps of a source's consumption by named methods; nothing is estimated unseen.

A source reports daily rates: a row's quantity over its days. A gap is a stretch of days that no
row covers although the site was there. Each gap is cut at the months' borders, and each piece is
the method's rate × its days, so that parts of a month add up to the month, exactly.

The methods:

`last_year`
    The rate of the same month of the year before.
`last_year_scaled`
    That rate × (rate of the neighbouring months ÷ their rate the year before).
`neighbours`
    The mean of the rates of the nearest known months before and after, at most
    `NEAREST` months away.
`per_area`, `per_head`
    The rate per m² (per head) of comparable sites in the same month × the site's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Final

from linyin.organization import Period

__all__ = [
    "GAP_DAYS",
    "METHODS",
    "Comparable",
    "Estimate",
    "Filling",
    "Gap",
    "Reading",
    "Series",
    "estimate_gaps",
    "gaps_of",
]

GAP_DAYS: Final = 15
NEAREST: Final = 3
LEAST_TRIALS: Final = 6
MOST_PCT: Final = 200.0
DEFAULT_PCT: Final[Mapping[str, float]] = {
    "last_year": 20.0,
    "last_year_scaled": 15.0,
    "neighbours": 25.0,
    "per_area": 50.0,
    "per_head": 60.0,
}
FLOOR_PCT: Final = 5.0
METHODS: Final = tuple(DEFAULT_PCT)

type Rate = Fraction


@dataclass(frozen=True, slots=True)
class Reading:
    """An actual row: a quantity over half-open days."""

    span: Period
    quantity: Fraction


@dataclass(frozen=True, slots=True)
class Comparable:
    """A site like the one with the gap: its rate of a month per m² or head.

    Attributes
    ----------
    per
        `per_area` or `per_head`.
    site, month
        Where and when.
    rate
        Quantity a day and m² (or head), in the series' unit.

    """

    per: str
    site: str
    month: date
    rate: Rate


@dataclass(frozen=True)
class Series:
    """What one source reported, and where it was there to report.

    Attributes
    ----------
    name
        For people.
    readings
        Actual rows of any year, in one unit.
    presence
        Days on which the site is there.
    size
        `per_area` → m² and `per_head` → heads of the site; missing where not known.
    comparables
        Rates of other sites.

    """

    name: str
    readings: tuple[Reading, ...]
    presence: tuple[Period, ...]
    size: Mapping[str, Fraction] = field(default_factory=dict)
    comparables: tuple[Comparable, ...] = ()

    @cached_property
    def rates(self) -> Mapping[date, Rate]:
        """Rate a day of every month of which rows cover at least half."""
        return _rates(self.readings)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A quantity for days that no row covers.

    Attributes
    ----------
    quantity
        In the unit of the series; exact.
    method
        One of `METHODS`.
    uncertainty_pct
        Half-width of the 95 % interval: 1.96 × the root mean square of the relative errors that
        the method makes for the source's own known months, where it can be tried on at least
        `LEAST_TRIALS` of them; else the method's default. Never below `FLOOR_PCT`. [%]
    trials
        Known months that the method was tried on; 0 = the default.

    """

    span: Period
    quantity: Fraction
    method: str
    uncertainty_pct: float
    trials: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Days for which no method had an answer, and why."""

    span: Period
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filling:
    """The estimates of a series, and the gaps that are left."""

    estimates: tuple[Estimate, ...]
    unfilled: tuple[Gap, ...]


def gaps_of(series: Series, window: Period) -> list[Period]:
    """Return the stretches of `GAP_DAYS` or more that no reading covers, cut at months.

    Only days of the window on which the site is there count; shorter stretches are slips of
    dates rather than missing readings.
    """
    covered = [reading.span for reading in series.readings]
    present = (there.overlap(window) for there in series.presence)
    found = (gap for there in present if there for gap in there.gaps(covered))
    return [piece for gap in found if gap.days >= GAP_DAYS for piece in gap.months()]


def estimate_gaps(series: Series, methods: Sequence[str], window: Period) -> Filling:
    """Fill the gaps of a series by the first method that has an answer.

    Parameters
    ----------
    series : Series
    methods : sequence of str
        Names of `METHODS`, in order of preference.
    window : Period
        Where gaps are looked for; readings outside serve the methods.

    Returns
    -------
    Filling

    Raises
    ------
    ValueError
        If a method is unknown.

    """
    if unknown := set(methods) - set(METHODS):
        raise ValueError(f"unknown methods {sorted(unknown)}: expected {', '.join(METHODS)}")
    known = series.rates
    estimates: list[Estimate] = []
    unfilled: list[Gap] = []
    tried: dict[str, tuple[float, int]] = {}
    for span in gaps_of(series, window):
        month = span.begin.replace(day=1)
        reasons: dict[str, str] = {}
        for method in methods:
            answer = _RULES[method](series, _without(known, month), month)
            if isinstance(answer, str):
                reasons[method] = answer
                continue
            if method not in tried:
                tried[method] = _uncertainty(series, known, method)
            pct, trials = tried[method]
            estimates.append(Estimate(span, answer * span.days, method, pct, trials))
            break
        else:
            unfilled.append(Gap(span, reasons))
    return Filling(tuple(estimates), tuple(unfilled))


def _rates(readings: Iterable[Reading]) -> dict[date, Rate]:
    """Return the rate a day of every month of which rows cover at least half."""
    quantity: dict[date, Fraction] = {}
    days: dict[date, set[int]] = {}
    for reading in readings:
        for piece in reading.span.months():
            month = piece.begin.replace(day=1)
            part = reading.quantity * Fraction(piece.days, reading.span.days)
            quantity[month] = quantity.get(month, Fraction(0)) + part
            ordinals = range(piece.begin.toordinal(), piece.end.toordinal())
            days.setdefault(month, set()).update(ordinals)
    return {
        month: quantity[month] / len(covered)
        for month, covered in days.items()
        if 2 * len(covered) >= Period.month(month.year, month.month).days
    }


def _without(known: Mapping[date, Rate], month: date) -> dict[date, Rate]:
    return {other: rate for other, rate in known.items() if other != month}


def _last_year(_series: Series, known: Mapping[date, Rate], month: date) -> Rate | str:
    rate = known.get(_shifted(month, -12))
    return f"no data for {_shifted(month, -12):%Y-%m}" if rate is None else rate


def _last_year_scaled(series: Series, known: Mapping[date, Rate], month: date) -> Rate | str:
    rate = _last_year(series, known, month)
    if isinstance(rate, str):
        return rate
    now: Fraction = Fraction(0)
    then: Fraction = Fraction(0)
    for around in (_shifted(month, -1), _shifted(month, 1)):
        before = known.get(_shifted(around, -12))
        if around in known and before is not None:
            now, then = now + known[around], then + before
    return rate * now / then if then > 0 else "no surrounding month is known in both years"


def _neighbours(_series: Series, known: Mapping[date, Rate], month: date) -> Rate | str:
    before = _nearest(known, month, -1)
    after = _nearest(known, month, 1)
    if before is None or after is None:
        side = "before" if before is None else "after"
        return f"no month within {NEAREST} months {side} is known"
    return (before + after) / 2


def _nearest(known: Mapping[date, Rate], month: date, step: int) -> Rate | None:
    around = (_shifted(month, step * distance) for distance in range(1, NEAREST + 1))
    return next((known[other] for other in around if other in known), None)


def _per(per: str) -> Callable[[Series, Mapping[date, Rate], date], Rate | str]:
    def rule(series: Series, _known: Mapping[date, Rate], month: date) -> Rate | str:
        size = series.size.get(per)
        if not size:
            metric = "floor_area" if per == "per_area" else "heads"
            return f"no {metric} of the site is known, or it has several sources of the item"
        alike = [c.rate for c in series.comparables if c.per == per and c.month == month]
        if not alike:
            return f"no comparable site of the country has data for {month:%Y-%m}"
        return size * sum(alike, Fraction(0)) / len(alike)

    return rule


_RULES: Final[Mapping[str, Callable[[Series, Mapping[date, Rate], date], Rate | str]]] = {
    "last_year": _last_year,
    "last_year_scaled": _last_year_scaled,
    "neighbours": _neighbours,
    "per_area": _per("per_area"),
    "per_head": _per("per_head"),
}


def _uncertainty(series: Series, known: Mapping[date, Rate], method: str) -> tuple[float, int]:
    """Return the half-width of a method from its own errors on known months [%], and how many."""
    errors = list(_errors(series, known, method))
    if len(errors) < LEAST_TRIALS:
        return DEFAULT_PCT[method], 0
    spread = math.sqrt(sum(error * error for error in errors) / len(errors))
    return round(min(MOST_PCT, max(FLOOR_PCT, 196.0 * spread)), 1), len(errors)


def _errors(series: Series, known: Mapping[date, Rate], method: str) -> Iterator[float]:
    bare = replace(series, readings=())
    for month, truth in known.items():
        answer = _RULES[method](bare, _without(known, month), month)
        if not isinstance(answer, str) and truth > 0:
            yield float(answer / truth) - 1


def _shifted(month: date, months: int) -> date:
    years, index = divmod(month.month - 1 + months, 12)
    return date(month.year + years, index + 1, 1)
