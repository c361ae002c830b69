"""The organization as one run sees it: shares, owners, places, shared supplies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache

from linyin.ledger.choose import SITE
from linyin.ledger.legs import Piece, Target
from linyin.ledger.runs import Run
from linyin.organization import Allocations, Organization, Period, place_path

__all__ = ["GroupOperations", "Metered"]

type Metered = Callable[[str, str, str, Period], Fraction]


class GroupOperations:
    """Answers the ledger's questions for one reporter and approach.

    Parameters
    ----------
    run : Run
    organization : Organization
    parents : mapping
        Place → the place around it.
    allocations : Allocations
        Who uses which part of a shared supply.
    metered : callable
        (site, item, supply, period) → quantity of the main meter, for sub-metered supplies.
    structure_of : date, optional
        Take the ownership structure of this day for the whole period.

    """

    def __init__(
        self,
        run: Run,
        organization: Organization,
        parents: Mapping[str, str],
        allocations: Allocations,
        metered: Metered,
        structure_of: date | None = None,
    ) -> None:
        self.run, self.organization = run, organization
        self._parents, self._structure_of = parents, structure_of
        self._allocations, self._metered = allocations, metered
        self.places = lru_cache(maxsize=None)(self._places)
        self.owner = lru_cache(maxsize=None)(self._owner)
        self.inside = lru_cache(maxsize=None)(self._inside)

    @cached_property
    def _pieces(self) -> Mapping[str, Sequence[Piece]]:
        period = Period(self.run.begin, self.run.end)
        pieces: defaultdict[str, list[Piece]] = defaultdict(list)
        for dated in self.organization.dated_shares(
            self.run.entity, self.run.approach, period, structure_of=self._structure_of
        ):
            for part in Period(dated.begin, dated.end).years():
                pieces[dated.node].append(Piece(part.begin, part.end, dated.share, dated.equity))
        return pieces

    def pieces(self, site: str, begin: date, end: date) -> Sequence[Piece]:
        """Return the dated shares of a site that touch a stretch of time, cut by years."""
        return [p for p in self._pieces.get(site, ()) if p.begin < end and begin < p.end]

    def changes(self, code: str) -> frozenset[date]:
        """Return the days on which a counterparty's place in the organization changes."""
        if code not in self.organization or self._structure_of is not None:
            return frozenset()
        return frozenset(self.organization.ownership.cuts(code))

    def is_shared(self, site: str) -> bool:
        """Say whether any supply of a site has several users."""
        return self._allocations.concerns(site)

    def targets(
        self, site: str, item: str, supply: str, begin: date, end: date
    ) -> Sequence[Target]:
        """Return who uses a site's supply; the site itself where nothing is shared."""
        if not self.is_shared(site):
            return (Target(site, begin, end, Fraction(0), Fraction(1)),)

        def main(span: Period) -> Fraction:
            return self._metered(site, item, supply, span)

        return [
            Target(part.target, division.begin, division.end, part.lo, part.hi)
            for division in self._allocations.divisions(
                site, item, supply, Period(begin, end), main
            )
            for part in division.parts
        ]

    def _owner(self, site: str, day: date) -> str:
        on, restated = self._structure_of or day, self._structure_of is not None
        return self.organization.owning_entity(site, on, lifelong=restated)

    def _places(self, site: str, place: str, day: date) -> tuple[str, ...]:
        here = place or self.organization.place(site, self._structure_of or day) or "world"
        path = place_path(here, self._parents)
        return tuple(path) if place else (f"{SITE}{site}", *path)

    def _inside(self, code: str, day: date) -> Fraction:
        on, restated = self._structure_of or day, self._structure_of is not None
        return self.organization.inside(
            self.run.entity, self.run.approach, on, code, lifelong=restated
        )
