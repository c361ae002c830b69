"""Choosing a factor: filter, rank, and say why.

The filter keeps what may be used at all; the rank orders what is left by supplier and
product, technology, place, distance in years (earlier wins a tie) and source priority.
Two factors of equal rank are a tie, and a tie is an error: nobody could say why one won.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from linyin.ledger.catalog import Catalog, Factor
from linyin.ledger.units import Unit

__all__ = ["SITE", "Choice", "Query", "Rank", "Rejection", "choose", "unit_misfit"]


SITE: Final = "site:"
"""Marks a site among places, so that a site called LS is never taken for Lesotho."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a method asks the catalogue for.

    Attributes
    ----------
    places
        From the site outwards: `("site:SZ-1", "CN-GD", "CN.south", "CN", "world")`.
    boundaries
        In order of preference; a later one is asked only where an earlier has no answer.
    year
        Year of the slice.
    pin
        Factors published after this day do not exist for the run.

    """

    item: str
    uses: tuple[str, ...]
    unit: Unit
    boundaries: tuple[str, ...]
    bases: tuple[str, ...]
    places: tuple[str, ...]
    year: int
    pin: date
    technology: str = ""
    default_technology: str = ""
    supplier: str = ""
    product: str = ""
    drafts: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Rank:
    """Why one factor comes before another: the lower, the better, field by field."""

    draft: int
    supplier: int
    product: int
    technology: int
    place: int
    years: int
    later: int
    priority: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """A factor for the item that may not be used, and why."""

    factor: Factor
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer: the ranked factors, the winner first, and those that were filtered out."""

    query: Query
    ranked: tuple[tuple[Rank, Factor], ...]
    rejected: tuple[Rejection, ...]

    @property
    def winner(self) -> Factor | None:
        """The factor to use; None where nothing fits or the best two are equal."""
        return None if self.tied or not self.ranked else self.ranked[0][1]

    @property
    def tied(self) -> tuple[Factor, ...]:
        """Factors that share the best rank, if there are several."""
        if len(self.ranked) < 2 or self.ranked[0][0] != self.ranked[1][0]:
            return ()
        best = self.ranked[0][0]
        return tuple(factor for rank, factor in self.ranked if rank == best)

    @property
    def decided_by(self) -> str:
        """Name of the first field of the rank in which the winner beats the second."""
        if len(self.ranked) < 2:
            return "only"
        first, second = self.ranked[0][0], self.ranked[1][0]
        for name in Rank.__slots__:
            if getattr(first, name) != getattr(second, name):
                return str(name)
        return "tie"


def choose(catalog: Catalog, query: Query, *, explain: bool = False) -> Choice:
    """Choose the factor for a query.

    Parameters
    ----------
    catalog : Catalog
    query : Query
    explain : bool
        Also list the factors of other places among the rejected (slower).

    Returns
    -------
    Choice
        `winner` is None where nothing passes the filter or where the best are tied.

    """
    rejected: list[Rejection] = []
    for boundary in query.boundaries:
        ranked: list[tuple[Rank, Factor]] = []
        for factor in _everywhere(catalog, query) if explain else _near(catalog, query):
            reason = _rejects(factor, query, boundary)
            if reason:
                rejected.append(Rejection(factor, reason))
            else:
                ranked.append((_rank(factor, query), factor))
        if ranked:
            ranked.sort(key=lambda pair: (pair[0], pair[1].factor_id))
            chosen = {factor.factor_id for _, factor in ranked}
            kept = tuple(r for r in rejected if r.factor.factor_id not in chosen)
            return Choice(query, tuple(ranked), kept)
    return Choice(query, (), tuple(rejected))


def _near(catalog: Catalog, query: Query) -> Iterator[Factor]:
    for use in query.uses:
        for place in query.places:
            yield from catalog.at(query.item, use, place)


def _everywhere(catalog: Catalog, query: Query) -> Iterator[Factor]:
    return catalog.of(query.item, query.uses)


def _rejects(factor: Factor, query: Query, boundary: str) -> str:
    """Name the first filter that a factor fails; '' = it may be used."""
    if factor.boundary != boundary:
        return "boundary"
    if factor.basis not in query.bases:
        return "basis"
    if factor.supplier and factor.supplier != query.supplier:
        return "supplier"
    if factor.product and factor.product != query.product:
        return "product"
    if factor.technology and factor.technology not in (
        query.technology,
        query.technology or query.default_technology,
    ):
        return "technology"
    if factor.place not in query.places:
        return "place"
    if factor.excludes and not factor.excludes.isdisjoint(query.places):
        return "place-excluded"
    return unit_misfit(factor.unit, query.unit) or _unreleased(factor, query)


def unit_misfit(factor: Unit, asked: Unit) -> str:
    """Name what keeps a unit from a factor's; '' = nothing.

    Money is one dimension here: the spend chain brings it to the factor's currency.
    """
    is_money = factor.kind == "currency" and asked.kind == "currency"
    if factor.dimensions != asked.dimensions and not is_money:
        return "dimension"
    return "" if factor.basis == asked.basis else "calorific-basis"


def _unreleased(factor: Factor, query: Query) -> str:
    year = query.year
    if factor.published > query.pin:
        return "not-released"
    if factor.status != "approved" and not query.drafts:
        return "not-approved"
    if factor.valid_from and factor.valid_from > date(year, 12, 31):
        return "not-valid-yet"
    if factor.valid_to and factor.valid_to <= date(year, 1, 1):
        return "expired"
    return ""


def _rank(factor: Factor, query: Query) -> Rank:
    distance = factor.data_year - query.year
    return Rank(
        draft=int(factor.status != "approved"),
        supplier=0 if factor.supplier else 1,
        product=0 if factor.product else 1,
        technology=_technology_rank(factor, query),
        place=query.places.index(factor.place),
        years=abs(distance),
        later=int(distance > 0),
        priority=factor.priority,
    )


def _technology_rank(factor: Factor, query: Query) -> int:
    preferred: Sequence[str] = (
        (query.technology, "") if query.technology else ("", query.default_technology)
    )
    return preferred.index(factor.technology)
