"""The organization as the ledger uses it: tree, ownership, consolidation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from linyin.lake import Finding, Value, ordered_findings
from linyin.organization.links import check_links
from linyin.organization.nodes import Holding, Node, State
from linyin.organization.ownership import OwnershipGraph
from linyin.organization.periods import Period
from linyin.organization.resolve import resolve_node
from linyin.organization.rows import Cells, Findings, OrganizationRow
from linyin.organization.shares import Approach, Boundary, DatedShare, dated_shares
from linyin.organization.tree import Tree

__all__ = ["Organization"]


class Organization:
    """Nodes, their management tree and their owners, over time.

    Parameters
    ----------
    nodes
        All nodes.
    holdings
        Their stated and implied holdings.

    """

    def __init__(self, nodes: Iterable[Node], holdings: Iterable[Holding]) -> None:
        self.nodes: Mapping[str, Node] = {node.code: node for node in nodes}
        held = list(holdings)
        self.ownership = OwnershipGraph(self.nodes, held)
        self.structure = OwnershipGraph(self.nodes, held, lifelong=True)
        self._boundaries: dict[tuple[str, bool], Boundary] = {}

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, object]]) -> tuple[Organization, list[Finding]]:
        """Build the organization from the rows of a validated organization table.

        Parameters
        ----------
        rows
            One mapping a row: the columns of the schema `organization` with `_file`, `_sheet` and
            `_row`; an empty cell is None or ''.

        Returns
        -------
        Organization
            Whole as far as the rows allow; do not calculate with it while there are errors.
        list of Finding
            In stable order.

        Raises
        ------
        TypeError
            If a cell has not the type of its column.

        """
        findings = Findings()
        by_code: dict[str, list[OrganizationRow]] = {}
        seen: dict[frozenset[tuple[str, object]], int] = {}
        for cells in rows:
            source = Cells(cells)
            stated = frozenset(cell for cell in cells.items() if not cell[0].startswith("_"))
            if stated in seen:
                fields: dict[str, Value] = {"node": source.text("code"), "row": seen[stated]}
                findings.add("warning", "organization-row-twice", source.where("code"), **fields)
                continue
            seen[stated] = source.where("code").row or 0
            row = OrganizationRow.read(source, findings)
            if row:
                by_code.setdefault(row.code, []).append(row)
        nodes: list[Node] = []
        holdings: list[Holding] = []
        for code in sorted(by_code):
            node, held = resolve_node(by_code[code], findings)
            nodes.append(node)
            holdings += held
        organization = cls(nodes, holdings)
        check_links(by_code, organization.structure, findings)
        return organization, list(ordered_findings(findings.all))

    def __contains__(self, code: str) -> bool:
        return code in self.nodes

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes.values())

    def __len__(self) -> int:
        return len(self.nodes)

    @property
    def tree(self) -> Tree:
        """The management tree."""
        return self.ownership.tree

    def presence(self, code: str, period: Period = Period.always) -> list[Period]:
        """Return the days of a period on which a node is in the organization and exists."""
        found = (span.overlap(period) for span in self.ownership.presence(code))
        return [span for span in found if span]

    def place(self, code: str, day: date) -> str:
        """Return the place stated for a node or the nearest node above it, else its country.

        On days that no row of a node covers (before it joined the group, after it left) what was
        stated last holds, before any row what is stated first: a plant stays where it is.

        Returns
        -------
        str
            '' where none is stated.

        """
        above = self._stated_upwards(code, day)
        return next((s.place or s.country for s in above if s.place or s.country), "")

    def country(self, code: str, day: date) -> str:
        """Return the country stated for a node or the nearest node above it, '' for none."""
        return next((s.country for s in self._stated_upwards(code, day) if s.country), "")

    def owning_entity(self, code: str, day: date, *, lifelong: bool = False) -> str:
        """Return the group or entity that a node belongs to on a day, '' for none.

        A group or entity is its own. A site or department belongs to the owner with sole control,
        else to the largest owner (of equal ones the one nearest above in the management tree, then
        the least code); without stated owners to what the node above it belongs to.
        """
        graph = self.structure if lifelong else self.ownership
        return graph.owning_entity(code, day)

    def shares(self, reporter: str, approach: Approach, day: date) -> dict[str, Fraction]:
        """Return what a reporter consolidates of every node present on a day.

        See :func:`linyin.organization.shares.shares` for approaches, errors and sources.
        """
        boundary = self._boundary(reporter)
        return {
            code: boundary.share(approach, code, day)
            for code in self.nodes
            if any(day in span for span in boundary.spans(code))
        }

    def equity(self, reporter: str, day: date) -> dict[str, Fraction]:
        """Return the equity share in every node present on a day, whatever the approach."""
        return self.shares(reporter, "equity_share", day)

    def inside(
        self, reporter: str, approach: Approach, day: date, code: str, *, lifelong: bool = False
    ) -> Fraction:
        """Return the share of a counterparty that is inside the boundary on a day.

        Returns
        -------
        Fraction
            0 to 1; 0 also for a code that is not in the organization. [-]

        """
        if code not in self.nodes:
            return Fraction(0)
        return self._boundary(reporter, lifelong=lifelong).share(approach, code, day)

    def dated_shares(
        self,
        reporter: str,
        approach: Approach,
        period: Period,
        structure_of: date | None = None,
    ) -> list[DatedShare]:
        """Return what a reporter consolidates of every node through a period, in dated pieces.

        Parameters
        ----------
        reporter, approach, period
            As of :func:`linyin.organization.shares.dated_shares`.
        structure_of
            Take the structure of this one day for the whole period: each node of that day's
            organization over the days of the period on which it existed. A base year is restated
            under a later structure and a mid-year deal booked for the whole year in this way;
            what opened or closed by itself still counts only while it existed.

        """
        if structure_of is None:
            boundary = self._boundary(reporter)
            return dated_shares(self.ownership, reporter, approach, period, boundary)
        boundary = self._boundary(reporter, lifelong=True)
        one_day = Period(structure_of, date.fromordinal(structure_of.toordinal() + 1))
        pieces = dated_shares(self.structure, reporter, approach, one_day, boundary)
        return [
            replace(piece, begin=lived.begin, end=lived.end)
            for piece in pieces
            if (lived := self.nodes[piece.node].existence.overlap(period))
        ]

    def _boundary(self, reporter: str, *, lifelong: bool = False) -> Boundary:
        key = (reporter, lifelong)
        if key not in self._boundaries:
            graph = self.structure if lifelong else self.ownership
            self._boundaries[key] = Boundary(graph, reporter)
        return self._boundaries[key]

    def _stated_upwards(self, code: str, day: date) -> Iterator[State]:
        """Yield what is stated about a node and those above it; ends at a loop."""
        seen: set[str] = set()
        here = code
        while here in self.nodes and here not in seen:
            seen.add(here)
            state = self.nodes[here].state_near(day)
            if state is None:
                return
            yield state
            here = state.parent
