"""What happened to an organization between the base year and now, as the base year sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final, Literal

import pyarrow as pa

from linyin.inventory.baseyear_rows import Rows
from linyin.inventory.folder import Folder, build
from linyin.lake import Finding
from linyin.ledger import Approach
from linyin.organization import Organization, Period

__all__ = ["Deal", "Timeline", "as_if_in", "missing_rows", "moves"]

type Kind = Literal["acquisition", "divestment", "ownership change"]

_NOTHING: Final = Fraction(0)


@dataclass(frozen=True, slots=True)
class Deal:
    """A change of what a reporter consolidates of a node."""

    kind: Kind
    node: str
    day: date


class Timeline:
    """When a reporter's share of each node changed.

    Parameters
    ----------
    organization : Organization
    reporter : str
    approach : str
    period : Period
        From the first day of the base year to the end of the current year.

    """

    def __init__(
        self, organization: Organization, reporter: str, approach: Approach, period: Period
    ) -> None:
        self._organization, self._period = organization, period
        self._shares: dict[str, list[tuple[date, date, Fraction]]] = {}
        for piece in organization.dated_shares(reporter, approach, period):
            self._shares.setdefault(piece.node, []).append((piece.begin, piece.end, piece.share))

    def deals(self, node: str) -> list[Deal]:
        """Return the changes of the share of a node while it existed, in order.

        That a node opened or closed is no deal.
        """
        lived = self._organization.nodes[node].existence.overlap(self._period)
        if lived is None:
            return []
        found: list[Deal] = []
        day, share = lived.begin, self._share(node, lived.begin)
        for cut in sorted({d for b, e, _ in self._shares.get(node, ()) for d in (b, e)}):
            if not day < cut < lived.end:
                continue
            now = self._share(node, cut)
            if now != share:
                found.append(Deal(_kind(share, now), node, cut))
            day, share = cut, now
        return found

    def deal(self, node: str) -> Deal | None:
        """Return the last deal about a node, by the highest node that changed on that day."""
        deals = self.deals(node)
        if not deals:
            return None
        last = deals[-1]
        before = date.fromordinal(last.day.toordinal() - 1)
        on = last.day if last.kind != "divestment" else before
        top = last
        for above in self._organization.tree.upwards(node, on):
            same = [d for d in self.deals(above) if d.day == last.day and d.kind == last.kind]
            if not same:
                break
            top = same[0]
        return top

    def _share(self, node: str, day: date) -> Fraction:
        spans = self._shares.get(node, ())
        return next((share for begin, end, share in spans if begin <= day < end), _NOTHING)


def _kind(before: Fraction, after: Fraction) -> Kind:
    if not before:
        return "acquisition"
    return "ownership change" if after else "divestment"


def as_if_in(folder: Folder, year: Period, base: Period) -> Folder:
    """Give a folder whose organization goes through the base year as it went through a year.

    A deal on the first of July of the year counts in the base year from the first of July: the
    base year is restated pro rata. What opened and closed by itself keeps its dates.

    References
    ----------
    .. [1] WRI/WBCSD (2005), Base year recalculation methodologies for structural changes,
       appendix E to the GHG Protocol Corporate Standard.

    """
    rows = folder.sheets["organization"]
    moved: list[dict[str, Any]] = []
    for row in rows.to_pylist():
        begin, end = row["from"] or date.min, row["to"] or date.max
        if begin < year.end and end > year.begin:
            first = _shifted(begin, year, base) if begin > year.begin else None
            last = _shifted(end, year, base) if end < year.end else None
            moved.append(row | {"from": first, "to": last})
    sheets = folder.sheets | {"organization": pa.Table.from_pylist(moved, rows.schema)}
    restated = build(
        folder.path,
        folder.config,
        sheets,
        folder.findings,
        catalog=folder.catalog,
        reference=folder.reference,
    )
    restated.activities.extend(folder.activities)
    return restated


def _shifted(day: date, year: Period, base: Period) -> date:
    """Move a day of a year to the same place in the base year."""
    years = base.begin.year - year.begin.year
    if (day.month, day.day) == (2, 29):
        return date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


def missing_rows(
    organization: Organization, rows: Rows, acquired: Iterable[Deal], base: Period
) -> list[Finding]:
    """Ask about acquired places that existed in the base year and have no rows of it."""
    told = {site for part in rows.touching(base) for site in part["site"].to_pylist()}
    findings: list[Finding] = []
    for deal in acquired:
        tree = organization.tree
        existed = organization.nodes[deal.node].existence.overlap(base)
        if (
            not existed
            or deal.node in told
            or any(
                deal.node in tree.upwards(other.code, deal.day)
                for other in organization
                if other.code != deal.node
            )
        ):
            continue
        fields = {"node": deal.node, "year": str(base.begin.year), "day": deal.day.isoformat()}
        findings.append(Finding("base-year-rows-missing", "question", rows.where, fields))
    return findings


def moves(
    rows: Rows, base: Period, current: Period
) -> list[tuple[Literal["outsourcing", "insourcing"], Mapping[str, str], date]]:
    """Find activities that somebody else does now, or that others did in the base year.

    Returns
    -------
    list
        (what happened, `site, source_type, item, technology`, first day of it).

    """
    then, now = (_relations(rows, period) for period in (base, current))
    found: list[tuple[Literal["outsourcing", "insourcing"], Mapping[str, str], date]] = []
    for key in sorted(then.keys() & now.keys()):
        was, became = set(then[key]), set(now[key])
        if was == {False} and became == {True}:
            found.append(("outsourcing", dict(zip(_KEY, key, strict=True)), now[key][True]))
        elif was == {True} and became == {False}:
            found.append(("insourcing", dict(zip(_KEY, key, strict=True)), now[key][False]))
    return found


_KEY: Final = ("site", "source_type", "item", "technology")


def _relations(rows: Rows, period: Period) -> dict[tuple[str, ...], dict[bool, date]]:
    found: dict[tuple[str, ...], dict[bool, date]] = {}
    for part in rows.touching(period):
        grouped = part.group_by([*_KEY, "relation"]).aggregate([("begin", "min")])
        for row in grouped.to_pylist():
            of_key = found.setdefault(tuple(row[name] for name in _KEY), {})
            outsourced = row["relation"] == "outsourced"
            of_key[outsourced] = min(of_key.get(outsourced, date.max), row["begin_min"])
    return found
