"""Scope 2 by market: which part of each load an instrument covers, and what is left.

Certificates, contracts and supplier-specific factors cover the load of the entity that owns
them, in their market and vintage window, never more than the load. The rest is residual.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from linyin.lake import Where
from linyin.organization import Period

__all__ = ["ORDER", "RULE", "Instrument", "Load", "Part", "Surplus", "allocate", "claimable"]

ORDER: Final = ("certificate", "contract", "supplier")
RULE: Final = 2
"""Version of how an instrument is divided among years: 1 counted all of it in each of them."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A claim on the attributes of energy.

    Attributes
    ----------
    quantity
        Energy that it covers; None = as much as its owner uses (a supplier's factor). [kWh]
    co2_kg
        Emissions of the energy. [kg/kWh]
    begin, end
        Vintage window: half-open days of consumption that it may cover.
    site
        Site that it is bound to; '' = all sites of its owner in the market.
    claimed
        Reporting year that it is retired for; None = divided by the days of its window.
    at
        Where it is stated.

    """

    instrument: str
    kind: Literal["contract", "certificate", "supplier"]
    owner: str
    market: str
    energy: str
    quantity: Fraction | None
    co2_kg: Fraction
    begin: date
    end: date
    site: str = ""
    claimed: Period | None = None
    at: Where = field(default_factory=Where)


@dataclass(frozen=True, slots=True)
class Load:
    """Energy that one context uses on one piece of time.

    Attributes
    ----------
    places
        From the site outwards; a market is one of them.
    energy
        `electricity`, `heat`, `steam` or `cooling`.
    quantity
        [kWh]

    """

    key: tuple[int, date]
    owner: str
    site: str
    places: tuple[str, ...]
    energy: str
    begin: date
    end: date
    quantity: Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """Part `[lo, hi)` of a load that an instrument covers; None = what none covers."""

    lo: Fraction
    hi: Fraction
    instrument: Instrument | None


@dataclass(frozen=True, slots=True)
class Surplus:
    """Energy of an instrument that no load of its owner takes.

    Attributes
    ----------
    quantity
        Energy that is left. [kWh]
    has_load
        Whether there is any load that it may cover, be it covered by others.

    """

    instrument: Instrument
    quantity: Fraction
    has_load: bool


def claimable(instrument: Instrument, year: Period) -> Instrument | None:
    """Return what a reporting year may claim of an instrument; over all years, it once.

    A whole instrument belongs to the year that it is claimed for, or that its window lies in.
    Of one that reaches over a year's end and names none, each year has the share of its days.

    Parameters
    ----------
    instrument : Instrument
    year : Period
        Period of a run.

    Returns
    -------
    Instrument or None
        With the quantity that the year may claim; None where there is nothing.

    References
    ----------
    .. [1] GHG Protocol Scope 2 Guidance (2015), table 7.1, criterion 3: an instrument is
       tracked, redeemed or retired for one claim only.

    """
    window = Period(instrument.begin, instrument.end)
    inside = window.overlap(year)
    if inside is None or instrument.claimed not in (None, year):
        return None
    if instrument.quantity is None or instrument.claimed is not None:
        return instrument
    share = Fraction(inside.days, window.days)
    return replace(instrument, quantity=instrument.quantity * share)


def allocate(
    loads: Sequence[Load],
    instruments: Sequence[Instrument],
    rule: Literal["proportional", "in order"],
) -> tuple[dict[tuple[int, date], list[Part]], list[Surplus]]:
    """Spread instruments over loads.

    Parameters
    ----------
    loads, instruments : sequences
        Their order does not matter: instruments go by kind (certificate, contract,
        supplier), then id; loads by site, key.
    rule : {'proportional', 'in order'}
        Pro rata to the loads still uncovered, or site after site.

    Returns
    -------
    parts : dict
        Every load's parts in order; they cover it from 0 to 1 without a gap.
    surplus : list of Surplus
        What instruments hold beyond the load, and those that fit none, in the order of the
        instruments.

    References
    ----------
    .. [1] GHG Protocol Scope 2 Guidance (2015), ch. 7, Scope 2 Quality Criteria.

    """
    left: dict[tuple[int, date], Fraction] = {
        load.key: max(load.quantity, Fraction(0)) for load in loads
    }
    taken: defaultdict[tuple[int, date], list[tuple[Instrument, Fraction]]] = defaultdict(list)
    surplus: list[Surplus] = []
    ordered_loads = sorted(loads, key=lambda load: (load.site, load.key))
    for instrument in sorted(instruments, key=lambda i: (ORDER.index(i.kind), i.instrument)):
        fitting = [load for load in ordered_loads if _fits(instrument, load)]
        open_loads = [load for load in fitting if left[load.key] > 0]
        demand = sum((left[load.key] for load in open_loads), Fraction(0))
        supply = demand if instrument.quantity is None else instrument.quantity
        for load, share in _spread(open_loads, left, min(supply, demand), demand, rule):
            taken[load.key].append((instrument, share))
            left[load.key] -= share
        if supply > demand or not fitting:
            surplus.append(Surplus(instrument, supply - demand, has_load=bool(fitting)))
    return {load.key: _parts(load, taken[load.key]) for load in loads}, surplus


def _fits(instrument: Instrument, load: Load) -> bool:
    return (
        instrument.owner == load.owner
        and instrument.energy == load.energy
        and instrument.market in load.places
        and instrument.site in ("", load.site)
        and instrument.begin < load.end
        and load.begin < instrument.end
    )


def _spread(
    loads: Sequence[Load],
    left: Mapping[tuple[int, date], Fraction],
    supply: Fraction,
    demand: Fraction,
    rule: str,
) -> list[tuple[Load, Fraction]]:
    if rule == "proportional":
        return [(load, left[load.key] * supply / demand) for load in loads] if demand else []
    shares = []
    for load in loads:
        share = min(left[load.key], supply)
        supply -= share
        if share:
            shares.append((load, share))
    return shares


def _parts(load: Load, taken: Sequence[tuple[Instrument, Fraction]]) -> list[Part]:
    parts, lo = [], Fraction(0)
    for instrument, energy in taken:
        hi = lo + energy / load.quantity
        parts.append(Part(lo, hi, instrument))
        lo = hi
    if lo < 1:
        parts.append(Part(lo, Fraction(1), None))
    return parts
