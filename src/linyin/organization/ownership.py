"""The ownership graph: dated shares, many owners, control and operators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from linyin.organization.loops import Edge, Loop, find_loops
from linyin.organization.nodes import Holding, Node, Placement, State
from linyin.organization.periods import Period
from linyin.organization.tree import Tree

__all__ = ["OwnershipGraph"]


class OwnershipGraph:
    """Who owns, controls and operates whom, day by day.

    Parameters
    ----------
    nodes
        All nodes, by code.
    holdings
        Stated and implied holdings. A holding counts on days of its span on which both the
        node and its owner are present.
    lifelong
        Take every node to exist on all days of its rows: the structure alone, as a base year is
        restated under a later structure.

    """

    def __init__(
        self, nodes: Mapping[str, Node], holdings: Iterable[Holding], *, lifelong: bool = False
    ) -> None:
        self.nodes = nodes
        self.lifelong = lifelong
        self._presence = {
            code: node.membership if lifelong else node.presence for code, node in nodes.items()
        }
        self._holdings: dict[str, list[Holding]] = {code: [] for code in nodes}
        for holding in holdings:
            self._holdings[holding.node].append(holding)
        self.tree = Tree(
            Placement(node.code, state.parent, span)
            for node in nodes.values()
            for state in node.states
            for presence in self._presence[node.code]
            if (span := state.span.overlap(presence))
        )
        self._cuts: dict[str, tuple[date, ...]] = {}

    def presence(self, node: str) -> tuple[Period, ...]:
        """Return the days on which the node is in the organization; none for outsiders."""
        return self._presence.get(node, ())

    def is_present(self, node: str, day: date) -> bool:
        """Whether the node is in the organization that day."""
        return any(day in span for span in self.presence(node))

    def exists(self, node: str, day: date) -> bool:
        """Whether the node exists that day, be it in the organization or not."""
        known = self.nodes.get(node)
        return known is not None and (self.lifelong or day in known.existence)

    def holdings(self, node: str, day: date) -> list[Holding]:
        """Return the shares of the node that day, by owner."""
        if not self.is_present(node, day):
            return []
        return [holding for holding in self._holdings[node] if day in holding.span]

    def sole_controller(self, node: str, day: date) -> str:
        """Return the owner with sole control that day, or ''."""
        found = (h.owner for h in self.holdings(node, day) if h.control == "sole")
        return min(found, default="")

    def operator(self, node: str, day: date) -> str:
        """Return the stated operator that day, or ''."""
        state = self._state(node, day)
        return state.operator if state else ""

    def owning_entity(self, node: str, day: date) -> str:
        """Return the group or entity that a node belongs to that day, '' for none.

        A group or entity is its own. A site or department belongs to the owner with sole control,
        else to the largest owner (of equal ones the one nearest above in the management tree, then
        the least code); without stated owners to what the node above it belongs to.
        """
        seen: set[str] = set()
        here = node
        while here and here in self.nodes and here not in seen:
            if self.nodes[here].is_legal:
                return here
            seen.add(here)
            here = self._principal_owner(here, day)
        return ""

    def loops(self) -> list[Loop]:
        """Return cross-holdings: owners that in the end own themselves."""
        return find_loops(
            Edge(holding.node, holding.owner, span)
            for holdings in self._holdings.values()
            for holding in holdings
            for presence in self.presence(holding.node)
            if (span := holding.span.overlap(presence))
        )

    def cuts(self, node: str) -> tuple[date, ...]:
        """Return every day on which something changes for the node or above it.

        Above it are its owners, operators and parents of any time, and theirs.
        """
        if node not in self._cuts:
            days: set[date] = set()
            for above in self._upstream(node):
                days.update(self._own_cuts.get(above, ()))
            self._cuts[node] = tuple(sorted(days))
        return self._cuts[node]

    def _state(self, node: str, day: date) -> State | None:
        return self.nodes[node].state(day) if self.is_present(node, day) else None

    def _principal_owner(self, node: str, day: date) -> str:
        holdings = self.holdings(node, day)
        if not holdings:
            return ""
        above = list(self.tree.upwards(node, day))
        distance = {code: steps for steps, code in enumerate(above)}

        def rank(holding: Holding) -> tuple[bool, object, int, str]:
            far = distance.get(holding.owner, len(above))
            return (holding.control != "sole", -holding.share, far, holding.owner)

        return min(holdings, key=rank).owner

    def _upstream(self, node: str) -> set[str]:
        found: set[str] = set()
        waiting = [node]
        while waiting:
            here = waiting.pop()
            if here in found or here not in self.nodes:
                continue
            found.add(here)
            waiting.extend(holding.owner for holding in self._holdings[here])
            for state in self.nodes[here].states:
                waiting.extend(code for code in (state.parent, state.operator) if code)
        return found

    @cached_property
    def _own_cuts(self) -> dict[str, set[date]]:
        cuts: dict[str, set[date]] = {}
        for code, node in self.nodes.items():
            spans = [node.existence, *self.presence(code)]
            spans += [state.span for state in node.states]
            spans += [holding.span for holding in self._holdings[code]]
            cuts[code] = {day for span in spans for day in (span.begin, span.end)}
        return cuts
