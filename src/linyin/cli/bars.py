"""Bars of a waterfall in characters: every step begins where the one before ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

__all__ = ["Bar", "waterfall_bars"]

_HALVES: Final = {(False, False): " ", (True, False): "▌", (False, True): "▐", (True, True): "█"}
_ZOOM: Final = 0.5
_MARGIN: Final = 0.25


@dataclass(frozen=True, slots=True)
class Bar:
    """One step.

    Attributes
    ----------
    text
        As many characters as the drawing is wide.
    is_cut
        Whether the bar stands for a total whose beginning is left out.

    """

    text: str
    is_cut: bool = False


def waterfall_bars(first: float, steps: Sequence[float], width: int) -> list[Bar]:
    """Draw a total, the steps from it and the total that they lead to.

    Parameters
    ----------
    first : float
        The total before.
    steps : sequence of float, shape (n,)
        What is added, one after the other.
    width : int
        Characters of the drawing, at least 4.

    Returns
    -------
    list of Bar, n + 2
        A step is never narrower than half a character. Where all levels lie in the upper half
        of the scale, the drawing begins below the lowest of them and totals are marked as cut.

    """
    levels = [first]
    for step in steps:
        levels.append(levels[-1] + step)
    low, high = min(0.0, *levels), max(0.0, *levels)
    is_zoomed = min(levels) > _ZOOM * max(levels) > 0
    if is_zoomed:
        spread = max(levels) - min(levels)
        low = max(0.0, min(levels) - _MARGIN * spread) if spread else low
        is_zoomed = low > 0

    def place(level: float) -> int:
        return round((level - low) / (high - low) * 2 * width) if high > low else 0

    def drawn(begin: float, end: float) -> str:
        left, right = sorted((place(begin), place(end)))
        right = max(right, left + 1)
        if right > 2 * width:
            left, right = 2 * width - 1, 2 * width
        filled = [left <= half < right for half in range(2 * width)]
        return "".join(_HALVES[filled[2 * i], filled[2 * i + 1]] for i in range(width))

    start = low if is_zoomed else 0.0
    steps_drawn = [Bar(drawn(a, b)) for a, b in pairwise(levels)]
    ends = [Bar(drawn(start, level), is_zoomed) for level in (levels[0], levels[-1])]
    return [ends[0], *steps_drawn, ends[1]]
