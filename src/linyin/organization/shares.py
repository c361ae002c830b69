"""How much of each node a reporter consolidates, by equity share or by control.

The three approaches are those of the GHG Protocol Corporate Standard (revised edition, 2004),
chapter 3 and its table 1 (accounting categories against equity share and financial control).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final, Literal, get_args

from linyin.lake import BadInput, Finding
from linyin.organization.nodes import Holding
from linyin.organization.ownership import OwnershipGraph
from linyin.organization.periods import Period

__all__ = ["APPROACHES", "Approach", "Boundary", "DatedShare", "dated_shares", "equity", "shares"]

type Approach = Literal["equity_share", "financial_control", "operational_control"]

APPROACHES: Final[tuple[Approach, ...]] = get_args(Approach.__value__)

_NOTHING: Final = Fraction(0)
_WHOLE: Final = Fraction(1)


@dataclass(frozen=True, slots=True)
class DatedShare:
    """What a reporter consolidates of a node from `begin` up to, and without, `end`.

    Attributes
    ----------
    share
        Under the approach asked for, 0 to 1; 0 = outside the boundary. [-]
    equity
        Equity share, for category 15 where the share is 0. [-]
    entity
        Group or entity that the node belongs to.

    """

    node: str
    begin: date
    end: date
    share: Fraction
    equity: Fraction
    entity: str


class Boundary:
    """What one node consolidates.

    A group or entity consolidates what it owns, controls or operates, at any depth. A site or
    department consolidates itself and what is below it in the management tree: what belongs to it
    wholly, what has owners of its own at the share of the entity that the reporter belongs to.

    Parameters
    ----------
    graph
        The ownership graph; without loops.
    reporter
        Code of the reporting node.

    Raises
    ------
    KeyError
        If the reporter is not a node of the graph.

    """

    def __init__(self, graph: OwnershipGraph, reporter: str) -> None:
        self._legal = graph.nodes[reporter].is_legal
        self._graph = graph
        self._reporter = reporter
        self._known: dict[tuple[str, str, int, frozenset[str]], Fraction] = {}

    def share(self, approach: Approach, node: str, day: date) -> Fraction:
        """Return the share consolidated of a node that day, 0 for what is outside.

        Raises
        ------
        ValueError
            If there is no such approach.
        BadInput
            If owners of the node own themselves in the end.

        """
        if approach not in APPROACHES:
            raise ValueError(f"{approach!r} is not one of {', '.join(APPROACHES)}")
        if not self._is_within(node, day):
            return _NOTHING
        if approach == "equity_share":
            return self._product("equity", _by_share, node, day)
        if approach == "financial_control":
            return self._product("control", _by_control, node, day)
        return _WHOLE if self._is_operated(node, day) else _NOTHING

    def spans(self, node: str) -> tuple[Period, ...]:
        """Return the days on which a node is there for this reporter.

        The reporter is there on every day of its existence, also before it joined a group.
        """
        if node == self._reporter:
            lifelong = self._graph.lifelong
            return (Period.always if lifelong else self._graph.nodes[node].existence,)
        return self._graph.presence(node)

    def _is_present(self, node: str, day: date) -> bool:
        if node == self._reporter:
            return self._graph.exists(node, day)
        return self._graph.is_present(node, day)

    def _is_within(self, node: str, day: date) -> bool:
        if not self._is_present(node, day):
            return False
        if self._legal or node == self._reporter:
            return True
        return self._reporter in self._graph.tree.upwards(node, day)

    def _seeds(self, day: date) -> frozenset[str]:
        """Nodes that the reporter has wholly: itself and, for a place, the entity it is of."""
        entity = "" if self._legal else self._graph.owning_entity(self._reporter, day)
        return frozenset(code for code in (self._reporter, entity) if code)

    def _product(
        self, name: str, weigh: Callable[[Holding], Fraction], node: str, day: date
    ) -> Fraction:
        """Sum over all ways down from a seed of the products of the weights, at most 1."""
        graph, seeds, known = self._graph, self._seeds(day), self._known

        def key(code: str) -> tuple[str, str, int, frozenset[str]]:
            return (name, code, bisect_right(graph.cuts(code), day), seeds)

        open_nodes: dict[str, None] = {}
        stack = [node]
        while stack:
            here = stack[-1]
            if key(here) in known:
                stack.pop()
            elif here in seeds or not self._is_present(here, day):
                is_whole = here in seeds and self._is_present(here, day)
                known[key(here)] = _WHOLE if is_whole else _NOTHING
            else:
                held = graph.holdings(here, day)
                above = [h.owner for h in held if key(h.owner) not in known]
                if above:
                    open_nodes[here] = None
                    _refuse_loop(above, list(open_nodes), day)
                    stack += above
                else:
                    total = sum((known[key(h.owner)] * weigh(h) for h in held), _NOTHING)
                    known[key(here)] = min(_WHOLE, total)
                    open_nodes.pop(here, None)
        return known[key(node)]

    def _is_operated(self, node: str, day: date) -> bool:
        """Whether the operator, in the end, is the reporter or solely controlled by it."""
        seeds = self._seeds(day)
        seen: set[str] = set()
        here = node
        while here not in seeds:
            if here in seen or not self._is_present(here, day):
                return False
            seen.add(here)
            stated = self._graph.operator(here, day)
            if stated and self._is_controlled(stated, day, seeds):
                return True
            here = stated or self._graph.sole_controller(here, day)
        return self._is_present(here, day)

    def _is_controlled(self, node: str, day: date, seeds: frozenset[str]) -> bool:
        """Whether a chain of sole control leads from the reporter to the node."""
        seen: set[str] = set()
        here = node
        while here not in seeds:
            if here in seen or not self._is_present(here, day):
                return False
            seen.add(here)
            here = self._graph.sole_controller(here, day)
        return self._is_present(here, day)


def shares(
    graph: OwnershipGraph, reporter: str, approach: Approach, day: date
) -> dict[str, Fraction]:
    """Return the share that a reporter consolidates of every node present on a day.

    Parameters
    ----------
    graph
        The ownership graph.
    reporter
        Code of the reporting node.
    approach
        `equity_share`: the sum over all chains of owners of the products of their shares.
        `financial_control`: down the chain, 1 under sole control, the ownership share under joint
        control, 0 under none; at most 1. `operational_control`: 1 where the operator is the
        reporter, an entity that it solely controls through a chain, or one that these operate;
        else 0. A node without a stated operator is operated by its sole controller.
    day
        The day.

    Returns
    -------
    dict of str to Fraction
        0 to 1, 0 for nodes outside the boundary. [-]

    Raises
    ------
    KeyError
        If the reporter is not a node of the graph.
    ValueError
        If there is no such approach.
    BadInput
        If owners own themselves in the end.

    References
    ----------
    .. [1] WRI/WBCSD (2004), GHG Protocol Corporate Accounting and Reporting Standard, revised
       edition, chapter 3.

    """
    boundary = Boundary(graph, reporter)
    present = [code for code in graph.nodes if any(day in span for span in boundary.spans(code))]
    return {code: boundary.share(approach, code, day) for code in present}


def equity(graph: OwnershipGraph, reporter: str, day: date) -> dict[str, Fraction]:
    """Return the equity share in every node present on a day, whatever the approach.

    Category 15 books investees outside the boundary at this share.

    Returns
    -------
    dict of str to Fraction
        0 to 1. [-]

    Raises
    ------
    KeyError
        If the reporter is not a node of the graph.
    BadInput
        If owners own themselves in the end.

    References
    ----------
    .. [1] WRI/WBCSD (2011), Corporate Value Chain (Scope 3) Standard, section 5.5, category 15.

    """
    return shares(graph, reporter, "equity_share", day)


def dated_shares(
    graph: OwnershipGraph,
    reporter: str,
    approach: Approach,
    period: Period,
    boundary: Boundary | None = None,
) -> list[DatedShare]:
    """Return what a reporter consolidates of every node through a period.

    Pieces of a node are cut wherever its share, equity or entity changes; together they are
    exactly its days in the period, in order, the days outside the boundary with share 0.

    Parameters
    ----------
    graph, reporter, approach
        As of :func:`shares`.
    period
        Days to cover.
    boundary
        The reporter's boundary where it is at hand already.

    Raises
    ------
    KeyError
        If the reporter is not a node of the graph.
    ValueError
        If there is no such approach.
    BadInput
        If owners own themselves in the end.

    """
    boundary = boundary or Boundary(graph, reporter)
    found: list[DatedShare] = []
    for code in sorted(graph.nodes):
        cuts = {*graph.cuts(code), *graph.cuts(reporter)}
        for span in boundary.spans(code):
            inside = span.overlap(period)
            pieces = inside.cut(cuts) if inside else []
            found += _merged(_piece(graph, boundary, approach, code, piece) for piece in pieces)
    return found


def _piece(
    graph: OwnershipGraph, boundary: Boundary, approach: Approach, node: str, span: Period
) -> DatedShare:
    return DatedShare(
        node,
        span.begin,
        span.end,
        boundary.share(approach, node, span.begin),
        boundary.share("equity_share", node, span.begin),
        graph.owning_entity(node, span.begin),
    )


def _merged(pieces: Iterable[DatedShare]) -> list[DatedShare]:
    merged: list[DatedShare] = []
    for piece in pieces:
        before = merged[-1] if merged else None
        if before and replace(before, begin=piece.begin, end=piece.end) == piece:
            merged[-1] = replace(before, end=piece.end)
        else:
            merged.append(piece)
    return merged


def _by_share(holding: Holding) -> Fraction:
    return holding.share


def _by_control(holding: Holding) -> Fraction:
    if holding.control == "sole":
        return _WHOLE
    return holding.share if holding.control == "joint" else _NOTHING


def _refuse_loop(above: list[str], open_nodes: list[str], day: date) -> None:
    for owner in above:
        if owner in open_nodes:
            ring = open_nodes[open_nodes.index(owner) :]
            loop = " → ".join([owner, *reversed(ring)])
            fields = {"loop": loop, "day": day.isoformat()}
            raise BadInput([Finding("organization-ownership-loop", "error", fields=fields)])
