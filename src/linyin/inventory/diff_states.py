"""One source on one side, added up over its slices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from linyin.inventory.diff_gases import Gases
from linyin.inventory.diff_legs import QUANTUM_BITS, Slice

__all__ = ["State", "is_uniform", "state_of"]

_ZERO: Final = Fraction(0)
_ONE: Final = Fraction(1)


@dataclass(frozen=True, slots=True)
class State:
    """What a source's slices add up to.

    Attributes
    ----------
    quantity
        At 100 %, in multiples of 2⁻⁵⁰ of the unit.
    structure
        Share that is reported. [-]
    covered
        Share of the reported part that instruments cover; None where nothing is reported. [-]
    of_covered
        CO2e per quantity of the covered part. [mg]
    gases
        Gas → mass per quantity of the rest [mg]; empty where there is none.
    """

    quantity: Fraction
    structure: Fraction
    covered: Fraction | None
    of_covered: Fraction
    gases: Mapping[str, Fraction]


def is_uniform(side: Sequence[Slice]) -> bool:
    """Whether all slices are reported at one share and factor, without instruments."""
    first = side[0]
    return all(
        s.reported
        and not s.instrument
        and (s.share, s.factor, s.unit) == (first.share, first.factor, first.unit)
        for s in side
    )


def state_of(
    side: Sequence[Slice], scales: Mapping[str, Fraction] | None, gases: Gases | None
) -> State | None:
    """Add a side up; None if its amounts cancel out and only masses can be compared."""
    first = side[0]
    if scales is not None and is_uniform(side):
        scale = scales[first.unit]
        per = {
            gas: Fraction(k) / scale / 2**QUANTUM_BITS for gas, k in _per_gas(first, gases).items()
        }
        total = sum(s.quantity for s in side)
        return State(total * scale, Fraction(first.share), _ZERO, _ZERO, per)
    quantity = reported = covered = by_instruments = _ZERO
    sums: dict[str, Fraction] = {}
    for s in side:
        scale = scales[s.unit] if scales else _ONE
        amount = scale * s.quantity
        quantity += amount
        if not s.reported:
            continue
        own = amount * Fraction(s.share)
        reported += own
        weight = own / (scale * 2**QUANTUM_BITS)
        if s.instrument:
            covered += own
            by_instruments += weight * Fraction(s.factor)
            continue
        for gas, k in _per_gas(s, gases).items():
            sums[gas] = sums.get(gas, _ZERO) + weight * Fraction(k)
    if not quantity or (any(s.reported for s in side) and not reported):
        return None
    plain = reported - covered
    if scales is None:
        return _without_amounts(side, sums)
    return State(
        quantity,
        reported / quantity,
        covered / reported if reported else None,
        by_instruments / covered if covered else _ZERO,
        {gas: mass / plain for gas, mass in sums.items()} if plain else {},
    )


def _without_amounts(side: Sequence[Slice], sums: Mapping[str, Fraction]) -> State | None:
    """State a side whose amounts mean nothing to the other: its whole mass, by one share."""
    reported = [s for s in side if s.reported]
    shares = {s.share for s in reported}
    if len(shares) != 1 or any(s.instrument for s in reported):
        return None
    share = Fraction(shares.pop())
    return State(_ONE, share, _ZERO, _ZERO, {gas: mass / share for gas, mass in sums.items()})


def _per_gas(s: Slice, gases: Gases | None) -> Mapping[str, float | Fraction]:
    return gases.masses(s) if gases else {"": s.factor}
