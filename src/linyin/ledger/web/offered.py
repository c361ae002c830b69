"""What forms offer where a code of the ledger is written: items, units, places."""

from __future__ import annotations

from linyin.ledger import USUAL_UNITS, known_units, unit_name
from linyin.ledger.names import item_names, unit_names
from linyin.ledger.tables import place_names, place_parents
from linyin.ledger.web.factor_resources import own_factors
from linyin.ledger.web.grid_resources import lines
from linyin.ledger.web.resources import instruments, rates
from linyin.organization.web.resources import allocations, metrics, standings
from linyin.platform.words import lang

__all__ = ["countries", "items", "places", "units"]


def items() -> list[tuple[str, str]]:
    """Return every item that has a name, and the name."""
    return sorted(item_names(lang()).items(), key=lambda pair: pair[1].casefold())


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


instruments.suggest(market=places, unit=units)
rates.suggest(item=items)
lines.suggest(item=items, unit=units, place=places)
own_factors.suggest(item=items, unit=units, place=places)
standings.suggest(country=countries, place=places)
allocations.suggest(item=items, unit=units)
metrics.suggest(item=items, unit=units)
