"""Steps drawn along the months: a line each, from its first day to its due day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

__all__ = ["Bar", "Span", "Timeline", "draw_timeline"]

WIDTH: Final = 900
HEAD: Final = 30
ROW: Final = 44
SHORTEST: Final = 6


@dataclass(frozen=True, slots=True)
class Span:
    """What a bar stands for: days (both included), what it says, its look, where it opens."""

    begin: date
    due: date
    label: str
    tone: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A span on its place, in pixels.

    Attributes
    ----------
    anchor
        `start` where its words stand from its left edge, `end` where they stand to its right.

    """

    span: Span
    x: float
    y: float
    width: float
    anchor: str

    @property
    def text_y(self) -> float:
        """Baseline of its words, which stand above it."""
        return self.y + 13

    @property
    def bar_y(self) -> float:
        """Upper edge of its bar."""
        return self.y + 19

    @property
    def text_x(self) -> float:
        """Where its words are anchored."""
        return self.x if self.anchor == "start" else self.x + self.width


@dataclass(frozen=True, slots=True)
class Timeline:
    """Months as (first day, x, width), bars, and the place of today where it is among them."""

    width: float
    height: float
    months: Sequence[tuple[date, float, float]]
    bars: Sequence[Bar]
    today: float | None

    @property
    def foot(self) -> float:
        """Where its lines end."""
        return self.height - 4


def draw_timeline(spans: Sequence[Span], today: date) -> Timeline:
    """Lay spans out along whole months, in the order of their due days.

    Raises
    ------
    ValueError
        If there are no spans.

    """
    if not spans:
        raise ValueError("a timeline needs a span")
    first = min(span.begin for span in spans).replace(day=1)
    last = _next_month(max(span.due for span in spans))
    scale = WIDTH / (last - first).days

    def at(day: date) -> float:
        return round((day - first).days * scale, 1)

    months, month = [], first
    while month < last:
        after = _next_month(month)
        months.append((month, at(month), at(after) - at(month)))
        month = after
    bars = []
    for number, span in enumerate(sorted(spans, key=lambda s: (s.due, s.begin))):
        x = at(span.begin)
        width = max(at(span.due + timedelta(days=1)) - x, SHORTEST)
        anchor = "end" if x > WIDTH * 0.6 else "start"
        bars.append(Bar(span, x, HEAD + 8 + number * ROW, width, anchor))
    shown = at(today) if first <= today < last else None
    return Timeline(WIDTH, HEAD + 12 + len(bars) * ROW, months, bars, shown)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
