"""Sources: where the rows of a resource come from, behind one interface."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from linyin.platform.tree import Tree

if TYPE_CHECKING:
    from linyin.platform.resources.filters import Filter

__all__ = ["Cursor", "Page", "Query", "Row", "Source"]

type Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows of an ordered list: the sort value and the key before it.

    Attributes
    ----------
    backwards
        Whether the page before it is wanted.

    """

    value: Any
    key: str
    backwards: bool = False

    def text(self) -> str:
        """Return it as part of an address."""
        packed = json.dumps([self.value, self.key, self.backwards], separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """Read it from an address; None if it cannot be read."""
        try:
            packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            value, key, backwards = json.loads(packed)
        except (ValueError, binascii.Error, TypeError):
            return None
        if not isinstance(key, str) or isinstance(value, list | dict):
            return None
        return cls(value, key, bool(backwards))


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a source.

    Attributes
    ----------
    filters
        Filter name → the values stated.
    search
        Words that a row must hold.
    sort
        Column name, with `-` before it for the largest first; empty = the source's order.
    tree
        Finds what stands below the nodes of a filter; the asker's own is read already.

    """

    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    search: str = ""
    sort: str = ""
    cursor: Cursor | None = None
    size: int = 50
    tree: Tree = field(default_factory=Tree, compare=False)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows, and the places where the pages before and after it begin."""

    rows: list[Row]
    before: Cursor | None = None
    after: Cursor | None = None


class Source(Protocol):
    """Rows that somebody may see, ordered, filtered, a page at a time.

    `nodes` are the codes of the nodes that the asker reaches; no method returns a row of another.
    Every row has its key under `pk`, as text.
    """

    def page(self, nodes: Collection[str], query: Query) -> Page:
        """Return a page."""

    def count(self, nodes: Collection[str], query: Query, limit: int) -> int:
        """Count the rows, at most up to a limit."""

    def get(self, nodes: Collection[str], key: str) -> Row | None:
        """Return one row, None if there is none or it is out of reach."""

    def choices(self, nodes: Collection[str], filter_: Filter) -> list[str]:
        """Return the values that a filter finds."""

    def every(self, nodes: Collection[str], query: Query) -> Iterator[Row]:
        """Yield all rows, for a file."""
