"""One source before and after as products of its causes, and its change split into them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final, Literal

from linyin.inventory.attribution import (
    DecompositionError,
    Method,
    lmdi,
    shapley,
    whole_milligrams,
)
from linyin.inventory.diff_gases import Gases, split_by_gas
from linyin.inventory.diff_legs import QUANTUM_BITS, Slice, kind_of
from linyin.inventory.diff_matching import Pair
from linyin.inventory.diff_simple import (
    as_product,
    differ,
    only_gwp_differs,
    shapley_of_three,
    whole,
)
from linyin.inventory.diff_states import is_uniform, state_of
from linyin.ledger import parse_unit

__all__ = ["PRODUCT", "ROUNDING", "split"]

PRODUCT: Final = ("activity", "structure", "method", "factor", "gwp", "instruments")
ROUNDING: Final = "rounding"
GWP: Final = PRODUCT.index("gwp")
NOISE: Final = Fraction(1, 10**13)
"""Values that differ by less, relatively, are one value worked out on two ways in floats."""

_ZERO, _ONE = Fraction(0), Fraction(1)

type Row = list[Fraction]


def split(
    pair: Pair,
    gases: tuple[Gases, Gases] | None,
    bases: tuple[Mapping[str, str], Mapping[str, str]],
    *,
    method: Method,
    estimated: Fraction | None = None,
) -> dict[str, int]:
    """Split the change of a source that is on both sides.

    Its emissions are ``quantity × share × factor × GWP × instruments`` a gas, where the factor
    counts as `method` if another method, version, boundary or basis gave it.

    Parameters
    ----------
    pair : Pair
        With slices on both sides.
    gases : pair of Gases, optional
        How to take multipliers apart by gas, if the GWP sets differ.
    bases : pair of mappings
        Factor → basis (average, residual, supplier …), before and after.
    method : str
    estimated : Fraction, optional
        Part of the change of the quantity that came from replacing estimates. [-]

    Returns
    -------
    dict of str to int
        Causes with a part; they add up to the change. [mg CO2e]

    Raises
    ------
    DecompositionError
        If the slices do not make the mass of their entries, or as :func:`lmdi`.

    """
    masses = [sum(s.mass for s in side if s.reported) for side in (pair.before, pair.after)]
    change = masses[1] - masses[0]
    if gases is None and estimated is None and method == "shapley":
        simple = _simple(pair, masses, bases)
        if simple is not None:
            return simple
    if gases is not None and estimated is None and only_gwp_differs(pair.before, pair.after):
        return {"gwp": change} if change else {}
    before, after = _rows(pair, gases, bases)
    for rows, mass, side in zip((before, after), masses, (pair.before, pair.after), strict=True):
        _require(math.fsum(math.prod(map(float, row)) for row in rows), mass, side)
    moved = {
        k for a, b in zip(before, after, strict=True) for k in range(len(PRODUCT)) if a[k] != b[k]
    }
    if len(moved) == 1:
        parts: dict[str, Fraction | float] = {PRODUCT[moved.pop()]: Fraction(change)}
    elif method == "shapley":
        parts = dict(shapley(before, after, PRODUCT))
    else:
        parts = dict(lmdi(before, after, PRODUCT))
    if estimated is not None and parts.get("activity"):
        replaced = Fraction(parts["activity"]) * estimated
        parts |= {"activity": Fraction(parts["activity"]) - replaced, "estimates": replaced}
    return _whole(parts, change)


def _simple(
    pair: Pair, masses: Sequence[int], bases: tuple[Mapping[str, str], Mapping[str, str]]
) -> dict[str, int] | None:
    """Split a source with one share and factor on each side; None for any other."""
    before, after = as_product(pair.before), as_product(pair.after)
    if before is None or after is None or pair.before[0].unit != pair.after[0].unit:
        return None
    for product, mass, side in zip((before, after), masses, (pair.before, pair.after), strict=True):
        _require(math.prod(map(float, product)), mass, side)
    change = masses[1] - masses[0]
    moved = [
        k for k in range(3) if differ(before[k], after[k]) or (k == 0 and before[0] != after[0])
    ]
    if not moved:
        return {ROUNDING: change} if change else {}
    names = ("activity", "structure", _factor_or_method(pair, bases))
    if len(moved) == 1:
        return {names[moved[0]]: change} if change else {}
    parts = shapley_of_three(before, after)
    return _signed({names[k]: parts[k] for k in moved}, change, whole)


def _factor_or_method(
    pair: Pair, bases: tuple[Mapping[str, str], Mapping[str, str]]
) -> Literal["method", "factor"]:
    before, after = _signature(pair.before, bases[0]), _signature(pair.after, bases[1])
    return "method" if before and after and before != after else "factor"


def _signed[N: (float, Fraction)](
    parts: Mapping[str, N], change: int, rounded: Callable[[Mapping[str, N], int], dict[str, int]]
) -> dict[str, int]:
    """Round so that the split of the way back is the negative of the split of the way there."""
    first = next((parts[name] for name in sorted(parts) if parts[name]), 0)
    sign = -1 if change < 0 or (change == 0 and first < 0) else 1
    found = rounded({name: sign * part for name, part in parts.items()}, sign * change)
    return {name: sign * mass for name, mass in found.items() if mass}


def _whole(parts: Mapping[str, Fraction | float], change: int) -> dict[str, int]:
    if not any(parts.values()):
        return {ROUNDING: change} if change else {}
    return _signed({name: Fraction(part) for name, part in parts.items()}, change, _exactly)


def _exactly(parts: Mapping[str, Fraction], total: int) -> dict[str, int]:
    return whole_milligrams(parts, total)


def _rows(
    pair: Pair,
    gases: tuple[Gases, Gases] | None,
    bases: tuple[Mapping[str, str], Mapping[str, str]],
) -> tuple[list[Row], list[Row]]:
    sides = (pair.before, pair.after)
    scales = _scales(sides)
    where = PRODUCT.index(_factor_or_method(pair, bases))
    if scales is not None and not all(map(is_uniform, sides)):
        matched = _matched(sides)
        if matched:
            rows: tuple[list[Row], list[Row]] = ([], [])
            for one, other in matched:
                more = _of_states(((one,), (other,)), scales, gases, where, exact=True)
                rows[0].extend(more[0])
                rows[1].extend(more[1])
            return rows
    exact = scales is not None and all(map(is_uniform, sides))
    return _of_states(sides, scales, gases, where, exact=exact)


def _signature(side: Sequence[Slice], bases: Mapping[str, str]) -> frozenset[tuple[object, ...]]:
    return frozenset(
        (s.method, s.version, s.boundary, bases.get(s.factor_id, ""))
        for s in side
        if s.reported and not s.instrument
    )


def _scales(sides: Sequence[Sequence[Slice]]) -> Mapping[str, Fraction] | None:
    """Return how many of one unit each unit is; None if the amounts cannot be compared."""
    units = {s.unit for side in sides for s in side}
    if len(units) == 1:
        return dict.fromkeys(units, _ONE)
    if len({kind_of(unit) for unit in units}) > 1:
        return None
    return {unit: parse_unit(unit).factor for unit in units}


def _matched(sides: Sequence[Sequence[Slice]]) -> list[tuple[Slice, Slice]]:
    """Pair the slices one by one if both sides are cut in the same way."""
    named = [
        {(s.role, s.when, s.part, s.context, s.instrument, s.line): s for s in side}
        for side in sides
    ]
    whole = all(len(n) == len(side) for n, side in zip(named, sides, strict=True))
    if not whole or named[0].keys() != named[1].keys():
        return []
    return [(named[0][name], named[1][name]) for name in sorted(named[0], key=repr)]


def _of_states(
    sides: tuple[Sequence[Slice], Sequence[Slice]],
    scales: Mapping[str, Fraction] | None,
    gases: tuple[Gases, Gases] | None,
    where: int,
    *,
    exact: bool,
) -> tuple[list[Row], list[Row]]:
    a = state_of(sides[0], scales, gases[0] if gases else None)
    b = state_of(sides[1], scales, gases[1] if gases else None)
    if a is None or b is None:
        totals = [Fraction(sum(s.mass for s in side if s.reported)) for side in sides]
        return [_row(activity=totals[0])], [_row(activity=totals[1])]
    quantity = (a.quantity, b.quantity) if exact else _same(a.quantity, b.quantity)
    structure = _same(a.structure, b.structure)
    covered = _same(_known(a.covered, b.covered), _known(b.covered, a.covered))
    of_covered = (
        a.of_covered if a.covered is not None else b.of_covered,
        b.of_covered if b.covered is not None else a.of_covered,
    )
    rows: tuple[list[Row], list[Row]] = ([], [])
    for gas in sorted(a.gases.keys() | b.gases.keys()):
        of_gas = (
            a.gases.get(gas, _ZERO) if a.gases else b.gases[gas],
            b.gases.get(gas, _ZERO) if b.gases else a.gases[gas],
        )
        masses = _same(*of_gas)
        warming = _same(*split_by_gas(gas, gases)) if gases else (_ONE, _ONE)
        for side in (0, 1):
            row = _row(quantity[side], structure[side], instruments=1 - covered[side])
            row[where] *= masses[side]
            row[GWP] = warming[side]
            rows[side].append(row)
    if any(covered):
        of = _same(covered[0] * of_covered[0], covered[1] * of_covered[1])
        for side in (0, 1):
            rows[side].append(_row(quantity[side], structure[side], instruments=of[side]))
    return rows


def _known(own: Fraction | None, other: Fraction | None) -> Fraction:
    if own is not None:
        return own
    return other if other is not None else _ZERO


def _row(
    activity: Fraction = _ONE, structure: Fraction = _ONE, instruments: Fraction = _ONE
) -> Row:
    return [activity, structure, _ONE, _ONE, _ONE, instruments]


def _same(a: Fraction, b: Fraction) -> tuple[Fraction, Fraction]:
    """Make two values one if only the way of working them out differs."""
    if a != b and abs(a - b) <= NOISE * max(abs(a), abs(b)):
        either = min(a, b)
        return either, either
    return a, b


def _require(product: float, mass: int, side: Sequence[Slice]) -> None:
    entries = sum(s.entries for s in side)
    weight = sum(abs(s.quantity * s.factor * s.share) for s in side) / 2**QUANTUM_BITS
    heaviest = max(abs(s.factor) for s in side)
    slack = entries * (0.5 + heaviest / 2**QUANTUM_BITS) + 1e-11 * weight + 1e-3
    if abs(product - mass) > slack:
        at = side[0].at
        raise DecompositionError(
            f"{at.site} {at.source_type} {at.item}: legs make {product} mg, entries {mass} mg"
        )
