"""What a source is called to a reader: its site, what happens there, what with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linyin.inventory import SourceChange

__all__ = ["source_name"]


def source_name(source: SourceChange, lang: Literal["en", "zh"]) -> str:
    """Return the names of a source in a language, each word once."""
    return " · ".join(dict.fromkeys(filter(None, _parts(source, lang))))


def _parts(source: SourceChange, lang: Literal["en", "zh"]) -> Iterator[str]:
    from linyin.ledger import code_name, item_name, technology_name

    yield source.site
    yield code_name("source_type", source.source_type, lang, {})
    yield item_name(source.item, lang)
    yield technology_name(source.technology, lang, source.item)
    yield source.counterparty
    yield source.place
