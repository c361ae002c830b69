"""Which slices of two runs are one source, and which are new, missing, moved or outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from linyin.inventory.diff_legs import Place, Slice, kind_of

__all__ = ["OUTSIDE", "Pair", "match"]

OUTSIDE: Final = "outside"
"""Role of what a source did while its site was outside the boundary: it has no mass."""

_COUNTED: Final = frozenset({"reported", "eliminated", OUTSIDE})

type Group = tuple[str, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Pair:
    """One source before and after; empty where it is not there.

    Attributes
    ----------
    hint
        For a source on one side only: the cause that follows from what is around it, or ''.

    """

    at: Place
    before: tuple[Slice, ...]
    after: tuple[Slice, ...]
    hint: str = ""

    @property
    def lines(self) -> tuple[frozenset[str], frozenset[str]]:
        """The lines that it is reported on, before and after."""
        return (_lines(self.before), _lines(self.after))

    @property
    def moved(self) -> bool:
        """Whether it is reported on other lines than before."""
        before, after = self.lines
        return bool(before and after) and before != after


def match(before: Iterable[Slice], after: Iterable[Slice]) -> Iterator[Pair]:
    """Pair the slices of two runs by what they are, whatever they are called.

    Sources are one if site, source type, item, technology, counterparty and place agree; within
    these by method and kind of unit first, so that two methods beside each other stay apart, then
    what is left on both sides together: a change of method. Lines do not matter: a source that
    moves to another line stays itself.
    """
    sides = (_by_place(before), _by_place(after))
    places = sorted(sides[0].keys() | sides[1].keys(), key=_order)
    shifted: dict[Place, str] = {}
    for place in places:
        here = [side.get(place, []) for side in sides]
        counted = [[s for s in side if s.role in _COUNTED] for side in here]
        if place.stage == "main":
            shifted[place] = _change(counted)
        groups = [_by_group(side) for side in counted]
        common = groups[0].keys() & groups[1].keys()
        for group in sorted(common, key=repr) if len(common) > 1 else common:
            yield Pair(place, tuple(groups[0].pop(group)), tuple(groups[1].pop(group)))
        left = [[s for group in side.values() for s in group] for side in groups]
        if not left[0] and not left[1]:
            continue
        hint = ""
        if not left[0] or not left[1]:
            other = here[0] if not left[0] else here[1]
            hint = _hint(place, other, shifted)
        yield Pair(place, tuple(left[0]), tuple(left[1]), hint)


def _hint(place: Place, other: Sequence[Slice], shifted: dict[Place, str]) -> str:
    """Say why a source that is on one side only is so, as far as its neighbours tell."""
    if any(s.role not in _COUNTED for s in other):
        return "method"
    if place.stage != "main":
        return shifted.get(place._replace(stage="main"), "")
    return ""


def _change(counted: Sequence[Sequence[Slice]]) -> str:
    """Say what changed about a main source that is on both sides, for its upstream."""
    if not counted[0] or not counted[1]:
        return ""
    if _lines(counted[0]) != _lines(counted[1]):
        return "structure"
    methods = [{(s.method, s.version, s.boundary) for s in side} for side in counted]
    return "factor" if methods[0] == methods[1] else "method"


def _lines(slices: Iterable[Slice]) -> frozenset[str]:
    return frozenset(s.line for s in slices if s.reported)


def _by_place(slices: Iterable[Slice]) -> dict[Place, list[Slice]]:
    found: defaultdict[Place, list[Slice]] = defaultdict(list)
    for s in slices:
        found[s.at].append(s)
    return found


def _by_group(slices: Sequence[Slice]) -> dict[Group, list[Slice]]:
    found: defaultdict[Group, list[Slice]] = defaultdict(list)
    for s in slices:
        found[s.method, kind_of(s.unit)].append(s)
    return found


def _order(place: Place) -> tuple[str, ...]:
    """Put a main source before its upstream."""
    return (*place[:-1], "" if place.stage == "main" else place.stage)
