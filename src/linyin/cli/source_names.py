"""What a source is called to a reader: its site, what happens there, what with."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from linyin.inventory import SourceChange

__all__ = ["source_name"]

_CHINESE: Final = re.compile(r"[㐀-鿿]")


def source_name(source: SourceChange, lang: str) -> str:
    """Return the names of a source in a language, each word once."""
    return " · ".join(dict.fromkeys(filter(None, _parts(source, lang))))


def _parts(source: SourceChange, lang: str) -> Iterator[str]:
    yield source.site
    if lang == "zh":
        yield _source_types().get(source.source_type, source.source_type)
        yield _items().get(source.item, source.item)
    else:
        yield source.source_type
        yield source.item
    yield source.technology
    yield source.counterparty
    yield source.place


@cache
def _source_types() -> dict[str, str]:
    from linyin.lake import load_schema

    schema = load_schema("ledger", "activities")
    (column,) = (column for column in schema.columns if column.name == "source_type")
    return _first_names(column.spellings.items())


@cache
def _items() -> dict[str, str]:
    from linyin.ledger import item_aliases

    chinese = (pair for pair in item_aliases().items() if _CHINESE.search(pair[0]))
    return _first_names(chinese)


def _first_names(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    names: dict[str, str] = {}
    for name, code in pairs:
        names.setdefault(code, name)
    return names
