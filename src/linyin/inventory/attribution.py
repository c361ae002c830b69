"""Splitting a change of products: Shapley values, or the logarithmic mean Divisia index.

Both give exact or nearly exact parts; whole milligrams that add up are made of them at the end.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

type Number = int | float | Decimal | Fraction
type Method = Literal["shapley", "lmdi"]


class DecompositionError(ValueError):
    """A change that can't be split, or input that is none."""


def exact(number: Number) -> Fraction:
    """Return a number as the fraction that it is, to the last bit.

    Raises
    ------
    DecompositionError
        If it is infinite or no number.

    """
    if isinstance(number, Fraction):
        return number
    try:
        return Fraction(number)
    except (OverflowError, ValueError) as error:
        raise DecompositionError(f"{number} is not a finite number") from error


def shapley(
    before: Sequence[Sequence[Number]],
    after: Sequence[Sequence[Number]],
    causes: Sequence[str],
) -> dict[str, Fraction]:
    """Shapley values of the change of a sum of products.

    ``E = Σ_i Π_k x_ik``. The part of a cause is its effect averaged over all orders in which the
    causes can change one after the other. For a product this average is a polynomial in the
    others' values before and after, so no order is walked: O(n³) for n causes and a source.

    Parameters
    ----------
    before, after : sequence of sequences, shape (sources, causes)
        Factors of each source. Floats are taken at their exact binary value.
    causes : sequence of str, shape (causes,)
        Names of the factors.

    Returns
    -------
    dict of str to Fraction
        Parts in the order of the causes; they add up to the change exactly.

    Raises
    ------
    DecompositionError
        If the shapes differ or a factor is not finite.

    References
    ----------
    .. [1] Shapley, L. S. (1953), A value for n-person games, Contributions to the Theory of
       Games II, Princeton.
    .. [2] Albrecht, J., François, D. and Schoors, K. (2002), A Shapley decomposition of carbon
       emissions without residuals, Energy Policy 30 (9).

    """
    parts = [Fraction(0)] * len(causes)
    for a, b in _rows(before, after, len(causes)):
        common = Fraction(1)
        moved = []
        for k, (x, y) in enumerate(zip(a, b, strict=True)):
            if x == y:
                common *= x
            else:
                moved.append(k)
        if common:
            for k, part in _shapley_of_product([a[k] for k in moved], [b[k] for k in moved]):
                parts[moved[k]] += common * part
    return dict(zip(causes, parts, strict=True))


def lmdi(
    before: Sequence[Sequence[Number]],
    after: Sequence[Sequence[Number]],
    causes: Sequence[str],
) -> dict[str, float]:
    """Additive LMDI-I of the change of a sum of products.

    ``ΔE_k = Σ_i L(E_i', E_i) · ln(x_ik' / x_ik)`` with the logarithmic mean ``L``. Zeros take
    their analytical limits: the whole change of a source that appears or vanishes belongs to the
    factors that left or reached zero, in equal parts.

    Parameters
    ----------
    before, after : sequence of sequences, shape (sources, causes)
        Factors of each source; a factor keeps its sign.
    causes : sequence of str, shape (causes,)
        Names of the factors.

    Returns
    -------
    dict of str to float
        Parts in the order of the causes; they add up to the change within float precision.

    Raises
    ------
    DecompositionError
        If the shapes differ, or a factor is not finite or changes its sign.

    References
    ----------
    .. [1] Ang, B. W. (2005), The LMDI approach to decomposition analysis: a practical guide,
       Energy Policy 33 (7), eqs. 3 and 5.
    .. [2] Wood, R. and Lenzen, M. (2006), Zero-value problems of the logarithmic mean Divisia
       index decomposition method, Energy Policy 34 (12), table 1.
    .. [3] Ang, B. W. and Liu, N. (2007), Handling zero values in the logarithmic mean Divisia
       index decomposition approach, Energy Policy 35 (1).

    """
    terms: list[list[float]] = [[] for _ in causes]
    for a, b in _rows(before, after, len(causes)):
        for k, term in enumerate(_lmdi_of_product(a, b, causes)):
            terms[k].append(term)
    return {cause: math.fsum(t) for cause, t in zip(causes, terms, strict=True)}


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


