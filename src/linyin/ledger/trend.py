"""Uncertainty of the change between two years by error propagation (IPCC approach 1)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from linyin.ledger.uncertainty import (
    Aggregate,
    Contribution,
    UncertaintyError,
    contributions,
    in_order,
    linear_terms,
    root_sum_square,
)


@dataclass(frozen=True, slots=True)
class Trend:
    """Change since the base year and half-width of its 95 % interval, as fractions [-].

    A change of -0.165 with a half-width of 0.02 reads -16.5 % ± 2 percentage points.
    """

    base: float
    year: float
    change: float
    half_width: float
    contributions: tuple[Contribution, ...]


def type_a(base: float, year: float, base_total: float, year_total: float) -> float:
    """Change of the trend when a source is x % higher in both years, per x % [-].

    For errors that both years share (an emission factor). The guidelines raise the source by
    1 % and divide; this is the limit for a small rise.

    Parameters
    ----------
    base, year : float
        Emissions of the source in the base year and in the year. [t CO2e]
    base_total, year_total : float
        Emissions of all sources. [t CO2e]

    Raises
    ------
    UncertaintyError
        If the base year's total is zero.

    References
    ----------
    .. [1] IPCC (2006), Guidelines for National Greenhouse Gas Inventories, vol. 1, ch. 3,
       table 3.2, column I.

    """
    _require_base(base_total)
    return year / base_total - base * year_total / base_total**2


def type_b(year: float, base_total: float) -> float:
    """Change of the trend when a source is x % higher in the year only, per x % [-].

    For errors that the years do not share (activity data).

    Raises
    ------
    UncertaintyError
        If the base year's total is zero.

    References
    ----------
    .. [1] IPCC (2006), Guidelines for National Greenhouse Gas Inventories, vol. 1, ch. 3,
       table 3.2, column J.

    """
    _require_base(base_total)
    return year / base_total


def trend(base: Iterable[Aggregate], year: Iterable[Aggregate]) -> Trend:
    """Uncertainty of the change of a total between two years.

    Errors of one correlation group are the same in both years (type A sensitivity); independent
    errors, and groups that occur in one year only, are drawn anew (type B). Where the guidelines
    take √2 × the year's type B for uncorrelated errors of both years, the base year's own
    sensitivity stands here; the two agree when every source changes in proportion.

    Parameters
    ----------
    base, year : iterable of Aggregate
        Aggregates of the base year and of the year. [t CO2e]

    Raises
    ------
    UncertaintyError
        If the base year's total is zero or two aggregates of a year have one id.

    References
    ----------
    .. [1] IPCC (2006), Guidelines for National Greenhouse Gas Inventories, vol. 1, ch. 3,
       section 3.2.3.1 and table 3.2.

    """
    first, last = in_order(base), in_order(year)
    base_total = math.fsum(a.value for a in first)
    year_total = math.fsum(a.value for a in last)
    base_groups, base_independent = linear_terms(first)
    year_groups, year_independent = linear_terms(last)

    def in_both(before: list[float], after: list[float]) -> float:
        return type_a(math.fsum(before), math.fsum(after), base_total, year_total)

    def anew(before: list[float], after: list[float]) -> float:
        of_base = root_sum_square(type_a(t, 0.0, base_total, year_total) for t in before)
        of_year = root_sum_square(type_b(t, base_total) for t in after)
        return math.hypot(of_base, of_year)

    _require_base(base_total)
    parts = contributions(
        {
            group: in_both(base_groups.get(group, []), year_groups.get(group, []))
            for group in base_groups.keys() | year_groups.keys()
        },
        {
            name: anew(base_independent.get(name, []), year_independent.get(name, []))
            for name in base_independent.keys() | year_independent.keys()
        },
    )
    half_width = root_sum_square(p.half_width for p in parts)
    return Trend(base_total, year_total, year_total / base_total - 1, half_width, parts)


def _require_base(base_total: float) -> None:
    if base_total == 0:
        raise UncertaintyError("a base year of zero has no relative change")
