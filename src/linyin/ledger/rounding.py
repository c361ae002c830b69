"""Whole milligrams: the one rule of rounding, exact and in float64.

Half away from zero, so that an emission and its reversal round to opposite numbers.
"""

from __future__ import annotations

import math
from fractions import Fraction

__all__ = ["milligrams", "round_half_away"]


def milligrams(value: Fraction) -> int:
    """Round an exact mass to whole milligrams, half away from zero.

    Parameters
    ----------
    value : Fraction
        Mass. [mg]

    Returns
    -------
    int
        The nearest whole number; of two equally near the one further from zero. [mg]

    """
    size = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return size if value >= 0 else -size


def round_half_away(x: float) -> int:
    """Round a float64 mass to whole milligrams as the engines do: sign · floor(|x| + 0.5).

    The sum is taken in float64. Where it cannot be represented it is itself rounded, to even:
    the greatest float below 0.5 goes to 1, and odd whole numbers from 2^52 on (4.5 Mt) go up
    by one. The engines do just the same, which is what counts here; :func:`milligrams` is exact.

    Parameters
    ----------
    x : float
        Mass. [mg]

    Returns
    -------
    int
        Whole milligrams. [mg]

    Raises
    ------
    ValueError
        If `x` is not a number.
    OverflowError
        If `x` is infinite.

    """
    return int(math.copysign(math.floor(abs(x) + 0.5), x))