def logarithmic_mean(a: Number, b: Number) -> float:
    """Logarithmic mean ``(a - b) / ln(a / b)`` of two numbers of one sign; 0 if one is zero.

    Raises
    ------
    DecompositionError
        If the signs differ.

    References
    ----------
    .. [1] Ang, B. W. (2004), Decomposition analysis for policymaking in energy: which is the
       preferred method?, Energy Policy 32 (9).

    """
    x, y = exact(a), exact(b)
    if x * y < 0:
        raise DecompositionError(f"{a} and {b} have no logarithmic mean")
    if not x or not y:
        return 0.0
    if x == y:
        return float(x)
    return float(x - y) / _log_ratio(x, y)


def _shapley_of_product(
    before: Sequence[Fraction], after: Sequence[Fraction]
) -> list[tuple[int, Fraction]]:
    n = len(before)
    scale = 1
    low: list[int] = []
    high: list[int] = []
    for x, y in zip(before, after, strict=True):
        common = math.lcm(x.denominator, y.denominator)
        low.append(x.numerator * (common // x.denominator))
        high.append(y.numerator * (common // y.denominator))
        scale *= common
    scale *= math.factorial(n)
    parts = []
    for k in range(n):
        coefficients = [1]
        for j in range(n):
            if j != k:
                coefficients = _times(coefficients, low[j], high[j])
        mean = sum(w * c for w, c in zip(_orders(n), coefficients, strict=True))
        parts.append((k, Fraction((high[k] - low[k]) * mean, scale)))
    return parts


def _times(coefficients: Sequence[int], constant: int, slope: int) -> list[int]:
    """Multiply a polynomial by (constant + slope · t)."""
    product = [constant * c for c in coefficients] + [0]
    for power, c in enumerate(coefficients, start=1):
        product[power] += slope * c
    return product


@cache
def _orders(n: int) -> tuple[int, ...]:
    """Count the orders of n causes in which s others come before a given one, s = 0 … n - 1."""
    return tuple(math.factorial(s) * math.factorial(n - 1 - s) for s in range(n))


def _lmdi_of_product(
    before: Sequence[Fraction], after: Sequence[Fraction], causes: Sequence[str]
) -> list[float]:
    for cause, x, y in zip(causes, before, after, strict=True):
        if x * y < 0:
            raise DecompositionError(
                f"{cause} changes its sign ({float(x)} to {float(y)}): LMDI has no answer, "
                "Shapley has"
            )
    total_before, total_after = math.prod(before), math.prod(after)
    if not total_before and not total_after:
        return [0.0] * len(causes)
    if not total_before or not total_after:
        zeros = [not x for x in (before if total_after else after)]
        share = float((total_after - total_before) / sum(zeros))
        return [share if zero else 0.0 for zero in zeros]
    mean = logarithmic_mean(total_after, total_before)
    return [mean * _log_ratio(y, x) for x, y in zip(before, after, strict=True)]


def _log_ratio(x: Fraction, y: Fraction) -> float:
    ratio = x / y
    if Fraction(1, 2) < ratio < 2:
        return math.log1p(float(ratio - 1))
    return math.log(ratio.numerator) - math.log(ratio.denominator)


def _rows(
    before: Sequence[Sequence[Number]], after: Sequence[Sequence[Number]], width: int
) -> list[tuple[list[Fraction], list[Fraction]]]:
    if len(before) != len(after):
        raise DecompositionError(f"{len(before)} sources before, {len(after)} after")
    rows = []
    for a, b in zip(before, after, strict=True):
        if not len(a) == len(b) == width:
            raise DecompositionError(f"{len(a)} and {len(b)} factors but {width} causes")
        rows.append(([exact(x) for x in a], [exact(x) for x in b]))
    return rows
