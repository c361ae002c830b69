"""What was inside a run's boundary, and what happened at its sites while they were outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Final

from linyin.inventory.diff_legs import Place, Slice, kind_of, quanta
from linyin.inventory.diff_matching import OUTSIDE
from linyin.inventory.inventory import Inventory
from linyin.ledger import OPERATIONAL_LINES, amount_unit_of, load_source_types, named_inputs
from linyin.organization import Organization, Period

__all__ = ["Reach", "with_outside"]

_NOISE: Final = 1e-12


class Reach:
    """The boundary of one run over its period.

    Parameters
    ----------
    inventory : Inventory
        Of the run.
    other : Organization
        Asked about nodes that the run's own organization does not know yet.

    """

    def __init__(self, inventory: Inventory, other: Organization) -> None:
        self.inventory, self.other = inventory, other
        run = inventory.run
        self.period = Period(date.fromisoformat(run["begin"]), date.fromisoformat(run["end"]))
        self._days: dict[tuple[int, bool], Mapping[str, int]] = {}
        self._told: set[Place] = set()

    @cached_property
    def own(self) -> Organization:
        """The organization that the bundle pins."""
        return organization_of(self.inventory)

    def coverage(self, site: str, *, with_equity: bool = False) -> Fraction | None:
        """Return the share of a site's days in the period on which it was inside the boundary.

        Parameters
        ----------
        site : str
        with_equity : bool
            Count days of mere equity too, on which scopes 1 and 2 stand in category 15.

        Returns
        -------
        Fraction or None
            0 to 1; None for a site that did not exist in the period. [-]

        """
        organization = self.own if site in self.own else self.other
        entity = self.inventory.run["entity"]
        if site not in organization or entity not in organization:
            return Fraction(1)
        lived = organization.nodes[site].existence.overlap(self.period)
        if lived is None:
            return None
        days = self._inside(organization, with_equity=with_equity).get(site, 0)
        return Fraction(days, (lived.end - lived.begin).days)

    def is_outside(self, at: Place) -> bool:
        """Whether the boundary alone explains that the run has nothing of a source.

        Its site was outside, and if rows tell of the site all the same, they tell of the source.
        """
        is_operational = load_source_types()[at.source_type].line in OPERATIONAL_LINES
        if self.coverage(at.site, with_equity=is_operational) != 0:
            return False
        return at._replace(stage="main") in self._told or all(
            told.site != at.site for told in self._told
        )

    def _inside(self, organization: Organization, *, with_equity: bool) -> Mapping[str, int]:
        known = self._days.get((id(organization), with_equity))
        if known is None:
            run = self.inventory.run
            to = run["restated_to"]
            days: defaultdict[str, int] = defaultdict(int)
            for piece in organization.dated_shares(
                run["entity"],
                run["approach"],
                self.period,
                structure_of=date.fromisoformat(to) if to else None,
            ):
                if piece.share > 0 or (with_equity and piece.equity > 0):
                    days[piece.node] += (piece.end - piece.begin).days
            known = self._days[id(organization), with_equity] = days
        return known

    def totals(self, sites: Sequence[str]) -> Mapping[tuple[Place, tuple[object, ...]], _Total]:
        """Add up everything that the rows say of sites in the period, inside the boundary or not.

        Returns
        -------
        mapping
            (main source, kind of unit) → its quantity at 100 % and the unit.

        """
        if not sites:
            return {}
        begin, end = (f"DATE '{day}'" for day in (self.period.begin, self.period.end))
        table = self.inventory.query(
            f"""
            SELECT site, source_type, item, technology, counterparty, place, unit, inputs,
                   {quanta(f"({self._amount()}) * ({_portion(begin, end)})")} AS quantity
            FROM activities
            WHERE site IN (SELECT unnest($1)) AND flow = 'emission'
              AND begin < {end} AND "end" > {begin}
            GROUP BY ALL ORDER BY ALL
            """,
            [list(sites)],
        )
        found: dict[tuple[Place, tuple[object, ...]], _Total] = {}
        for row in table.to_pylist():
            *names, written, stated, quantity = row.values()
            place, inputs = Place(*names), frozenset(stated.split(",")) - {""}
            unit = amount_unit_of(place.source_type, written, inputs).code
            self._told.add(place)
            key = (place, kind_of(unit))
            before = found.get(key)
            if before is None:
                found[key] = (unit, int(quantity))
            elif before[0] == unit:
                found[key] = (unit, before[1] + int(quantity))
        return found

    def _amount(self) -> str:
        present = set(self.inventory.query("SELECT * FROM activities LIMIT 0").column_names)
        amount = "quantity"
        for operation, sign in (("multiply", "*"), ("divide", "/")):
            for name in sorted(named_inputs()):
                if name in present and named_inputs()[name].operation == operation:
                    amount += f" {sign} coalesce({name}, 1.0)"
        return amount


type _Total = tuple[str, int]


def organization_of(inventory: Inventory) -> Organization:
    """Rebuild the organization of a bundle from its pinned rows."""
    rows = inventory.query("SELECT * FROM organization").to_pylist()
    return Organization.from_rows(rows)[0]


def with_outside(
    slices: Sequence[Slice], reach: Reach, others: Sequence[Slice], *, same_period: bool
) -> list[Slice]:
    """Add what a run's sources did while their sites were outside its boundary.

    Quantities at 100 % become comparable in this way: a deal in the middle of a year is no growth.
    Where the rows say nothing of the days outside, the days inside stand for them, but not within
    one period.

    Parameters
    ----------
    slices : sequence of Slice
        Of the run.
    reach : Reach
        Of the run.
    others : sequence of Slice
        Of the run that it is compared with.
    same_period : bool
        Whether both runs are of one period.

    """
    partial = _partial(reach, {s.at.site for s in (*slices, *others)})
    if not partial:
        return list(slices)
    theirs: defaultdict[Place, dict[tuple[object, ...], Slice]] = defaultdict(dict)
    for s in others:
        theirs[s.at].setdefault(kind_of(s.unit), s)
    mine: defaultdict[tuple[Place, tuple[object, ...]], list[Slice]] = defaultdict(list)
    for s in slices:
        mine[s.at, kind_of(s.unit)].append(s)
    totals = reach.totals(list(partial))
    spoken = {at.site for at, _ in totals}
    added: list[Slice] = []
    keys = mine.keys() | {(at, kind) for at, kinds in theirs.items() for kind in kinds}
    for at, kind in sorted(keys, key=repr):
        if at.site not in partial:
            continue
        own = mine.get((at, kind), [])
        like = own[0] if own else theirs[at][kind]
        inside = sum(s.quantity for s in own)
        total = totals.get((at._replace(stage="main"), kind))
        if total is not None:
            same_unit = all(s.unit == total[0] for s in (like, *own))
            quantity = _beyond(total[1], inside) if same_unit else None
        elif own and not same_period and at.site not in spoken:
            quantity = int(inside / partial[at.site]) - inside
        else:
            quantity = None
        if quantity or (quantity == 0 and not own):
            added.append(_outside(like, quantity))
    return [*slices, *added]


def _beyond(total: int, inside: int) -> int:
    left = total - inside
    return left if abs(left) > _NOISE * abs(total) else 0


def _partial(reach: Reach, sites: Iterable[str]) -> dict[str, Fraction]:
    """Return the sites that existed but were not inside the whole time, with their coverage."""
    covered = {site: reach.coverage(site) for site in sorted(sites)}
    return {site: share for site, share in covered.items() if share is not None and share < 1}


def _outside(like: Slice, quantity: int) -> Slice:
    return like._replace(
        role=OUTSIDE, quantity=quantity, mass=0, entries=0, share=0.0, instrument=""
    )


def _portion(begin: str, end: str) -> str:
    inside = f'least("end", {end}) - greatest(begin, {begin})'
    return (
        f'CASE WHEN begin >= {begin} AND "end" <= {end} THEN 1.0 '
        f'ELSE ({inside})::DOUBLE / ("end" - begin) END'
    )
