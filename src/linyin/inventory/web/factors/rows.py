"""Factors as rows of a list: searched by words as `linyin factors search` does, and filtered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from linyin.inventory import ReportVocabulary
from linyin.inventory.web.factors.catalogue import SHOWN_GWP, Listed, known_factors, searched
from linyin.ledger import factor_co2e_kg, place_names
from linyin.ledger.web.called import item_called, technology_called, unit_called
from linyin.platform.resources import Column, Filter, Page, Query, Resource
from linyin.platform.resources.source import Cursor
from linyin.platform.tree import Tree
from linyin.platform.words import lang

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.resources.source import Row

__all__ = ["FactorSource", "factors", "listed_of", "name_of", "place_name", "publisher_name"]

STATED: Final = (
    "co2_kg", "co2_biogenic_kg", "co2_land_use_kg", "ch4_kg", "ch4_biogenic_kg", "n2o_kg",
    "species", "gwp_set", "uncertainty_pct", "published", "valid_from", "valid_to", "source",
    "licence", "evidence", "evidence_sha256", "note", "supplier", "product", "technology", "basis",
    "name_en", "name_zh",
)  # fmt: skip


def name_of(row: Any) -> str:
    """Return what a factor is called in the reader's language."""
    names = (row.get(f"name_{lang()}"), row.get("name_en"), row.get("name_zh"), row["factor_id"])
    return str(next(name for name in names if name))


def place_name(place: str) -> str:
    """Return what a place is called in the reader's language; a site's place by its code."""
    return place_names(lang()).get(place, place.removeprefix("site:"))


def publisher_name(publisher: str) -> str:
    """Return what a publisher is called in the reader's language."""
    return ReportVocabulary(lang()).publishers(publisher)


_SAYS: Final = {"technology": technology_called}
COLUMNS: Final = (
    Column("name"),
    Column("total_kg", "number"),
    Column("unit", "code", says=unit_called),
    Column("boundary", "choice"),
    Column("place", "choice", says=place_name),
    Column("data_year", "code"),
    Column("publisher", "choice", says=publisher_name),
    Column("state", "choice", badge="factor"),
    Column("factor_id", "code", listed=False),
    Column("use", "choice", listed=False),
    Column("item", "code", says=item_called, listed=False),
    Column("release", "code", listed=False),
    Column("pack", "code", listed=False),
    *(Column(name, "code", says=_SAYS.get(name), listed=False) for name in STATED),
)
FILTERS: Final = (
    Filter("use"),
    Filter("place"),
    Filter("data_year"),
    Filter("publisher"),
    Filter("boundary"),
    Filter("state"),
    Filter("item", "text"),
)


class FactorSource:
    """Rows of the workspace's factors; those of packs are for everybody who sees any."""

    def page(self, nodes: Collection[str], query: Query) -> Page:
        """Return a page: by words the closest first, else by item, place and year."""
        found = self._found(nodes, query)
        at, cursor = 0, query.cursor
        if cursor is not None:
            places = {one.factor.factor_id: n for n, one in enumerate(found)}
            here = places.get(cursor.key, 0)
            at = max(0, here - query.size) if cursor.backwards else here + 1
        shown = found[at : at + query.size]
        last = at + len(shown)
        return Page(
            [_row(one) for one in shown],
            Cursor(None, shown[0].factor.factor_id, backwards=True) if shown and at else None,
            Cursor(None, shown[-1].factor.factor_id) if last < len(found) else None,
        )

    def count(self, nodes: Collection[str], query: Query, limit: int) -> int:
        """Count the factors, at most up to a limit."""
        return min(limit, len(self._found(nodes, query)))

    def get(self, nodes: Collection[str], key: str) -> Row | None:
        """Return a factor as a row; an own one hides one of a pack."""
        known = known_factors(nodes, Tree())
        found = next((one for one in known if one.factor.factor_id == key), None)
        return None if found is None else _row(found)

    def choices(self, nodes: Collection[str], filter_: Filter) -> list[str]:
        """Return the values that a filter finds: years the latest first."""
        values = {_value(one, filter_.name) for one in known_factors(nodes, Tree())} - {""}
        if filter_.name == "place":
            return sorted(values, key=lambda place: (place != "world", place_name(place)))
        return sorted(values, reverse=filter_.name == "data_year")

    def every(self, nodes: Collection[str], query: Query) -> Iterator[Row]:
        """Yield all factors that are asked for."""
        yield from (_row(one) for one in self._found(nodes, query))

    def _found(self, nodes: Collection[str], query: Query) -> list[Listed]:
        listed = known_factors(nodes, query.tree)
        words = query.search.split()
        found = searched(listed, words) if words else listed
        kept = [one for one in found if _fits(one, query)]
        name = query.sort.removeprefix("-")
        if any(column.name == name and column.sortable for column in COLUMNS):
            kept.sort(key=lambda one: _order(one, name), reverse=query.sort.startswith("-"))
        elif not words:
            kept.sort(key=_usual)
        return kept


def _usual(one: Listed) -> tuple[Any, ...]:
    factor = one.factor
    return (one.own is None, factor.item, factor.place, -factor.data_year, factor.factor_id)


def _order(one: Listed, name: str) -> tuple[Any, ...]:
    if name == "total_kg":
        value = _total(one)
        return (value is None, value or 0.0)
    if name == "name":
        return (name_of(one.factor.row).casefold(),)
    return (_value(one, name).casefold(),)


def _fits(one: Listed, query: Query) -> bool:
    for filter_ in FILTERS:
        asked = [text for text in query.filters.get(filter_.name, ()) if text]
        value = _value(one, filter_.name)
        if not asked:
            continue
        if filter_.kind == "text" and asked[0].casefold() not in value.casefold():
            return False
        if filter_.kind == "choice" and value not in asked:
            return False
    return True


def _value(one: Listed, name: str) -> str:
    match name:
        case "state":
            return one.state
        case "pack":
            return one.factor.pack
        case "item" | "place" | "data_year":
            return str(getattr(one.factor, name))
    return one.factor.row.get(name) or ""


def _total(one: Listed) -> float | None:
    """Return its CO2e with as many digits as any source is worth. [kg CO2e/unit]"""
    value = factor_co2e_kg(one.factor, SHOWN_GWP)
    return None if value is None else float(f"{value:.7g}")


def _row(one: Listed) -> dict[str, Any]:
    row = one.factor.row
    stated: dict[str, Any] = {name: row.get(name) or None for name in STATED}
    return stated | {
        "pk": one.factor.factor_id,
        "name": name_of(row),
        "total_kg": _total(one),
        **{c.name: _value(one, c.name) for c in COLUMNS[2:13]},
    }


factors = Resource(
    name="factors",
    section="inventory",
    columns=COLUMNS,
    view="factors.view",
    source=FactorSource(),
    filters=FILTERS,
    search=("factor_id", "name_en", "name_zh", "item", "place", "publisher"),
    title="name",
    new="own-factors-create",
    new_permission="factors.propose",
    rank=50,
    group="factors",
)


def listed_of(actor: Actor, keys: Sequence[str]) -> list[Listed]:
    """Return the factors of some ids that the reader sees, in the order asked."""
    seen = known_factors(actor.nodes("factors.view"), actor.tree)
    known = {one.factor.factor_id: one for one in reversed(seen)}
    return [known[key] for key in dict.fromkeys(keys) if key in known]
