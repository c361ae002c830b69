"""Small tables that come with the program: places and the names of items."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["item_aliases", "place_names", "place_parents"]


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
                if name and name != row["item"]:
                    aliases.setdefault(name, row["item"])
    return aliases
