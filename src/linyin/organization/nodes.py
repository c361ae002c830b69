"""What an organization is made of: dated nodes, placements and holdings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from linyin.organization.periods import Period

__all__ = ["LEGAL", "Control", "Holding", "Kind", "Node", "Placement", "State", "joined"]

type Kind = Literal["group", "entity", "site", "department"]
type Control = Literal["sole", "joint", "none"]

LEGAL: Final = frozenset({"group", "entity"})


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a node stands in the management tree during a span; no parent = a root."""

    node: str
    parent: str
    span: Period


@dataclass(frozen=True, slots=True)
class Holding:
    """A share of a node that an owner has during a span.

    Attributes
    ----------
    share
        Of the whole, 0 to 1. [-]
    control
        Financial control of the owner over the node.
    implied
        Whether it was not stated but follows from the management tree.

    """

    owner: str
    node: str
    share: Fraction
    control: Control
    span: Period
    implied: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What is stated about a node during a span."""

    span: Period
    parent: str = ""
    operator: str = ""
    country: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A group, entity, site or department.

    Attributes
    ----------
    existence
        Days on which it existed, inside or outside the group.
    states
        What is stated about it, in order, over the days of its rows.

    """

    code: str
    kind: Kind
    name_en: str
    name_zh: str
    existence: Period
    states: tuple[State, ...]

    @property
    def is_legal(self) -> bool:
        """Whether it can own (group, entity) rather than be a place of one that can."""
        return self.kind in LEGAL

    @property
    def membership(self) -> tuple[Period, ...]:
        """Days on which its rows hold, whether or not it existed."""
        return joined(state.span for state in self.states)

    @property
    def presence(self) -> tuple[Period, ...]:
        """Days on which its rows hold and it existed."""
        both = (span.overlap(self.existence) for span in self.membership)
        return tuple(span for span in both if span)

    def state(self, day: date) -> State | None:
        """Return what is stated about `day`, or None."""
        return next((state for state in self.states if day in state.span), None)

    def state_near(self, day: date) -> State | None:
        """Return what is stated about `day`, else what was stated last, else first."""
        begun = [state for state in self.states if state.span.begin <= day]
        return next(iter(begun[-1:] or self.states[:1]), None)


def joined(spans: Iterable[Period]) -> tuple[Period, ...]:
    """Return the same days as few spans in order."""
    merged: list[Period] = []
    for span in sorted(spans):
        if merged and span.begin <= merged[-1].end:
            merged[-1] = Period(merged[-1].begin, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)
