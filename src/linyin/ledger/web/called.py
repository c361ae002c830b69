"""What items and units are called in the reader's language."""

from __future__ import annotations

from decimal import Decimal

from linyin.ledger.names import item_name, items_named, unit_name
from linyin.platform.words import lang

__all__ = ["item_called", "items_called", "unit_after", "unit_called"]

_FURTHER = " × "


def item_called(item: str) -> str:
    """Return what an item is called."""
    return item_name(item, lang())


def items_called(word: str) -> frozenset[str]:
    """Return the items in whose name, as the reader sees it, a word stands."""
    return items_named(word, lang())


def unit_called(unit: str) -> str:
    """Return a unit as it is printed by itself or below a slash; `piece × …` is 件 × …."""
    first, further, rest = unit.partition(_FURTHER)
    return unit_name(first, lang()) + further + rest


def unit_after(unit: str, value: Decimal | float) -> str:
    """Return a unit as it is printed after a number: '2 pieces'."""
    first, further, rest = unit.partition(_FURTHER)
    return unit_name(first, lang(), plural=abs(value) != 1) + further + rest
