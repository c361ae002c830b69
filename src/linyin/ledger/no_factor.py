"""Why no factor was found, said so that it can be mended."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from linyin.ledger.choose import choose, unit_misfit
from linyin.ledger.factor_search import find_factors
from linyin.ledger.item_names import called, near_items
from linyin.ledger.tables import item_aliases
from linyin.ledger.units import explain_mismatch

if TYPE_CHECKING:
    from linyin.lake import Value
    from linyin.ledger.catalog import Catalog, Factor
    from linyin.ledger.choose import Choice, Query

__all__ = ["NoFactor", "misfits", "no_factor"]

PROPOSED: Final = 6


@dataclass(frozen=True, slots=True)
class NoFactor:
    """The nearest reason: the code of its message, what it is about, the message's fields."""

    code: str
    about: str
    fields: Mapping[str, Value]


def no_factor(choice: Choice, catalog: Catalog, near: str) -> NoFactor:
    """Name what keeps a query from its factor: the nearest miss, which is mended most easily.

    Parameters
    ----------
    choice : Choice
        Without a winner.
    catalog : Catalog
        What was asked.
    near : str
        Place or site that the question is about.

    Returns
    -------
    NoFactor
        `factor-tie`; `factor-basis` where only the calorific basis is missing or another;
        `factor-technology` where the item has factors of other technologies; `factor-unit` where
        it has one in another dimension; `factor-use` where it has some, but none for this use;
        `factor-missing-near` where nothing is called so, but something is nearly; else
        `factor-missing`.

    """
    query = choice.query
    if choice.tied:
        ids = ", ".join(factor.factor_id for factor in choice.tied)
        return NoFactor("factor-tie", ids, {"factors": ids})
    missed: defaultdict[str, list[Factor]] = defaultdict(list)
    for rejection in choice.rejected:
        missed[rejection.reason].append(rejection.factor)
    if missed["calorific-basis"]:
        return _misfit("factor-basis", query, missed["calorific-basis"][0])
    others = [f for f in missed["technology"] if f.excludes.isdisjoint(query.places)]
    is_known = any(f.technology == query.technology for f in (*missed["dimension"], *others))
    if missed["dimension"] and (is_known or not query.technology or not others):
        return _misfit("factor-unit", query, missed["dimension"][0])
    asked = " ".join((query.item, query.technology, query.unit.code, *query.places[-2:-1]))
    where: dict[str, Value] = {
        "technology": query.technology or "-",
        "unit": query.unit.code,
        "place": near,
        "year": query.year,
    }
    if others:
        fitting = [f for f in others if not unit_misfit(f.unit, query.unit)] or others
        choices = ", ".join(sorted({factor.technology for factor in fitting}))
        return NoFactor("factor-technology", asked, where | {"choices": choices})
    if next(catalog.of(query.item, query.uses), None) is None:
        like = ", ".join(islice(_proposed(query, catalog), PROPOSED))
        known = {f.unit for f in catalog.factors if f.item == query.item}
        if known and query.unit.kind not in {unit.kind for unit in known}:
            units = ", ".join(sorted(unit.code for unit in known))
            name = {"item_zh": _name_zh(query.item), "units": units, "choices": like or "-"}
            return NoFactor("factor-use", asked, where | name)
        if like and not known:
            return NoFactor("factor-missing-near", asked, where | {"choices": like})
    boundary = "/".join(query.boundaries)
    told = {"boundary": boundary, "reasons": misfits(query, catalog)}
    return NoFactor("factor-missing", f"{boundary} {asked}", where | told)


def misfits(query: Query, catalog: Catalog) -> str:
    """Count the factors of a query's item that do not fit, wherever they hold, whatever for.

    Returns
    -------
    str
        How many factors failed which filter: `place 3, use 1`; `-` = the item has none. Each
        counts once; by the boundary only where it has none of those that were asked for.

    """
    failed: dict[str, str] = {}
    for rejection in choose(catalog, query, explain=True).rejected:
        if rejection.reason != "boundary" or rejection.factor.factor_id not in failed:
            failed[rejection.factor.factor_id] = rejection.reason
    counted = Counter(failed.values())
    counted["use"] = sum(f.item == query.item and f.use not in query.uses for f in catalog.factors)
    return ", ".join(f"{reason} {n}" for reason, n in sorted(counted.items()) if n) or "-"


def _proposed(query: Query, catalog: Catalog) -> Iterator[str]:
    """Yield the items for this use and kind of unit whose factors speak of what was asked for."""
    of_use = [factor for factor in catalog.factors if factor.use in query.uses]
    known = [f for f in of_use if f.unit.kind == query.unit.kind] or of_use
    found = (f.item for name in called(query.item) for f in find_factors(known, [name]).factors)
    yield from dict.fromkeys([*near_items(known, query.item), *found])


def _name_zh(item: str) -> str:
    """Return an item with what it is called in Chinese."""
    names = [name for name, of in item_aliases().items() if of == item and not name.isascii()]
    return f"{item}（{'、'.join(names)}）" if names else item


def _misfit(code: str, query: Query, factor: Factor) -> NoFactor:
    mismatch = explain_mismatch(query.unit, factor.unit)
    fields: dict[str, Value] = {
        "unit": query.unit.code,
        "factor": factor.factor_id,
        "factor_unit": factor.unit.code,
        "stated": mismatch.a_is if mismatch else "",
        "expected": mismatch.b_is if mismatch else "",
    }
    return NoFactor(code, factor.factor_id, fields)
