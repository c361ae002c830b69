"""What items and units are called on pages and in reports, in English and Chinese."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal

__all__ = ["item_name", "item_names", "items_named", "pack_name", "unit_name", "unit_names"]

type Lang = Literal["en", "zh"]

_BASIS: Final = {"net": "低位", "gross": "高位"}
_JOINS: Final = re.compile(r"([·/])")


def item_name(item: str, lang: Lang) -> str:
    """Return what an item is called: `naics_334413` is 半导体器件与集成电路.

    Refrigerants are called by their designation (`R410A`), the items of an enterprise's own
    factors as it calls them.
    """
    return _items().get(item, {}).get(lang) or item


def items_named(word: str, lang: Lang) -> frozenset[str]:
    """Return the items in whose name a word stands; case does not matter."""
    asked = word.casefold()
    return frozenset(item for item, told in _items().items() if asked in told[lang].casefold())


def item_names(lang: Lang) -> Mapping[str, str]:
    """Return item → name, of every item that has one."""
    return {item: told[lang] for item, told in _items().items()}


def pack_name(pack: str, lang: Lang) -> str:
    """Return what a pack of factors is called; another comes back as it is."""
    return _packs().get(pack, {}).get(lang) or pack


def unit_names(lang: Lang) -> Mapping[str, str]:
    """Return unit → name, of every unit that has one."""
    return {unit: told[lang] for unit, told in _units().items()}


def unit_name(unit: str, lang: Lang, *, plural: bool = False) -> str:
    """Return a unit as it is printed: `m2` is m², `piece` is 件, `GJ net` is GJ（低位）.

    Parameters
    ----------
    unit : str
        Code of a unit, or codes joined by `·` and `/`; anything else comes back as it is.
    lang : {'en', 'zh'}
        Language.
    plural : bool
        Whether it stands after a number that is not one: 'pieces'.

    """
    told = _units().get(unit)
    if told is not None:
        return (told["plural"] if plural and lang == "en" else "") or told[lang]
    amount, _, basis = unit.rpartition(" ")
    if amount and basis in _BASIS:
        name = unit_name(amount, lang)
        return f"{name}（{_BASIS[basis]}）" if lang == "zh" else f"{name} {basis}"
    parts = (_units().get(part, {}).get(lang) or part for part in _JOINS.split(unit))
    return "".join(parts).replace("CO2e", "CO₂e")


@cache
def _items() -> Mapping[str, Mapping[str, str]]:
    fuels = {
        row["item"]: {"en": row["name_en"], "zh": row["name_zh"]}
        for row in _rows("packs/fuels.csv")
    }
    return fuels | {row["item"]: row for row in _rows("item_texts.csv")}


@cache
def _packs() -> Mapping[str, Mapping[str, str]]:
    return {row["pack"]: row for row in _rows("pack_texts.csv")}


@cache
def _units() -> Mapping[str, Mapping[str, str]]:
    return {row["unit"]: row for row in _rows("unit_texts.csv")}


def _rows(table: str) -> csv.DictReader[str]:
    text = files(__package__).joinpath(table).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())
