"""Headline figures: never without unit, year and state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from linyin.platform.parts.badges import Badge
from linyin.platform.parts.base import Part

__all__ = ["Change", "Figure", "Figures"]


@dataclass(frozen=True, slots=True)
class Change:
    """How far a figure has moved: as printed, against what, and whether that is good.

    `direction` is the arrow; `judgement` the colour, since less is good for emissions and bad
    for savings.
    """

    printed: str
    against: str
    direction: Literal["up", "down", "level"] = "level"
    judgement: Literal["good", "bad", "neutral"] = "neutral"

    @property
    def icon(self) -> str:
        """Return its arrow."""
        return {"up": "arrow-up-right", "down": "arrow-down-right", "level": "arrow-right"}[
            self.direction
        ]


@dataclass(frozen=True, slots=True)
class Figure(Part):
    """One figure that a page is about.

    Attributes
    ----------
    label
        What it is.
    value
        As printed; empty = not known yet, which `note` explains.
    unit, year
        Its unit and the year or period it is of.
    state
        `draft`, `locked`, `published`, `preview` or `restated`; empty for a count of what is now.
    changes
        How it has moved.
    note
        One line below it.
    href
        Where it opens.
    mark
        Book or scope it is of.
    is_headline
        The one large figure of a page.
    is_loading
        It is being worked out.

    """

    label: str
    value: str
    unit: str
    year: str
    state: str = "draft"
    changes: Sequence[Change] = ()
    note: str = ""
    href: str = ""
    mark: Badge | None = None
    is_headline: bool = False
    is_loading: bool = False

    template = "figure"

    @property
    def badge(self) -> Badge | None:
        """Return its state."""
        return Badge("state", self.state) if self.state else None


@dataclass(frozen=True, slots=True)
class Figures(Part):
    """One headline figure and at most four more, in a row."""

    figures: Sequence[Figure]

    template = "figures"

    @property
    def has_headline(self) -> bool:
        """Whether one of them is larger than the rest."""
        return any(figure.is_headline for figure in self.figures)
