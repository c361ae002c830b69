"""The ways through a page and a task: tabs, steps, chips of the context, search hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from linyin.platform.parts.base import Part

__all__ = ["Chip", "Hit", "Hits", "Step", "StepState", "Steps", "Tab", "Tabs"]


type StepState = Literal["done", "now", "next", "bad"]


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of a record: its label, its address, how many things it holds (as printed)."""

    label: str
    href: str
    is_open: bool = False
    count: str = ""


@dataclass(frozen=True, slots=True)
class Tabs(Part):
    """The views of a record; the third and last level of the way."""

    tabs: Sequence[Tab]

    template = "tabs"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a guided task."""

    label: str
    state: StepState = "next"
    href: str = ""


@dataclass(frozen=True, slots=True)
class Steps(Part):
    """The steps of a guided task."""

    steps: Sequence[Step]

    template = "steps"


@dataclass(frozen=True, slots=True)
class Chip(Part):
    """One part of a page's context and what else it may be.

    Attributes
    ----------
    kind
        `node`, `year` or `run`.
    label
        What is chosen; empty = everything.
    choices
        (label, address, whether it is chosen, depth in the tree).

    """

    kind: Literal["node", "year", "run"]
    label: str
    choices: Sequence[tuple[str, str, bool, int]]

    template = "chip"

    @property
    def icon(self) -> str:
        """Return the icon of its kind."""
        return {"node": "sitemap", "year": "calendar", "run": "player-play"}[self.kind]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that a search found."""

    label: str
    href: str
    hint: str = ""
    icon: str = "file"


@dataclass(frozen=True, slots=True)
class Hits(Part):
    """What a search found, by kind: (heading, hits)."""

    query: str
    groups: Sequence[tuple[str, Sequence[Hit]]]

    template = "hits"
