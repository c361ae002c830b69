"""Badges: one word, colour and icon for each state, status, severity, evidence, book, scope."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from linyin.platform.parts.base import Part, icon
from linyin.platform.words import say

__all__ = ["Badge", "Look", "badge_looks"]

# A plain colour behind the word for judgements; a mark before it for books and scopes.
_MARKED: Final = frozenset({"book", "scope"})


@dataclass(frozen=True, slots=True)
class Look:
    """How a value is shown: token of its colour, name of its icon."""

    tone: str
    icon: str


@cache
def badge_looks() -> Mapping[tuple[str, str], Look]:
    """Read `badges.csv`: (kind, value) → look. Their words are `<kind>.<value>`."""
    text = Path(__file__).with_name("badges.csv").read_text(encoding="utf-8")
    return {
        (row["kind"], row["value"]): Look(row["tone"], row["icon"])
        for row in csv.DictReader(text.splitlines())
    }


@dataclass(frozen=True, slots=True)
class Badge(Part):
    """A word with its colour and icon.

    Attributes
    ----------
    kind
        `state`, `status`, `month`, `severity`, `evidence`, `book` or `scope`.
    value
        A value of that kind in `badges.csv`.
    label
        Other words than the table's.

    """

    kind: str
    value: str
    label: str = ""

    def __str__(self) -> SafeString:
        look = badge_looks()[self.kind, self.value]
        return format_html(
            '<span class="badge-part {} tone-{}">{}<span>{}</span></span>',
            "mark-plain" if self.kind in _MARKED else "mark-filled",
            look.tone,
            icon(look.icon),
            self.label or say(f"{self.kind}.{self.value}"),
        )

    __html__ = __str__

    @property
    def sign(self) -> SafeString:
        """Return its icon alone; its words are for the ear and for a pointer that rests on it."""
        look = badge_looks()[self.kind, self.value]
        words = self.label or say(f"{self.kind}.{self.value}")
        return format_html(
            '<span class="badge-part mark-plain tone-{}" title="{}">{}'
            '<span class="visually-hidden">{}</span></span>',
            look.tone,
            words,
            icon(look.icon),
            words,
        )
