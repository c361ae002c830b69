"""Uncertainty of totals by error propagation (IPCC approach 1).

A total is a sum of aggregates, an aggregate a product of parameters (quantity, factor,
lifetime, exchange rate, GWP …). A parameter that several aggregates share has one correlation
group: its error moves all of them together. :mod:`linyin.ledger.montecarlo` is approach 2.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

NORMAL_LIMIT = 0.30
"""Half-width up to which an error is taken as normal and approach 1 as good enough [-]."""


class UncertaintyError(ValueError):
    """An interval, a value or a set of aggregates that no uncertainty can be worked out from."""


@dataclass(frozen=True, slots=True)
class Component:
    """Relative 95 % interval of one parameter of an aggregate.

    Parameters
    ----------
    low, high : float
        Distances from the value down and up to the ends of the interval, as fractions of the
        value: 100 (80…150) has low 0.2 and high 0.5. [-]
    group : str
        Correlation group: components of one group err together, in one year and across years.
        Empty: independent of everything.
    exponent : float
        Power with which the parameter enters the aggregate: 1 multiplies, -1 divides. [-]

    Raises
    ------
    UncertaintyError
        If an end is negative or not finite, if the exponent is not finite, or if an asymmetric
        interval reaches below zero.

    """

    low: float
    high: float
    group: str = ""
    exponent: float = 1.0

    def __post_init__(self) -> None:
        if not all(math.isfinite(x) for x in (self.low, self.high, self.exponent)):
            raise UncertaintyError(f"{self}: an interval and its exponent must be finite")
        if self.low < 0 or self.high < 0:
            raise UncertaintyError(f"{self}: an interval must enclose its value")
        if not self.is_symmetric and self.low > 1:
            raise UncertaintyError(f"{self}: an asymmetric interval may not reach below zero")

    @classmethod
    def within(cls, half_width: float, group: str = "", exponent: float = 1.0) -> Component:
        """Component with a symmetric interval of ± ``half_width`` (a fraction) [-]."""
        return cls(half_width, half_width, group, exponent)

    @property
    def is_symmetric(self) -> bool:
        """Whether both ends are equally far from the value."""
        return math.isclose(self.low, self.high, rel_tol=1e-9)

    @property
    def half_width(self) -> float:
        """The larger distance: what approach 1 takes for an asymmetric interval [1]_ [-].

        References
        ----------
        .. [1] IPCC (2006), Guidelines for National Greenhouse Gas Inventories, vol. 1, ch. 3,
           table 3.2, columns E and F.

        """
        return max(self.low, self.high)

    @property
    def effect(self) -> float:
        """Relative change of the aggregate at the end of the interval, first order [-]."""
        return self.exponent * self.half_width


@dataclass(frozen=True, slots=True)
class Aggregate:
    """All emissions that share one factor and the same correlation groups.

    Parameters
    ----------
    id : str
        Unique among the aggregates of a total; an aggregate keeps it from year to year.
    value : float
        Emissions; negative for reversals. [t CO2e]
    components : tuple of Component
        Intervals of the parameters whose product the value is. Independent errors of the rows
        behind it come combined into one component (eq. 3.2).

    """

    id: str
    value: float
    components: tuple[Component, ...] = ()

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise UncertaintyError(f"aggregate {self.id!r}: {self.value} is not a finite value")


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one correlation group, or the independent errors of one aggregate, add to a total.

    ``half_width`` is in the unit of the total, ``share`` a fraction of its variance.
    """

    name: str
    kind: Literal["group", "independent"]
    half_width: float
    share: float


@dataclass(frozen=True, slots=True)
class WideComponent:
    """A component too wide for error propagation: show approach 2 beside approach 1.

    ``name`` is its correlation group, or the aggregate's id for an independent one.
    """

    name: str
    half_width: float


@dataclass(frozen=True, slots=True)
class Approach1:
    """Total and half-width of its 95 % interval [t CO2e].

    ``contributions`` are ranked by their share of the variance, the largest first.
    """

    total: float
    half_width: float
    contributions: tuple[Contribution, ...]
    warnings: tuple[WideComponent, ...]

    @property
    def relative(self) -> float | None:
        """Half-width as a fraction of the total; None for a total of zero [-]."""
        return relative_to(self.half_width, self.total)


