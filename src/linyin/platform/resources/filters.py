"""Filters: what a list can be narrowed by, in words, as a form, as a condition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from linyin.platform.tree import Tree

__all__ = ["Filter", "FilterKind", "parse_day"]

type FilterKind = Literal["choice", "node", "around", "text", "since", "until", "year"]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter.

    Attributes
    ----------
    name
        Its name in addresses; its label is `<resource>.<name>` or `filter.<name>`.
    kind
        `choice`: one of several values; `node`: a node or anything below it today;
        `around`: what it stands below too, for records that are about all that is below theirs;
        `text`: holds the text; `since`, `until`: a date; `year`: touches the year.
    path
        Lookup or column; default: the name. For `year` the column that begins the period; its
        end is `end`.
    choices
        Values to choose from; None = those that are there.

    """

    name: str
    kind: FilterKind = "choice"
    path: str = ""
    choices: Callable[[], Sequence[str]] | Sequence[str] | None = None

    @property
    def lookup(self) -> str:
        """Where its value is."""
        return self.path or self.name

    def nodes(self, values: Sequence[str], tree: Tree) -> set[str]:
        """Return the codes of the nodes that a filter by nodes finds."""
        found = set().union(*(tree.subtree(code) for code in values))
        if self.kind == "around":
            found.update(*(tree.path_to(code) for code in values))
        return found

    def reads(self, value: str) -> bool:
        """Whether a value of an address can be read: a year, a day; any text."""
        if self.kind == "year":
            return value.isdecimal() and 1 <= len(value) <= 4 and 1 <= int(value) <= 9998
        if self.kind in ("since", "until"):
            return parse_day(value) is not None
        return True


def parse_day(value: str) -> date | None:
    """Return a day of an address, None if it is none."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
