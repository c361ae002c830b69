"""The management tree: one parent at a time, dated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from linyin.organization.nodes import Placement

__all__ = ["Tree", "TreeAt"]


@dataclass(frozen=True, slots=True)
class TreeAt:
    """The management tree of one day.

    Attributes
    ----------
    day
        The day.
    parents
        Node to parent, '' for a root; only nodes that hang on a root that day.

    """

    day: date
    parents: Mapping[str, str]
    _children: Mapping[str, tuple[str, ...]]

    def __contains__(self, node: str) -> bool:
        return node in self.parents

    @property
    def roots(self) -> tuple[str, ...]:
        """Nodes with nothing above them, by code."""
        return self.children("")

    def children(self, node: str) -> tuple[str, ...]:
        """Return the nodes directly below, by code."""
        return self._children.get(node, ())

    def subtree(self, node: str) -> list[str]:
        """Return the node and all below it, each before its children.

        Raises
        ------
        KeyError
            If the node is not in the tree that day.

        """
        if node not in self.parents:
            raise KeyError(node)
        found: list[str] = []
        waiting = [node]
        while waiting:
            here = waiting.pop()
            found.append(here)
            waiting.extend(reversed(self.children(here)))
        return found

    def ancestors(self, node: str) -> list[str]:
        """Return the nodes above, nearest first.

        Raises
        ------
        KeyError
            If the node is not in the tree that day.

        """
        above: list[str] = []
        here = self.parents[node]
        while here:
            above.append(here)
            here = self.parents[here]
        return above

    def path(self, node: str) -> list[str]:
        """Return the way from the root to the node, both included.

        Raises
        ------
        KeyError
            If the node is not in the tree that day.

        """
        return [*reversed(self.ancestors(node)), node]


class Tree:
    """The management tree over time.

    Parameters
    ----------
    placements
        Where each node stands and when. Spans of one node do not overlap.

    """

    def __init__(self, placements: Iterable[Placement]) -> None:
        by_node: dict[str, list[Placement]] = {}
        for placement in placements:
            by_node.setdefault(placement.node, []).append(placement)
        self._placements = {
            node: tuple(sorted(found, key=lambda p: p.span)) for node, found in by_node.items()
        }
        self.at = lru_cache(maxsize=512)(self._at)

    def placements(self, node: str) -> tuple[Placement, ...]:
        """Return where the node stands, in order of time."""
        return self._placements.get(node, ())

    def __iter__(self) -> Iterator[Placement]:
        for found in self._placements.values():
            yield from found

    def parent(self, node: str, day: date) -> str | None:
        """Return the parent, '' for a root, None when the node is not placed that day."""
        return next((p.parent for p in self.placements(node) if day in p.span), None)

    def upwards(self, node: str, day: date) -> Iterator[str]:
        """Yield the node and those above it that are placed that day; ends at a loop."""
        seen: set[str] = set()
        here = node
        while here and here not in seen:
            above = self.parent(here, day)
            if above is None:
                return
            yield here
            seen.add(here)
            here = above

    def _at(self, day: date) -> TreeAt:
        placed: dict[str, list[str]] = {}
        for node in sorted(self._placements):
            above = self.parent(node, day)
            if above is not None:
                placed.setdefault(above, []).append(node)
        parents = dict.fromkeys(placed.get("", ()), "")
        waiting = list(parents)
        while waiting:
            here = waiting.pop()
            below = placed.get(here, [])
            parents.update(dict.fromkeys(below, here))
            waiting.extend(below)
        children = {n: tuple(c) for n, c in placed.items() if not n or n in parents}
        return TreeAt(day, parents, children)
