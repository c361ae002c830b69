"""Asking for a factor as a calculation would, and saying why the winner won."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from linyin.lake import BadInput, Finding
from linyin.ledger.choose import SITE, Choice, Query, choose
from linyin.ledger.methods import load as load_methods
from linyin.ledger.reference import ReferenceTables
from linyin.ledger.tables import item_aliases, place_parents
from linyin.ledger.units import parse
from linyin.organization import place_path

if TYPE_CHECKING:
    from linyin.ledger.catalog import Catalog
    from linyin.ledger.methods import Method
    from linyin.ledger.spend import Step

__all__ = ["Explanation", "Question", "explain"]


@dataclass(frozen=True, slots=True)
class Question:
    """The context of an activity for which a factor is asked.

    Attributes
    ----------
    item
        Or another name of it.
    unit
        Of the activity.
    year
        Of the slice.
    place
        Where it happens: a place of the table; '' = the world.
    site
        Site whose own factors come first; '' = none.
    source_type
        '' = the first of the methods' table that fits the item and the unit.
    uses, boundaries, bases
        Empty = as the method asks.
    pin
        Factors published later are not there; None = today.
    without
        Ids of factors that are taken away first.

    """

    item: str
    unit: str
    year: int
    place: str = ""
    site: str = ""
    technology: str = ""
    source_type: str = ""
    uses: tuple[str, ...] = ()
    boundaries: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    supplier: str = ""
    product: str = ""
    pin: date | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The choice, and what led to it.

    Attributes
    ----------
    question
        With the uses, boundaries and bases of the method where the question names a source type.
    assumed
        The method whose default technology was taken, since none was asked for; else None.
    bridge
        The step that leads from the unit asked for to the factors' unit; None = none was needed.

    """

    question: Question
    choice: Choice
    assumed: Method | None
    bridge: Step | None


def explain(catalog: Catalog, question: Question) -> Explanation:
    """Choose the factor for a question, with everything that was filtered out.

    Raises
    ------
    BadInput
        If the item, the place or a factor that is to be taken away is unknown.
    UnitError
        If the unit can't be read.

    """
    catalog = _without(catalog, question.without)
    method = _method(catalog, question)
    if question.source_type and method is not None:
        question = _as_calculated(question, method)
    assumed = method if method and method.technology and not question.technology else None
    query = _query(catalog, question, assumed)
    choice = choose(catalog, query, explain=True)
    bridge = None
    if not choice.ranked:
        bridge = ReferenceTables.shipped().bridges.find(query.item, query.unit, query.year)
    if bridge is not None:
        choice = choose(catalog, replace(query, unit=bridge.to), explain=True)
    return Explanation(question, choice, assumed, bridge.step if bridge is not None else None)


def _without(catalog: Catalog, factor_ids: tuple[str, ...]) -> Catalog:
    for factor_id in factor_ids:
        if factor_id not in catalog.by_id:
            raise _unknown("factor-unknown", factor_id, catalog.by_id, 3)
    return catalog.without(factor_ids) if factor_ids else catalog


def _method(catalog: Catalog, asked: Question) -> Method | None:
    """Return the method that a calculation would take for the item in this unit.

    It is the newest version of the first method that takes the unit and asks for a use of the
    item: of the source type, or of all of them in the table's order. Suppliers' own methods
    count only where the supplier or the product has a factor of its own.
    """
    kind, uses = parse(asked.unit).kind, set(_uses(catalog, asked))
    own = _has_own(catalog, asked)
    fits = [
        method
        for method in load_methods()
        if asked.source_type in ("", *method.source_types)
        and uses.intersection(method.uses)
        and (kind in method.kinds or "*" in method.kinds)
        and (own or method.name not in ("supplier", "hybrid"))
    ]
    if not fits:
        return None
    same = [m for m in fits if (m.name, m.source_types) == (fits[0].name, fits[0].source_types)]
    return max(same, key=lambda method: method.version)


def _as_calculated(asked: Question, method: Method) -> Question:
    """Ask with the uses, boundaries and bases of the method where none are named."""
    return replace(
        asked,
        uses=asked.uses or method.uses,
        boundaries=asked.boundaries or method.boundaries,
        bases=asked.bases or method.bases,
    )


def _uses(catalog: Catalog, asked: Question) -> tuple[str, ...]:
    item = _item(catalog, asked)
    return asked.uses or tuple(sorted({f.use for f in catalog.factors if f.item == item}))


def _item(catalog: Catalog, asked: Question) -> str:
    item = item_aliases().get(asked.item, asked.item)
    if item not in catalog.items:
        raise _unknown("item-unknown", asked.item, catalog.items, 5)
    return item


def _has_own(catalog: Catalog, asked: Question) -> bool:
    return catalog.has_specific(asked.supplier, asked.product, _item(catalog, asked))


def _query(catalog: Catalog, asked: Question, assumed: Method | None) -> Query:
    bases = asked.bases or ("average",)
    return Query(
        item=_item(catalog, asked),
        uses=_uses(catalog, asked),
        unit=parse(asked.unit),
        boundaries=asked.boundaries or ("combustion", "total"),
        bases=(*bases, "supplier") if _has_own(catalog, asked) else bases,
        places=_places(asked),
        year=asked.year,
        pin=asked.pin or datetime.now(UTC).date(),
        technology=asked.technology,
        default_technology=assumed.technology if assumed else "",
        supplier=asked.supplier,
        product=asked.product,
    )


def _places(asked: Question) -> tuple[str, ...]:
    parents, here = place_parents(), asked.place or "world"
    if here not in parents:
        raise BadInput([Finding("place-unknown", "error", fields={"node": "", "value": here})])
    path = place_path(here, parents)
    return (f"{SITE}{asked.site}", *path) if asked.site else tuple(path)


def _unknown(code: str, value: str, known: Iterable[str], number: int) -> BadInput:
    near = ", ".join(difflib.get_close_matches(value, list(known), n=number)) or "-"
    return BadInput([Finding(code, "error", fields={"value": value, "expected": near})])
