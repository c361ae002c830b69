"""Small tables that come with the program: places and the names of items."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

__all__ = ["item_aliases", "place_names", "place_parents"]

_REFRIGERANT: Final = re.compile(r"R\d{2,4}[A-Za-z0-9()]*")


def _rows(name: str) -> csv.DictReader[str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


@cache
def place_parents() -> Mapping[str, str]:
    """Return each place's surroundings: `CN-GD` → `CN.south` → `CN` → `world`."""
    return {row["place"]: row["parent"] for row in _rows("packs/places.csv")}


@cache
def place_names(lang: str) -> Mapping[str, str]:
    """Return each place's name in `zh` or `en`."""
    return {row["place"]: row[f"name_{lang}"] for row in _rows("packs/places.csv")}


@cache
def item_aliases() -> Mapping[str, str]:
    """Return other names of fuels and of what else is used and bought (`柴油`, `电力`) → item."""
    aliases: dict[str, str] = {}
    for table in ("packs/fuels.csv", "usual_names.csv"):
        for row in _rows(table):
            named = [row.get("name_en"), row.get("name_zh"), *row["aliases"].split("|")]
            for name in named:
                for written in filter(None, (name, name and name.lower())):
                    if written != row["item"]:
                        aliases.setdefault(written, row["item"])
    for name, item in _refrigerant_spellings():
        aliases.setdefault(name, item)
    return aliases


def _refrigerant_spellings() -> Iterator[tuple[str, str]]:
    """Yield what else a refrigerant such as R410A is written as: R-410A, R410a, r-410a."""
    blends = {row["blend"] for row in _rows("packs/blends.csv")}
    gases = {name for row in _rows("gases.csv") for name in row["aliases"].split("|")}
    known = sorted(name for name in blends | gases if _REFRIGERANT.fullmatch(name))
    for item in known:
        number = item[1:]
        for head in ("R", "R-", "r", "r-", "R ", "r "):
            for tail in (number, number.lower(), number.upper()):
                if head + tail not in known:
                    yield head + tail, item
