"""Uncertainty of totals and trends by Monte Carlo simulation (IPCC approach 2).

Each correlation group draws from a stream of its own that depends on the seed and its name only:
the order of aggregates changes nothing, and a further group changes no other group's draws.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

from linyin.ledger.uncertainty import (
    NORMAL_LIMIT,
    Aggregate,
    Component,
    UncertaintyError,
    in_order,
    relative_to,
)

DRAWS = 100_000
CONVERGED = 0.01
"""Relative standard error of the half-width below which a simulation counts as converged [-]."""
CHUNK = 2_000
BATCHES = 10
Z975 = NormalDist().inv_cdf(0.975)

type Array = npt.NDArray[np.float64]
type Distribution = Literal["normal", "lognormal", "two-piece normal"]


@dataclass(frozen=True, slots=True)
class Simulated:
    """Result of a simulation: mean and 2.5 % and 97.5 % percentiles.

    A total is in t CO2e, a trend in fractions of the base year. ``point`` is the value without
    errors; ``standard_error`` that of the half-width, as a fraction of it. [-]
    """

    point: float
    mean: float
    low: float
    high: float
    draws: int
    seed: int
    standard_error: float

    @property
    def half_width(self) -> float:
        """Half the distance between the percentiles."""
        return (self.high - self.low) / 2

    @property
    def relative(self) -> float | None:
        """Half-width as a fraction of the mean; None for a mean of zero [-]."""
        return relative_to(self.half_width, self.mean)

    @property
    def converged(self) -> bool:
        """Whether further draws would move the half-width by about one per cent at most [1]_.

        References
        ----------
        .. [1] IPCC (2006), Guidelines for National Greenhouse Gas Inventories, vol. 1, ch. 3,
           section 3.2.3.2, step 4.

        """
        return self.standard_error <= CONVERGED


def distribution(component: Component) -> Distribution:
    """Shape that a component's error is drawn from.

    - symmetric, up to ± 30 %: ``normal``;
    - symmetric, wider: ``lognormal`` with mean 1 and the coefficient of variation of the
      half-width (half-width / 1.96), so that no draw is negative and the mean is kept;
    - asymmetric, longer upwards, lower end above zero: ``lognormal`` whose 2.5 % and 97.5 %
      percentiles are the ends of the interval;
    - asymmetric otherwise: ``two-piece normal`` about the value, its percentiles the ends of
      the interval, draws below zero set to zero.

    References
    ----------
    .. [1] IPCC (2006), Guidelines for National Greenhouse Gas Inventories, vol. 1, ch. 3,
       sections 3.2.2.4 and 3.7.3.

    """
    if component.is_symmetric:
        return "normal" if component.half_width <= NORMAL_LIMIT else "lognormal"
    if component.high > component.low and component.low < 1:
        return "lognormal"
    return "two-piece normal"


def simulate(aggregates: Iterable[Aggregate], *, seed: int, draws: int = DRAWS) -> Simulated:
    """Uncertainty of a total by Monte Carlo simulation.

    Memory grows with the groups and the draws, time with (components × draws), neither with
    the rows behind the aggregates.

    Parameters
    ----------
    aggregates : iterable of Aggregate
        In any order; the result is the same to the last bit. [t CO2e]
    seed : int
        Same seed, same draws.
    draws : int
        At least 1,000.

    Raises
    ------
    UncertaintyError
        If two aggregates have one id or there are fewer than 1,000 draws.

    References
    ----------
    .. [1] IPCC (2006), Guidelines for National Greenhouse Gas Inventories, vol. 1, ch. 3,
       section 3.2.3.2.

    """
    ordered = in_order(aggregates)
    totals = draw_totals(ordered, seed=seed, draws=draws)
    return _summary(math.fsum(a.value for a in ordered), totals, seed)


def simulate_trend(
    base: Iterable[Aggregate], year: Iterable[Aggregate], *, seed: int, draws: int = DRAWS
) -> Simulated:
    """Uncertainty of the relative change of a total between two years by simulation.

    Groups draw the same errors in both years, independent components draw anew.

    Parameters
    ----------
    base, year : iterable of Aggregate
        Aggregates of the base year and of the year. [t CO2e]
    seed : int
        Same seed, same draws.
    draws : int
        At least 1,000.

    Returns
    -------
    Simulated
        The change since the base year as a fraction. [-]

    Raises
    ------
    UncertaintyError
        If two aggregates of a year have one id, there are fewer than 1,000 draws, or the base
        year's total is not above zero in every draw.

    References
    ----------
    .. [1] IPCC (2006), Guidelines for National Greenhouse Gas Inventories, vol. 1, ch. 3,
       section 3.2.3.2.

    """
    first, last = in_order(base), in_order(year)
    before = draw_totals(first, seed=seed, draws=draws, realm="base")
    after = draw_totals(last, seed=seed, draws=draws, realm="year")
    base_total = math.fsum(a.value for a in first)
    if base_total <= 0 or before.min() <= 0:
        raise UncertaintyError("the base year may be zero or less: no relative change")
    point = math.fsum(a.value for a in last) / base_total - 1
    return _summary(point, after / before - 1, seed)


def draw_totals(
    aggregates: Iterable[Aggregate], *, seed: int, draws: int, realm: str = ""
) -> Array:
    """Draw a total ``draws`` times.

    Parameters
    ----------
    aggregates : iterable of Aggregate
        In any order. [t CO2e]
    seed : int
        Same seed, same draws.
    draws : int
        At least 1,000.
    realm : str
        Independent components draw apart in different realms (years), groups do not.

    Returns
    -------
    ndarray of float64, shape (draws,)
        Totals. [t CO2e]

    Raises
    ------
    UncertaintyError
        If two aggregates have one id or there are fewer than 1,000 draws.

    """
    if draws < 1_000:
        raise UncertaintyError(f"{draws} draws are too few: take 1,000 or more")
    terms = [_Term(a, seed, realm) for a in in_order(aggregates)]
    shared = {c: error_of(c) for term in terms for c in term.shared}
    streams = {group: _stream(seed, "group", group) for group in {c.group for c in shared}}
    totals = np.empty(draws)
    for begin in range(0, draws, CHUNK):
        size = min(CHUNK, draws - begin)
        deviates = {group: stream.standard_normal(size) for group, stream in streams.items()}
        errors = {c: error(deviates[c.group]) for c, error in shared.items()}
        total = np.zeros(size)
        for term in terms:
            total += term.draw(errors, size)
        totals[begin : begin + size] = total
    return totals


def error_of(component: Component) -> Callable[[Array], Array]:
    """Turn standard normal deviates into multipliers of the aggregate, monotonously.

    See :func:`distribution` for the shapes.
    """
    shape = distribution(component)
    low, high, exponent = component.low, component.high, component.exponent
    if shape == "lognormal":
        if component.is_symmetric:
            variance = math.log1p((component.half_width / Z975) ** 2)
            sigma, mu = math.sqrt(variance), -variance / 2
        else:
            sigma = (math.log1p(high) - math.log1p(-low)) / (2 * Z975)
            mu = (math.log1p(high) + math.log1p(-low)) / 2
        return lambda z: np.exp(exponent * (mu + sigma * z))
    if shape == "normal":
        return lambda z: _power(1 + z * (component.half_width / Z975), exponent)
    return lambda z: _power(
        np.maximum(1 + np.where(z < 0, low / Z975, high / Z975) * z, 0.0), exponent
    )


class _Term:
    """An aggregate with the streams of its independent components."""

    def __init__(self, aggregate: Aggregate, seed: int, realm: str) -> None:
        ordered = sorted(aggregate.components, key=lambda c: (c.group, c.low, c.high, c.exponent))
        self.value = aggregate.value
        self.shared = tuple(c for c in ordered if c.group)
        self._own = tuple(
            (error_of(c), _stream(seed, "independent", realm, aggregate.id, str(number)))
            for number, c in enumerate(c for c in ordered if not c.group)
        )

    def draw(self, errors: dict[Component, Array], size: int) -> Array:
        drawn = np.full(size, self.value, dtype=np.float64)
        for component in self.shared:
            drawn *= errors[component]
        for error, stream in self._own:
            drawn *= error(stream.standard_normal(size))
        return drawn


def _stream(seed: int, *names: str) -> np.random.Generator:
    text = "\x1f".join((str(seed), *names)).encode()
    entropy = int.from_bytes(hashlib.sha256(text).digest())
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))


def _power(base: Array, exponent: float) -> Array:
    if exponent == 1:
        return base
    return np.power(base, exponent)


def _summary(point: float, drawn: Array, seed: int) -> Simulated:
    low, high = _ends(drawn)
    ends = [_ends(batch) for batch in np.array_split(drawn, BATCHES)]
    error = float(np.std([(b - a) / 2 for a, b in ends], ddof=1)) / math.sqrt(BATCHES)
    return Simulated(
        point=point,
        mean=float(drawn.mean()),
        low=low,
        high=high,
        draws=len(drawn),
        seed=seed,
        standard_error=2 * error / (high - low) if high > low else 0.0,
    )


def _ends(drawn: Array) -> tuple[float, float]:
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(low), float(high)
