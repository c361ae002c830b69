"""What items are called, in English and Chinese, and which are meant by a word that is none."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from linyin.ledger.names import item_name
from linyin.ledger.tables import item_aliases

if TYPE_CHECKING:
    from linyin.ledger.catalog import Factor

__all__ = ["called", "named_parts", "near_items"]

type _Names = defaultdict[str, dict[str, None]]

ALIKE: Final = 0.7
ALIKE_CHINESE: Final = 0.6
_WORD: Final = re.compile(r"[a-z0-9]{3,}")
_CHINESE: Final = re.compile(r"[㐀-鿿]")


@cache
def called(item: str) -> tuple[str, ...]:
    """Return everything that an item is called, in lower case."""
    own = (item, item.replace("_", " "), item_name(item, "en"), item_name(item, "zh"))
    names = {*own, *_words().get(item, ())}
    names |= {alias for alias, of in item_aliases().items() if of == item}
    return tuple(sorted(name.casefold() for name in names))


def named_parts(factor: Factor) -> tuple[str, ...]:
    """Return the names of a factor and their parts between commas, in lower case."""
    names = (factor.row.get(f"name_{lang}") or "" for lang in ("en", "zh"))
    return tuple(
        part.strip()
        for name in names
        for part in (name.casefold(), *name.casefold().replace("，", ",").split(","))
        if part.strip()
    )


def near_items(factors: Iterable[Factor], word: str, *, number: int = 6) -> list[str]:
    """Return the items that a word may mean: those with a name like it, or that it speaks of.

    Parameters
    ----------
    factors : iterable of Factor
        Their items are the choice.
    word : str
        In English or Chinese; `stainless_steel_sheet` speaks of steel, `钢板` of 钢.
    number : int
        How many items at most, the nearest first.

    """
    own: _Names = defaultdict(dict)
    further: _Names = defaultdict(dict)
    for factor in factors:
        for names, given in ((own, called(factor.item)), (further, named_parts(factor))):
            for name in given:
                names[name][factor.item] = None
    asked = word.casefold()
    near = (of for names in (own, further) for of in _like(asked, names, 4 * number))
    items = dict.fromkeys(
        item for of in near for item in sorted(of, key=lambda item: (len(item), item))
    )
    return list(items)[:number]


def _like(word: str, names: _Names, number: int) -> Iterator[Iterable[str]]:
    """Yield the items of names like a word, then of names that it holds, the longest first."""
    import difflib

    alike = ALIKE_CHINESE if _CHINESE.search(word) else ALIKE
    for name in difflib.get_close_matches(word, names, n=number, cutoff=alike):
        yield names[name]
    spoken = set(_WORD.findall(word))
    held = (name for name in names if name in spoken or (_CHINESE.search(name) and name in word))
    for name in sorted(held, key=lambda name: (-len(name), name)):
        yield names[name]


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    text = files(__package__).joinpath("item_words.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["item"]: tuple(row["words"].split("|")) for row in rows}
