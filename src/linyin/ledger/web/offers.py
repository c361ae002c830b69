"""What is written where a code of the ledger is asked for, and how it is called."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Final

from linyin.ledger import (
    USUAL_UNITS,
    known_units,
    load_methods,
    released_factors,
    technology_name,
    unit_name,
)
from linyin.ledger.names import item_names, unit_names
from linyin.ledger.tables import item_aliases, place_names, place_parents
from linyin.platform.words import Lang, lang

__all__ = ["countries", "items", "methods", "places", "technologies", "units"]

_TOLD: Final = 2


def items() -> list[tuple[str, str]]:
    """Return every item that has a name, and the name; one that names another has its code too."""
    aliases = item_aliases()
    told = []
    for code, name in item_names(lang()).items():
        if aliases.get(code, code) == code:
            own = aliases.get(name, aliases.get(name.lower(), code)) == code
            told.append((code, name if own else f"{name} ({code})"))
    return sorted(told, key=lambda pair: pair[1].casefold())


def units() -> list[tuple[str, str]]:
    """Return the units that files may write, and their names: usual ones first, money last."""
    atoms = known_units().atoms.values()
    money = [one.code for one in atoms if one.dimension.startswith("currency")]
    others = [one.code for one in atoms if one.code not in money and one.dimension != "1"]
    named = sorted(unit_names(lang()).keys() - set(money))
    codes = dict.fromkeys([*USUAL_UNITS, *others, *named, *money])
    return [(code, unit_name(code, lang())) for code in codes]


def places() -> list[tuple[str, str]]:
    """Return every place, and its name."""
    return sorted(place_names(lang()).items())


def countries() -> list[tuple[str, str]]:
    """Return the places that lie in the world itself, and their names."""
    names = place_names(lang())
    return sorted((p, names[p]) for p, above in place_parents().items() if above == "world")


def methods() -> list[tuple[str, str]]:
    """Return the methods of calculation and their names.

    One that serves several kinds of source has several: two are told, of more the first.
    """
    named: dict[str, dict[str, None]] = {}
    for method in load_methods():
        called = method.name_zh if lang() == "zh" else method.name_en
        named.setdefault(method.name, {})[called or method.name] = None
    told = [
        (code, " / ".join(names) if len(names) <= _TOLD else f"{next(iter(names))} …")
        for code, names in named.items()
    ]
    return sorted(told, key=lambda pair: pair[1].casefold())


def technologies() -> list[tuple[str, str]]:
    """Return the technologies that factors are of, and their names."""
    return list(_technologies(lang()))


@cache
def _technologies(language: Lang) -> tuple[tuple[str, str], ...]:
    """Return code and name; of several items, all its names: coal and flights are `domestic`."""
    named: dict[str, dict[str, None]] = {}
    for factor in released_factors().factors:
        if factor.technology:
            name = technology_name(factor.technology, language, factor.item)
            named.setdefault(factor.technology, {})[name] = None
    told = {code: " / ".join(names) for code, names in named.items()}
    often = Counter(told.values())
    pairs = [
        (code, name if often[name] == 1 else f"{name} ({code})") for code, name in told.items()
    ]
    return tuple(sorted(pairs, key=lambda pair: pair[1].casefold()))
