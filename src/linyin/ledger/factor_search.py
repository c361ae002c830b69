"""Finding factors by words: names in both languages, aliases, places, what people call things."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from linyin.ledger.item_names import called, named_parts
from linyin.ledger.tables import place_parents
from linyin.organization import place_path

if TYPE_CHECKING:
    from linyin.ledger.catalog import Factor

__all__ = ["Found", "find_factors"]

TEXTS: Final = ("factor_id", "publisher", "release", "supplier", "product")
NAMED, ITEM, PLACE, NAME, NARROWED, OTHER = range(6)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes
    ----------
    factors
        Best first.
    around
        Place that was asked for -> place around it whose factors stand in, where it has none.
    left_out
        Factors of the places around that say that they don't hold in the place asked for.

    """

    factors: tuple[Factor, ...]
    around: Mapping[str, str]
    left_out: tuple[Factor, ...] = ()


def find_factors(factors: Iterable[Factor], words: Sequence[str]) -> Found:
    """Find the factors in which every word stands, the closest first.

    A word stands in the item, its names and aliases, the names of the factor, its technology,
    use, year, publisher or place, case aside. A place holds the places inside it; one that has no
    factor of its own is answered by the nearest place around it.
    """
    known = tuple(factors)
    wanted = [word.casefold() for word in words]
    hits = _ranked(known, [(word,) for word in wanted])
    if hits:
        return Found(hits, {})
    around = dict(_surroundings(known, wanted))
    if not around:
        return Found((), {})
    asked = [(word, around[word][1].casefold()) if word in around else (word,) for word in wanted]
    exact = {place for _, place in around.values()}
    ranked = _ranked([f for f in known if f.place in exact], asked)
    held = tuple(factor for factor in ranked if _holds(factor, around))
    left_out = tuple(factor for factor in ranked if not _holds(factor, around))
    return Found(held, dict(around.values()), left_out)


def _ranked(factors: Iterable[Factor], words: Sequence[tuple[str, ...]]) -> tuple[Factor, ...]:
    hits: list[tuple[tuple[object, ...], Factor]] = []
    for factor in factors:
        ranks = [min((_rank(factor, w) for w in either), default=None) for either in words]
        if all(rank is not None and rank <= OTHER for rank in ranks):
            by_place = PLACE in ranks and factor.use != "grid"
            rank, narrowed = sum(filter(None, ranks)), bool(factor.technology)
            key = (rank, by_place, -factor.data_year, narrowed, factor.priority)
            hits.append(((*key, factor.factor_id), factor))
    hits.sort(key=lambda hit: hit[0])
    return tuple(factor for _, factor in hits)


def _rank(factor: Factor, word: str) -> int:
    """Say where a word stands in a factor, the best place first; past `OTHER`: nowhere."""
    names = called(factor.item)
    if word in names:
        return NAMED
    for rank, texts in (
        (ITEM, names),
        (PLACE, _place(factor.place)),
        (NAME, named_parts(factor)),
        (NARROWED, (factor.technology.casefold(), factor.use, *_uses().get(factor.use, ()))),
        (OTHER, (str(factor.data_year), *((factor.row.get(n) or "").casefold() for n in TEXTS))),
    ):
        if any(word in text for text in texts):
            return rank
    return OTHER + 1


def _surroundings(
    factors: Sequence[Factor], words: Sequence[str]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the words that name a place without factors, it, and the nearest place with some."""
    held = {factor.place for factor in factors} - {"world"}
    for word in words:
        if _ranked(factors, [(word,)]):
            continue
        for place, names in _place_names().items():
            if any(word in name for name in names):
                path = place_path(place, place_parents())
                nearest = next((around for around in path[1:] if around in held), None)
                if nearest is not None:
                    yield word, (place, nearest)
                    break


def _holds(factor: Factor, around: Mapping[str, tuple[str, str]]) -> bool:
    return factor.excludes.isdisjoint(place for place, _ in around.values())


@cache
def _uses() -> Mapping[str, tuple[str, ...]]:
    text = files(__package__).joinpath("search_words.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["use"]: tuple(row["words"].split("|")) for row in rows}


@cache
def _place(place: str) -> tuple[str, ...]:
    """Return the names of a place and of those around it, the world left out."""
    parents = place_parents()
    path = place_path(place, parents) if place in parents else (place,)
    inside = [at for at in path if at != "world"] or ["world"]
    return tuple(name for at in inside for name in _place_names().get(at, (at.casefold(),)))


@cache
def _place_names() -> Mapping[str, tuple[str, ...]]:
    table = files(__package__).joinpath("packs/places.csv")
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return {
        row["place"]: tuple(
            name.casefold()
            for name in (
                row["place"],
                row["name_en"],
                row["name_zh"],
                *row["aliases"].split("|"),
            )
            if name
        )
        for row in rows
    }
