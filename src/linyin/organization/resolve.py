"""From the rows of one node to its dated states and holdings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from linyin.organization.nodes import LEGAL, Control, Holding, Node, State
from linyin.organization.periods import Period
from linyin.organization.rows import Findings, OrganizationRow

__all__ = ["resolve_node"]

_HALF = Fraction(1, 2)
_WHOLE = Fraction(1)


def resolve_node(rows: Sequence[OrganizationRow], findings: Findings) -> tuple[Node, list[Holding]]:
    """Return the node that all rows of one code describe, with its stated and implied holdings.

    Contradictions of the rows are added to the findings; the first row then wins.
    """
    kind = _agreed(rows, "kind", lambda row: row.kind, findings)
    existence = Period.between(_agreed(rows, "opened", lambda row: row.opened, findings), None)
    closed = _agreed(rows, "closed", lambda row: row.closed, findings)
    if closed and closed > existence.begin:
        existence = Period(existence.begin, closed)
    elif closed:
        _conflict(rows[0], "closed", (existence.begin.isoformat(), closed.isoformat()), findings)
    states: list[State] = []
    holdings: list[Holding] = []
    cuts = {day for row in rows for day in (row.span.begin, row.span.end)}
    for span in Period.always.cut(cuts):
        active = [row for row in rows if row.span.covers(span)]
        if active:
            held = _holdings(span, active, findings)
            states.append(_state(span, active, held, findings))
            holdings += held or _implied(states[-1], active[0])
    node = Node(
        rows[0].code,
        kind,
        next((row.name_en for row in rows if row.name_en), ""),
        next((row.name_zh for row in rows if row.name_zh), ""),
        existence,
        _merged_states(states),
    )
    return node, _merged_holdings(holdings)


def _state(
    span: Period, active: Sequence[OrganizationRow], held: Sequence[Holding], findings: Findings
) -> State:
    parent = _agreed(active, "parent", lambda row: row.parent, findings)
    if not parent and held:
        if len(held) > 1:
            row = active[0]
            owners = ", ".join(sorted(h.owner for h in held))
            findings.add(
                "error",
                "organization-parent-missing",
                row.where("parent"),
                node=row.code,
                owners=owners,
            )
        parent = held[0].owner
    elif not parent and active[0].kind not in LEGAL:
        row = active[0]
        findings.add("error", "organization-orphan", row.where("parent"), node=row.code)
    return State(
        span,
        parent,
        _agreed(active, "operator", lambda row: row.operator, findings),
        _agreed(active, "country", lambda row: row.country, findings),
        _agreed(active, "place", lambda row: row.place, findings),
    )


def _holdings(span: Period, active: Sequence[OrganizationRow], findings: Findings) -> list[Holding]:
    owned = [row for row in active if row.owner]
    for row in active:
        if not row.owner and row.share not in (None, _WHOLE):
            findings.add("error", "organization-owner-missing", row.where("owner"), node=row.code)
    held: list[Holding] = []
    for row in owned:
        if any(row.owner == other.owner for other in held):
            findings.add(
                "error",
                "organization-holding-twice",
                row.where("owner"),
                node=row.code,
                owner=row.owner,
                begin=_shown(span.begin),
            )
            continue
        share = _share(row, len(owned), findings)
        held.append(Holding(row.owner, row.code, share, _control(row, share), span))
    _check_total(span, owned, held, findings)
    _check_control(span, owned, held, findings)
    return held


def _share(row: OrganizationRow, owners: int, findings: Findings) -> Fraction:
    if row.share is not None:
        return row.share
    if owners > 1:
        at = row.where("ownership_pct")
        findings.add("error", "organization-share-missing", at, node=row.code, owner=row.owner)
        return Fraction(0)
    return _WHOLE


def _control(row: OrganizationRow, share: Fraction) -> Control:
    return row.control or ("sole" if share > _HALF else "none")


def _check_total(
    span: Period,
    owned: Sequence[OrganizationRow],
    held: Sequence[Holding],
    findings: Findings,
) -> None:
    total = sum(holding.share for holding in held)
    if total > 1:
        findings.add(
            "error",
            "organization-shares-over-whole",
            owned[0].where("ownership_pct"),
            node=owned[0].code,
            begin=_shown(span.begin),
            total=_percent(Fraction(total)),
        )


def _check_control(
    span: Period,
    owned: Sequence[OrganizationRow],
    held: Sequence[Holding],
    findings: Findings,
) -> None:
    sole = [holding.owner for holding in held if holding.control == "sole"]
    joint = [holding.owner for holding in held if holding.control == "joint"]
    if len(sole) > 1 or (sole and joint):
        findings.add(
            "error",
            "organization-control-conflict",
            owned[0].where("control"),
            node=owned[0].code,
            owners=", ".join(sorted([*sole, *joint])),
            begin=_shown(span.begin),
        )
    total = Fraction(sum(holding.share for holding in held))
    unstated = all(row.control is None for row in owned)
    if len(held) > 1 and unstated and not sole and total > _HALF:
        findings.add(
            "question",
            "organization-control-unclear",
            owned[0].where("control"),
            node=owned[0].code,
            total=_percent(total),
        )
    if joint and not any(row.operator for row in owned):
        at = owned[0].where("operator")
        findings.add("question", "organization-operator-missing", at, node=owned[0].code)


def _implied(state: State, row: OrganizationRow) -> list[Holding]:
    """Return the holding of the node above, which wholly has what nobody is stated to own."""
    if not state.parent:
        return []
    control = row.control or "sole"
    return [Holding(state.parent, row.code, _WHOLE, control, state.span, implied=True)]


def _agreed[T](
    rows: Sequence[OrganizationRow],
    column: str,
    cell: Callable[[OrganizationRow], T],
    findings: Findings,
) -> T:
    """Return what the rows say in a column; the empty ones say nothing."""
    stated: dict[T, OrganizationRow] = {}
    for row in rows:
        if value := cell(row):
            stated.setdefault(value, row)
    if len(stated) > 1:
        _conflict(list(stated.values())[1], column, sorted(map(str, stated)), findings)
    return next(iter(stated), cell(rows[0]))


def _conflict(row: OrganizationRow, column: str, values: Iterable[str], findings: Findings) -> None:
    code = "organization-two-parents" if column == "parent" else "organization-rows-differ"
    at = row.where(column)
    findings.add("error", code, at, node=row.code, column=column, values=", ".join(values))


def _merged_states(states: Iterable[State]) -> tuple[State, ...]:
    merged: list[State] = []
    for state in states:
        last = merged[-1] if merged else None
        if last and last.span.end == state.span.begin and replace(last, span=state.span) == state:
            merged[-1] = replace(last, span=Period(last.span.begin, state.span.end))
        else:
            merged.append(state)
    return tuple(merged)


def _merged_holdings(holdings: Iterable[Holding]) -> list[Holding]:
    merged: list[Holding] = []
    for holding in sorted(holdings, key=lambda h: (h.owner, h.span)):
        last = merged[-1] if merged else None
        touches = last is not None and last.span.end == holding.span.begin
        if last and touches and replace(last, span=holding.span) == holding:
            merged[-1] = replace(last, span=Period(last.span.begin, holding.span.end))
        else:
            merged.append(holding)
    return merged


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.6g} %"


def _shown(day: date) -> str:
    return "" if day == date.min else day.isoformat()
