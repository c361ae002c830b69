"""Checks of how the nodes hang together: names that lead nowhere, loops, what was assumed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from linyin.lake import Where
from linyin.organization.loops import Edge, Loop, find_loops
from linyin.organization.nodes import Node
from linyin.organization.ownership import OwnershipGraph
from linyin.organization.rows import Findings, OrganizationRow

__all__ = ["check_links"]

type Rows = Mapping[str, list[OrganizationRow]]


def check_links(rows: Rows, graph: OwnershipGraph, findings: Findings) -> None:
    """Add what is wrong with references between nodes.

    Parameters
    ----------
    rows
        Code to the rows of the node.
    graph
        The lifelong graph that was built from them.
    findings
        Where to add.

    """
    for row in (row for found in rows.values() for row in found):
        _check_parent(row, graph.nodes, findings)
        _check_owner(row, graph.nodes, findings)
        _check_operator(row, graph.nodes, findings)
        _check_assumptions(row, findings)
    _check_loops(rows, graph, findings)


def _check_parent(row: OrganizationRow, nodes: Mapping[str, Node], findings: Findings) -> None:
    if not row.parent:
        return
    at = row.where("parent")
    if row.parent not in nodes:
        findings.add("error", "organization-parent-unknown", at, node=row.code, parent=row.parent)
    elif not any(span.overlap(row.span) for span in nodes[row.parent].membership):
        findings.add("error", "organization-parent-absent", at, node=row.code, parent=row.parent)


def _check_owner(row: OrganizationRow, nodes: Mapping[str, Node], findings: Findings) -> None:
    if not row.owner:
        return
    at = row.where("owner")
    if row.owner not in nodes:
        findings.add("error", "organization-owner-unknown", at, node=row.code, owner=row.owner)
    elif not nodes[row.owner].is_legal:
        findings.add("error", "organization-owner-kind", at, node=row.code, owner=row.owner)
    elif not any(span.overlap(row.span) for span in nodes[row.owner].membership):
        findings.add("error", "organization-owner-absent", at, node=row.code, owner=row.owner)


def _check_operator(row: OrganizationRow, nodes: Mapping[str, Node], findings: Findings) -> None:
    if not row.operator:
        return
    at = row.where("operator")
    fields = {"node": row.code, "operator": row.operator}
    if row.operator not in nodes:
        findings.add("question", "organization-operator-outside", at, **fields)
    elif not nodes[row.operator].is_legal:
        findings.add("error", "organization-operator-kind", at, **fields)


def _check_assumptions(row: OrganizationRow, findings: Findings) -> None:
    has_one_above = bool(row.owner or row.parent)
    legal = row.kind in ("group", "entity")
    if legal and has_one_above and row.share is None:
        owner = row.owner or row.parent
        at = row.where("ownership_pct")
        findings.add("question", "organization-share-assumed", at, node=row.code, owner=owner)
    if row.kind == "site" and row.starts and row.opened is None:
        at = row.where("opened")
        findings.add("question", "organization-opened-missing", at, node=row.code)


def _check_loops(rows: Rows, graph: OwnershipGraph, findings: Findings) -> None:
    managed = find_loops(Edge(p.node, p.parent, p.span) for p in graph.tree if p.parent)
    for loop in managed:
        at = _row_of(rows, loop, "parent").where("parent")
        findings.add("error", "organization-tree-loop", at, **_described(loop))
    told = {frozenset(loop.nodes) for loop in managed}
    for loop in graph.loops():
        if frozenset(loop.nodes) not in told:
            at = _owner_place(rows, loop)
            findings.add("error", "organization-ownership-loop", at, **_described(loop))


def _described(loop: Loop) -> dict[str, str]:
    return {"loop": str(loop), "day": loop.day.isoformat()}


def _owner_place(rows: Rows, loop: Loop) -> Where:
    return _row_of(rows, loop, "owner").where("owner")


def _row_of(rows: Rows, loop: Loop, column: str) -> OrganizationRow:
    """Return the row that holds one edge of the loop on its first day."""
    return next(_candidates(rows, loop, column), rows[loop.nodes[0]][0])


def _candidates(rows: Rows, loop: Loop, column: str) -> Iterator[OrganizationRow]:
    members: Iterable[str] = set(loop.nodes)
    for code in loop.nodes:
        for row in rows[code]:
            if loop.day in row.span and getattr(row, column) in members:
                yield row
