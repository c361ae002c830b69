"""Dated edges that lead back to where they began."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter

from linyin.organization.periods import Period

__all__ = ["Edge", "Loop", "find_loops"]


@dataclass(frozen=True, slots=True)
class Edge:
    """`lower` depends on `upper` during a span."""

    lower: str
    upper: str
    span: Period


@dataclass(frozen=True, slots=True)
class Loop:
    """Nodes that lead back to the first, from the upper to the lower.

    Attributes
    ----------
    nodes
        First and last alike; begins at the least code, so that one loop has one name.
    day
        First day on which all its edges hold.

    """

    nodes: tuple[str, ...]
    day: date

    def __str__(self) -> str:
        return " → ".join(self.nodes)


def find_loops(edges: Iterable[Edge]) -> list[Loop]:
    """Return a loop of every day that has one, each loop once, with its first day.

    Nodes of edges that hold at different times make no loop.
    """
    core = _core(list(edges))
    found: dict[tuple[str, ...], Loop] = {}
    for day in sorted({edge.span.begin for edge in core}):
        nodes = _loop([edge for edge in core if day in edge.span])
        if nodes and nodes not in found:
            found[nodes] = Loop(nodes, day)
    return list(found.values())


def _core(edges: list[Edge]) -> list[Edge]:
    """Strip the edges that no loop can hold: those from a top or to a bottom."""
    while edges:
        inner = {edge.lower for edge in edges} & {edge.upper for edge in edges}
        kept = [edge for edge in edges if edge.lower in inner and edge.upper in inner]
        if len(kept) == len(edges):
            return kept
        edges = kept
    return edges


def _loop(edges: list[Edge]) -> tuple[str, ...]:
    upper: dict[str, list[str]] = {}
    for edge in sorted(edges, key=lambda e: (e.lower, e.upper)):
        upper.setdefault(edge.lower, []).append(edge.upper)
    try:
        TopologicalSorter(upper).prepare()
    except CycleError as error:
        ring: list[str] = error.args[1][:-1]
        start = ring.index(min(ring))
        turned = ring[start:] + ring[:start]
        return (*turned, turned[0])
    return ()
