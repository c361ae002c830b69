"""Small tables that come with the program: places and the names of items."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["item_aliases", "place_names", "place_parents"]


def _rows(name: str) -> csv.DictReader[str]:
    text = files(__package__).joinpath(f"packs/{name}").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


@cache
def place_parents() -> Mapping[str, str]:
    """Return each place's surroundings: `CN-GD` → `CN.south` → `CN` → `world`."""
    return {row["place"]: row["parent"] for row in _rows("places.csv")}


@cache
def place_names(lang: str) -> Mapping[str, str]:
    """Return each place's name in `zh` or `en`."""
    return {row["place"]: row[f"name_{lang}"] for row in _rows("places.csv")}


@cache
def item_aliases() -> Mapping[str, str]:
    """Return other names of fuels (`柴油`, `gas oil`) → item."""
    aliases: dict[str, str] = {}
    for row in _rows("fuels.csv"):
        names = [row["name_en"], row["name_zh"], *row["aliases"].split("|")]
        for name in names:
            if name and name != row["item"]:
                aliases.setdefault(name, row["item"])
    return aliases
