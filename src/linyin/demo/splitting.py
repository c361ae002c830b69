"""Whole numbers cut into parts that sum to the whole, from a seed, alike on every platform."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

__all__ = ["Noise", "equal_parts", "weighted_parts"]

_MASK: Final = (1 << 64) - 1
_STEP: Final = 0x9E3779B97F4A7C15
_JITTER: Final = 600
"""How far a boundary of :func:`equal_parts` may move, in thousandths of a part."""


class Noise:
    """Random whole numbers from SplitMix64, which is defined by its arithmetic alone.

    Parameters
    ----------
    seed : int
    key : str
        What the numbers are for; another key gives other numbers.

    References
    ----------
    .. [1] Steele, Lea, Flood (2014), Fast splittable pseudorandom number generators,
       OOPSLA 2014, fig. 16 (the finalizer).

    """

    def __init__(self, seed: int, key: str) -> None:
        digest = hashlib.sha256(f"{seed}/{key}".encode()).digest()
        self._state = int.from_bytes(digest[:8], "big")

    def below(self, bound: int) -> int:
        """Return a whole number in [0, bound)."""
        self._state = (self._state + _STEP) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return (mixed ^ (mixed >> 31)) % bound


def weighted_parts(total: int, weights: Sequence[int]) -> list[int]:
    """Cut a whole in proportion to weights.

    Parameters
    ----------
    total : int
        Zero or more.
    weights : sequence of int, shape (n,)
        Zero or more each, with a sum above zero.

    Returns
    -------
    list of int, shape (n,)
        They sum to `total`; each is within one of its exact share.

    Raises
    ------
    ValueError
        If no weight is above zero.

    """
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("weights need a sum above zero")
    parts, passed, taken = [], 0, 0
    for weight in weights:
        passed += weight
        border = total * passed // whole
        parts.append(border - taken)
        taken = border
    return parts


def equal_parts(total: int, count: int, noise: Noise) -> Iterator[int]:
    """Cut a whole into parts of about the same size, in constant memory.

    Parameters
    ----------
    total : int
        Zero or more.
    count : int
        How many parts; one is the whole itself.
    noise : Noise
        Moves every inner boundary forwards by less than 60 % of a part.

    Yields
    ------
    int
        Parts; they sum to `total`.

    """
    borders = (
        total * (1000 * number + noise.below(_JITTER)) // (1000 * count)
        for number in range(1, count)
    )
    yield from (after - before for before, after in pairwise(_between(borders, total)))


def _between(borders: Iterator[int], total: int) -> Iterator[int]:
    yield 0
    yield from borders
    yield total
