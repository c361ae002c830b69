"""What the vendored font can show, and what to print for what it can't."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["coverage", "shown"]

_INVISIBLE = frozenset("\n\t\u200b")


@cache
def coverage() -> frozenset[int]:
    """Code points that both vendored fonts have."""
    lines = files("linyin.inventory.report").joinpath("fonts", "coverage.txt").read_text("ascii")
    points: set[int] = set()
    for line in lines.split():
        first, _, last = line.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(points)


def _shown_text(text: str) -> str:
    if all(ord(char) in coverage() or char in _INVISIBLE for char in text):
        return text
    return "".join(
        char if ord(char) in coverage() or char in _INVISIBLE else f"[U+{ord(char):04X}]"
        for char in text
    )


def shown[T](value: T) -> T:
    """Return JSON-ready data whose texts the font can print.

    A character that the font lacks becomes its number in brackets, so that nothing prints as an
    empty box and nothing is dropped in silence.
    """
    result: Any = value
    if isinstance(value, str):
        result = _shown_text(value)
    elif isinstance(value, dict):
        result = {key: shown(item) for key, item in value.items()}
    elif isinstance(value, list):
        result = [shown(item) for item in value]
    return result  # type: ignore[no-any-return]
