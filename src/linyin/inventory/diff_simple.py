"""The split of a source with one factor on each side, in closed form: most sources are so."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from linyin.inventory.diff_legs import QUANTUM_BITS, Slice

__all__ = ["as_product", "differ", "only_gwp_differs", "shapley_of_three", "whole"]

NOISE: Final = 1e-13

type Product = tuple[int, float, float]


def as_product(side: Sequence[Slice]) -> Product | None:
    """Return a side as quantity, share and factor, in mg; None if it has more than one of them."""
    first = side[0]
    if first.instrument or not first.reported:
        return None
    quantity = first.quantity
    for s in side[1:]:
        if (
            s.instrument
            or not s.reported
            or (s.share, s.factor, s.unit) != (first.share, first.factor, first.unit)
        ):
            return None
        quantity += s.quantity
    return quantity, first.share, math.ldexp(first.factor, -QUANTUM_BITS)


def shapley_of_three(before: Product, after: Product) -> tuple[float, float, float]:
    """Shapley values of the change of a product of three numbers.

    ``Δx · ((y z + y' z') / 3 + (y z' + y' z) / 6)`` and so on in turn. Swapping the sides
    negates every value to the last bit.

    References
    ----------
    .. [1] Albrecht, J., François, D. and Schoors, K. (2002), A Shapley decomposition of carbon
       emissions without residuals, Energy Policy 30 (9).

    """
    a, b = tuple(map(float, before)), tuple(map(float, after))
    parts = []
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        straight, crossed = a[i] * a[j] + b[i] * b[j], a[i] * b[j] + b[i] * a[j]
        parts.append((b[k] - a[k]) * (straight / 3 + crossed / 6))
    return parts[0], parts[1], parts[2]


def only_gwp_differs(before: Sequence[Slice], after: Sequence[Slice]) -> bool:
    """Whether two sides agree in quantity, share and the multiplier of every gas.

    Further gases stand in CO2e and tell the sides apart, so that only a closer look can say.
    """
    a, b = as_product(before), as_product(after)
    if a is None or b is None or before[0].unit != after[0].unit or a[0] != b[0]:
        return False
    if differ(a[1], b[1]):
        return False
    masses = zip(before[0].gases, after[0].gases, strict=True)
    return not any(differ(x, y) for x, y in masses)


def differ(a: float, b: float) -> bool:
    """Whether two values differ by more than the way of working them out in floats."""
    return a != b and abs(a - b) > NOISE * max(abs(a), abs(b))


def whole(parts: Mapping[str, float], total: int) -> dict[str, int]:
    """Round parts to integers that add up to a total; what they miss goes to the largest first."""
    largest = max(sorted(parts), key=lambda name: abs(parts[name]))
    moved = dict(parts)
    moved[largest] = total - math.fsum(v for name, v in parts.items() if name != largest)
    floors = {name: math.floor(value) for name, value in moved.items()}
    ranked = sorted(moved, key=lambda name: (floors[name] - moved[name], name))
    for name in ranked[: max(0, total - sum(floors.values()))]:
        floors[name] += 1
    floors[largest] += total - sum(floors.values())
    return floors
