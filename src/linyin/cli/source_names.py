"""What a source is called to a reader: its site, what happens there, what with."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linyin.inventory import SourceChange

__all__ = ["source_name"]


def source_name(source: SourceChange, lang: Literal["en", "zh"]) -> str:
    """Return the names of a source in a language, each word once."""
    return " · ".join(dict.fromkeys(filter(None, _parts(source, lang))))


def _parts(source: SourceChange, lang: Literal["en", "zh"]) -> Iterator[str]:
    from linyin.ledger import item_name

    types = _source_types() if lang == "zh" else {}
    yield source.site
    yield types.get(source.source_type, source.source_type)
    yield item_name(source.item, lang)
    yield source.technology
    yield source.counterparty
    yield source.place


@cache
def _source_types() -> dict[str, str]:
    from linyin.lake import load_schema

    schema = load_schema("ledger", "activities")
    (column,) = (column for column in schema.columns if column.name == "source_type")
    names: dict[str, str] = {}
    for name, code in column.spellings.items():
        names.setdefault(code, name)
    return names