def relative_to(half_width: float, total: float) -> float | None:
    """Half-width as a fraction of a total; None for a total of zero [-]."""
    return half_width / abs(total) if total else None


def root_sum_square(half_widths: Iterable[float]) -> float:
    """Half-width of a sum of independent quantities, in their unit.

    The result does not depend on the order of the half-widths.
    """
    return math.sqrt(math.fsum(h * h for h in half_widths))


def combine(aggregates: Iterable[Aggregate]) -> Approach1:
    """Uncertainty of a total by error propagation, with full correlation inside groups.

    ``U² = Σ_g (Σ_i v_i · s_ig · u_ig)²``: linear inside a group, in quadrature across groups;
    an independent component is a group of its own.

    Parameters
    ----------
    aggregates : iterable of Aggregate
        In any order; the result is the same to the last bit. [t CO2e]

    Returns
    -------
    Approach1
        Total, half-width, contributions and the components wider than ``NORMAL_LIMIT``.

    Raises
    ------
    UncertaintyError
        If two aggregates have one id.

    References
    ----------
    .. [1] IPCC (2006), Guidelines for National Greenhouse Gas Inventories, vol. 1, ch. 3,
       section 3.2.3.1, eqs. 3.1 (products) and 3.2 (sums).

    """
    ordered = in_order(aggregates)
    groups, independent = linear_terms(ordered)
    total = math.fsum(a.value for a in ordered)
    parts = contributions(
        {g: math.fsum(terms) for g, terms in groups.items()},
        {a: root_sum_square(terms) for a, terms in independent.items()},
    )
    half_width = root_sum_square(p.half_width for p in parts)
    return Approach1(total, half_width, parts, _wide(ordered))


def in_order(aggregates: Iterable[Aggregate]) -> tuple[Aggregate, ...]:
    """Sort aggregates by id; two with one id raise :class:`UncertaintyError`."""
    ordered = tuple(sorted(aggregates, key=lambda a: a.id))
    for one, other in pairwise(ordered):
        if one.id == other.id:
            raise UncertaintyError(f"two aggregates have the id {one.id!r}")
    return ordered


def linear_terms(
    aggregates: Iterable[Aggregate],
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """First-order errors (value × exponent × half-width), by group and by aggregate.

    Returns
    -------
    tuple of dict
        Signed terms of each correlation group; terms of the independent components of each
        aggregate. In the unit of the values.

    """
    groups: dict[str, list[float]] = defaultdict(list)
    independent: dict[str, list[float]] = defaultdict(list)
    for aggregate in aggregates:
        for component in aggregate.components:
            term = aggregate.value * component.effect
            if component.group:
                groups[component.group].append(term)
            else:
                independent[aggregate.id].append(term)
    return dict(groups), dict(independent)


def contributions(
    groups: dict[str, float], independent: dict[str, float]
) -> tuple[Contribution, ...]:
    """Rank half-widths of groups and of independent errors by their share of the variance."""
    widths: list[tuple[str, Literal["group", "independent"], float]] = [
        *((name, "group", abs(width)) for name, width in groups.items()),
        *((name, "independent", abs(width)) for name, width in independent.items()),
    ]
    widths.sort(key=lambda w: (-w[2], w[1], w[0]))
    variance = math.fsum(w * w for _, _, w in widths)
    return tuple(
        Contribution(name, kind, width, width * width / variance if variance else 0.0)
        for name, kind, width in widths
    )


def _wide(ordered: Iterable[Aggregate]) -> tuple[WideComponent, ...]:
    widest: dict[str, float] = {}
    for aggregate in ordered:
        for component in aggregate.components:
            width = abs(component.effect)
            name = component.group or aggregate.id
            if width > NORMAL_LIMIT and width > widest.get(name, 0.0):
                widest[name] = width
    return tuple(WideComponent(name, width) for name, width in sorted(widest.items()))
