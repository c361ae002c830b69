"""Bodies drawn as a tree of boxes: across for a wide page, downwards for a narrow one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Box", "Drawing", "Unit", "draw_across", "draw_down"]

WIDTH: Final = 178
HEIGHT: Final = 100
GAP: Final = 14
LEVEL: Final = 44
INDENT: Final = 22
NARROW: Final = 340
MARGIN: Final = 2


@dataclass(frozen=True, slots=True)
class Unit:
    """What a box stands for.

    Attributes
    ----------
    key, parent
        Its key and that of what it stands under; '' for none. A parent that is not among the
        units counts as none.
    name, kind, detail
        What the box says: its name, the line above it, the line below.
    tone
        Class of its look.
    href
        Where it opens.

    """

    key: str
    parent: str
    name: str
    kind: str = ""
    detail: str = ""
    tone: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A unit on its place, in pixels; `lines` are its name broken to the width of the box."""

    unit: Unit
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    detail: str

    @property
    def text_x(self) -> float:
        """Where its lines begin."""
        return self.x + 14

    @property
    def kind_y(self) -> float:
        """Baseline of the word for its kind."""
        return self.y + 20

    @property
    def detail_y(self) -> float:
        """Baseline of its last line."""
        return self.y + self.height - 12

    @property
    def baselines(self) -> list[tuple[float, str]]:
        """Baseline and text of the lines of its name."""
        return [(self.y + 40 + 17 * number, line) for number, line in enumerate(self.lines)]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes, and the paths between them as SVG writes them."""

    width: float
    height: float
    boxes: Sequence[Box]
    paths: Sequence[str]


def draw_across(units: Iterable[Unit]) -> Drawing:
    """Draw units level by level, each above the middle of those below it."""
    units = list(units)
    below = _children(units)
    places: dict[str, tuple[float, float]] = {}
    used = 0.0

    def put(unit: Unit, depth: int) -> float:
        nonlocal used
        children = below.get(unit.key, [])
        if children:
            middles = [put(child, depth + 1) for child in children]
            middle = (middles[0] + middles[-1]) / 2
        else:
            middle = used + WIDTH / 2
            used += WIDTH + GAP
        places[unit.key] = (middle - WIDTH / 2, depth * (HEIGHT + LEVEL))
        return middle

    for root in below.get("", []):
        put(root, 0)
    boxes = {u.key: _box(u, *places[u.key], WIDTH) for u in units if u.key in places}
    paths = []
    for box in boxes.values():
        above = boxes.get(box.unit.parent)
        if above is not None:
            x, middle = above.x + above.width / 2, box.x + box.width / 2
            turn = box.y - LEVEL / 2
            paths.append(f"M{x:g} {above.y + above.height:g}V{turn:g}H{middle:g}V{box.y:g}")
    return _drawing(list(boxes.values()), paths)


def draw_down(units: Iterable[Unit]) -> Drawing:
    """Draw units one below the other, indented under what they stand under."""
    units = list(units)
    below = _children(units)
    boxes: dict[str, Box] = {}

    def put(unit: Unit, depth: int) -> None:
        x = MARGIN + depth * INDENT
        y = MARGIN + len(boxes) * (HEIGHT + GAP)
        boxes[unit.key] = _box(unit, x - MARGIN, y - MARGIN, NARROW - 2 * MARGIN - x)
        for child in below.get(unit.key, []):
            put(child, depth + 1)

    for root in below.get("", []):
        put(root, 0)
    paths = []
    for box in boxes.values():
        above = boxes.get(box.unit.parent)
        if above is not None:
            x, y = above.x + INDENT / 2, box.y + box.height / 2
            paths.append(f"M{x:g} {above.y + above.height:g}V{y:g}H{box.x:g}")
    return _drawing(list(boxes.values()), paths)


def _children(units: Sequence[Unit]) -> Mapping[str, list[Unit]]:
    """Return parent → units; those of a loop hang nowhere and so become roots."""
    keys = {unit.key: unit for unit in units}
    below: dict[str, list[Unit]] = {}
    for unit in units:
        parent = unit.parent if unit.parent in keys and not _loops(unit, keys) else ""
        below.setdefault(parent, []).append(unit)
    return below


def _loops(unit: Unit, keys: Mapping[str, Unit]) -> bool:
    seen = {unit.key}
    here = keys.get(unit.parent)
    while here is not None:
        if here.key in seen:
            return True
        seen.add(here.key)
        here = keys.get(here.parent)
    return False


def _box(unit: Unit, x: float, y: float, width: float) -> Box:
    room = (width - 24) / 7.2
    detail = _wrapped(unit.detail, room * 1.15, 1)
    lines = _wrapped(unit.name, room, 2)
    return Box(unit, x + MARGIN, y + MARGIN, width, HEIGHT, lines, detail[0] if detail else "")


def _drawing(boxes: Sequence[Box], paths: Sequence[str]) -> Drawing:
    width = max((box.x + box.width for box in boxes), default=0) + MARGIN
    height = max((box.y + box.height for box in boxes), default=0) + MARGIN
    return Drawing(width, height, boxes, paths)


def _wrapped(text: str, room: float, most: int) -> tuple[str, ...]:
    """Break a text into lines of so many Latin letters; what is too long ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if line and _length(line + word) > room:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
    if line.strip():
        lines.append(line.rstrip())
    shown = [_cut(one, room) for one in lines[:most]]
    if len(lines) > most:
        shown[-1] = _cut(lines[most - 1] + "…" * (int(room) + 1), room)
    return tuple(shown)


def _words(text: str) -> list[str]:
    """Return what a line may be broken between: Latin words with their space, Chinese signs."""
    words: list[str] = []
    for sign in text:
        if words and not _is_wide(sign) and not words[-1].endswith(" ") and not _is_wide(words[-1]):
            words[-1] += sign
        else:
            words.append(sign)
    return words


def _cut(text: str, room: float) -> str:
    if _length(text) <= room:
        return text
    while text and _length(text) > room - 1:
        text = text[:-1]
    return text.rstrip(" …") + "…"


def _length(text: str) -> float:
    return sum(1.85 if _is_wide(sign) else 1 for sign in text)


def _is_wide(text: str) -> bool:
    return unicodedata.east_asian_width(text[-1]) in "WF"
