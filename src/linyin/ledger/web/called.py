"""What items, technologies and units are called in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from linyin.ledger.code_names import code_name
from linyin.ledger.contexts import inputs
from linyin.ledger.names import item_name, items_named, unit_name
from linyin.ledger.tables import place_names
from linyin.ledger.technology_names import technology_name
from linyin.organization.web.called import node_called
from linyin.platform.findings import NAMERS
from linyin.platform.reasons import REASONS
from linyin.platform.times import span
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.lake import Value

__all__ = [
    "GRID", "input_called", "item_called", "items_called", "place_called", "row_called",
    "technology_called", "unit_after", "unit_called",
]  # fmt: skip

_FURTHER = " × "
GRID: Final = "grid"
"""Source of what is typed into the month grid."""


def _place(_kind: str, code: str, _language: str, _fields: Mapping[str, Value]) -> str:
    return place_called(code)


def _unit(_kind: str, code: str, _language: str, _fields: Mapping[str, Value]) -> str:
    return unit_called(code)


def _file(_kind: str, code: str, _language: str, _fields: Mapping[str, Value]) -> str:
    return say("grid.title") if code == GRID else code


def _input(_kind: str, code: str, _language: str, _fields: Mapping[str, Value]) -> str:
    return input_called(code)


REASONS["read from the folder"] = lambda _: say("grid.from_files")
REASONS["file removed"] = lambda _: say("reason.file_removed")
REASONS["entered in the month grid"] = lambda _: say("reason.grid")
NAMERS.update(dict.fromkeys(("item", "source_type", "technology"), code_name))
NAMERS.update(country=_place, place=_place, unit=_unit, file=_file, input=_input)


def input_called(name: str) -> str:
    """Return what an input of a method is called, in few words."""
    known = inputs().get(name)
    return name if known is None else re.split(r" \(|;|,|（|；", known.description[lang()])[0]


def item_called(item: str) -> str:
    """Return what an item is called."""
    return item_name(item, lang())


def technology_called(technology: str, item: str = "") -> str:
    """Return what a technology, as it narrows an item, is called."""
    return technology_name(technology, lang(), item)


def items_called(word: str) -> frozenset[str]:
    """Return the items in whose name, as the reader sees it, a word stands."""
    return items_named(word, lang())


def place_called(place: str) -> str:
    """Return what a country, a part of one or a market is called."""
    return place_names(lang()).get(place, place)


def unit_called(unit: str) -> str:
    """Return a unit as it is printed by itself or below a slash; `piece × …` is 件 × …."""
    first, further, rest = unit.partition(_FURTHER)
    return unit_name(first, lang()) + further + rest


def unit_after(unit: str, value: Decimal | float) -> str:
    """Return a unit as it is printed after a number: '2 pieces'."""
    first, further, _ = unit.partition(_FURTHER)
    inputs = further and f"{further}{say('unit.inputs')}"
    return unit_name(first, lang(), plural=abs(value) != 1) + inputs


def row_called(row: Mapping[str, Any]) -> str:
    """Return what a row of activities is called: its item, its site and when it was."""
    when = span(row["begin"], row["end"], lang())
    return f"{item_called(row['item'])} · {node_called(row['site'])} · {when}"
