"""Split the change between two inventories into named causes.

Emissions are a sum over sources of a product of factors, one for each cause (activity, structure,
emission factor, GWP …). Whole milligrams add up exactly; what only one cause moved falls on it.
:mod:`linyin.inventory.attribution` holds the two methods.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from linyin.inventory.attribution import DecompositionError, Number, exact, lmdi, shapley

type Method = Literal["shapley", "lmdi"]

NEW = "new sources"
MISSING = "missing sources"
ROUNDING = "rounding"
FLOAT_DIGITS = 10**12
"""Entries are worked out in floats: a product may also miss the mass by one in this many."""


@dataclass(frozen=True, slots=True)
class State:
    """A source in one inventory: its factors, in the order of the causes, and its emissions.

    The product of the factors is the mass, but for the rounding of its entries. [mg CO2e]
    """

    factors: tuple[Number, ...]
    mass_mg: int


@dataclass(frozen=True, slots=True)
class Source:
    """A source before and after; None where it does not exist.

    ``entries`` is how many rounded entries are behind the larger state: the product may miss the
    booked mass by half a milligram for each.
    """

    id: str
    before: State | None
    after: State | None
    entries: int = 1


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Parts of a change, which add up to it [mg CO2e].

    ``parts`` holds every cause, then ``new sources``, ``missing sources`` and, where a source
    moved by rounding alone, ``rounding``; ``by_source`` the same for each source that changed.
    """

    method: Method
    change_mg: int
    parts: dict[str, int]
    by_source: dict[str, dict[str, int]]


def decompose(
    sources: Iterable[Source], causes: Sequence[str], *, method: Method = "shapley"
) -> Decomposition:
    """Split a change of emissions into causes, to the milligram.

    Parameters
    ----------
    sources : iterable of Source
        In any order. [mg CO2e]
    causes : sequence of str
        Names of the factors, unique; one factor of each state for each.
    method : str
        ``shapley`` (exact, any sign) or ``lmdi`` (additive LMDI-I; factors must keep their sign).

    Returns
    -------
    Decomposition
        Parts that add up to the change exactly, of the whole and of each source.

    Raises
    ------
    DecompositionError
        If ids or causes repeat, factors and causes differ in number, the product of a source's
        factors is not its mass, or (LMDI) a factor changes its sign.

    """
    _require_unique("cause", [*causes, NEW, MISSING, ROUNDING])
    listed = list(sources)
    _require_unique("source", [s.id for s in listed])
    by_source = {s.id: parts for s in listed if (parts := _split(s, causes, method))}
    totals: dict[str, int] = defaultdict(int)
    for parts in by_source.values():
        for cause, mass in parts.items():
            totals[cause] += mass
    names = [*causes, NEW, MISSING, *((ROUNDING,) if totals[ROUNDING] else ())]
    return Decomposition(
        method=method,
        change_mg=sum(_mass(s.after) - _mass(s.before) for s in listed),
        parts={name: totals[name] for name in names},
        by_source=by_source,
    )


def whole_milligrams(parts: Mapping[str, Number], total: int) -> dict[str, int]:
    """Round parts to integers that add up to a total, by largest remainders.

    What the parts miss of the total goes to the largest of them first; parts of zero stay zero;
    equal remainders go by name.

    Parameters
    ----------
    parts : mapping of str to number
        Exact or nearly exact parts. [mg]
    total : int
        What the integers add up to. [mg]

    Raises
    ------
    DecompositionError
        If every part is zero and the total is not.

    """
    moved = {name: value for name, part in parts.items() if (value := exact(part))}
    if not moved:
        if total:
            raise DecompositionError(f"parts of zero do not add up to {total} mg")
        return dict.fromkeys(parts, 0)
    largest = min(moved, key=lambda name: (-abs(moved[name]), name))
    moved[largest] += total - sum(moved.values())
    floors = {name: part.numerator // part.denominator for name, part in moved.items()}
    missing = total - sum(floors.values())
    ranked = sorted(moved, key=lambda name: (floors[name] - moved[name], name))
    for name in ranked[:missing]:
        floors[name] += 1
    return {name: floors.get(name, 0) for name in parts}


def activity_and_structure(
    before: Mapping[str, Number], after: Mapping[str, Number]
) -> dict[str, tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]]:
    """Split quantities of one unit into their sum (activity) and their shares (structure).

    Parameters
    ----------
    before, after : mapping of str to number
        Quantities of the sources of one group, in one unit. Only sources in both count: new and
        missing ones are causes of their own.

    Returns
    -------
    dict
        Source → ((sum, share) before, (sum, share) after). The shares of a year add up to 1.

    Raises
    ------
    DecompositionError
        If a year's quantities add up to zero.

    """
    common = sorted(before.keys() & after.keys())
    years = []
    for quantities in (before, after):
        values = {source: exact(quantities[source]) for source in common}
        total = sum(values.values(), Fraction(0))
        if common and not total:
            raise DecompositionError("quantities that add up to zero have no structure")
        years.append({source: (total, q / total) for source, q in values.items()})
    return {source: (years[0][source], years[1][source]) for source in common}


def _split(source: Source, causes: Sequence[str], method: Method) -> dict[str, int]:
    if source.before is None or source.after is None:
        name = NEW if source.before is None else MISSING
        change = _mass(source.after) - _mass(source.before)
        return {name: change} if change else {}
    before, after = source.before, source.after
    change = after.mass_mg - before.mass_mg
    try:
        for state in (before, after):
            _require_product(state, source.entries, causes)
        parts = _attribute(before.factors, after.factors, causes, method)
    except DecompositionError as error:
        raise DecompositionError(f"source {source.id!r}: {error}") from error
    if not any(parts.values()):
        return {ROUNDING: change} if change else {}
    return {cause: mass for cause, mass in whole_milligrams(parts, change).items() if mass}


def _attribute(
    before: Sequence[Number], after: Sequence[Number], causes: Sequence[str], method: Method
) -> Mapping[str, Number]:
    if method == "shapley":
        return shapley([before], [after], causes)
    return lmdi([before], [after], causes)


def _require_product(state: State, entries: int, causes: Sequence[str]) -> None:
    if len(state.factors) != len(causes):
        raise DecompositionError(f"{len(state.factors)} factors but {len(causes)} causes")
    factors = [exact(factor) for factor in state.factors]
    numerator = math.prod(factor.numerator for factor in factors)
    denominator = math.prod(factor.denominator for factor in factors)
    off = abs(numerator - state.mass_mg * denominator)
    slack = entries * FLOAT_DIGITS + 2 * abs(state.mass_mg)
    if off * 2 * FLOAT_DIGITS > slack * denominator:
        raise DecompositionError(
            f"its factors make {numerator / denominator} mg, its entries {state.mass_mg} mg"
        )


def _mass(state: State | None) -> int:
    return state.mass_mg if state else 0


def _require_unique(what: str, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise DecompositionError(f"{what} {name!r} occurs twice")
        seen.add(name)
