"""Greenhouse gases: their names, their families, and which of them are outside the scopes.

The closed table is `gases.csv`. Unsaturated HFCs (HFOs) belong to the HFCs, as IPCC AR5 lists
them (WG1 table 8.A.1). HFC of the Kigali amendment stay inside the scopes; `montreal` are the
gases that the Kyoto Protocol left to the Montreal Protocol (CFC, HCFC, halons …).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Final, Literal, cast, get_args

from linyin.ledger.faults import LedgerError

__all__ = [
    "COLUMNS",
    "OUTSIDE",
    "Family",
    "GasError",
    "canonical",
    "column",
    "families",
    "family",
    "is_outside",
    "parse_species",
]

type Family = Literal["CO2", "CH4", "N2O", "HFC", "PFC", "SF6", "NF3", "montreal", "other"]

COLUMNS: Final = (
    "co2",
    "co2_biogenic",
    "co2_land_use",
    "ch4",
    "ch4_biogenic",
    "n2o",
    "hfc",
    "pfc",
    "sf6",
    "nf3",
    "undivided",
    "montreal",
    "other",
)
"""Wide columns of the ledger; `undivided` is CO2e of factors that give no gases."""

USUAL: Final = ("CO2", "CH4", "N2O", "SF6", "HFC-134a", "R410A")
"""Gases that are named where none is written like an unknown one."""
OUTSIDE: Final = frozenset({"co2_biogenic", "montreal"})
"""Columns outside the scopes; shown, never in a total. Biogenic CH4 and N2O are inside."""

_OWN_COLUMN: Final[Mapping[str, Family]] = {
    "co2": "CO2",
    "co2_biogenic": "CO2",
    "co2_land_use": "CO2",
    "ch4": "CH4",
    "ch4_biogenic": "CH4",
    "n2o": "N2O",
}
_PAIR: Final = re.compile(
    r"(?P<gas>[^:]+):(?P<sign>-?)(?P<mass>[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?)"
)


class GasError(LedgerError):
    """A gas or a list of species cannot be read."""


@dataclass(frozen=True, slots=True)
class _Gases:
    names: Mapping[str, str]
    families: Mapping[str, Family]


def canonical(name: str) -> str:
    """Return the ledger's name of a gas: `R134a`, `HFC134a` and `hfc 134a` are HFC-134a.

    Raises
    ------
    GasError
        `gas-unknown`, with the names that look alike.

    """
    gases, key = _gases(), _key(name)
    if key in gases.names:
        return gases.names[key]
    import difflib

    alike = difflib.get_close_matches(key, gases.names, n=6)
    choices = tuple(dict.fromkeys(gases.names[match] for match in alike))
    raise GasError("gas-unknown", choices=choices or USUAL, gas=name.strip())


def family(gas: str) -> Family:
    """Return the family of a gas, given by any of its names or as a column of the ledger.

    Raises
    ------
    GasError
        `gas-unknown`.

    """
    return _OWN_COLUMN.get(gas) or _gases().families[canonical(gas)]


def column(gas: str) -> str:
    """Return the wide column of the ledger that a gas is booked in.

    Raises
    ------
    GasError
        `gas-unknown`.

    """
    return gas if gas in _OWN_COLUMN else family(gas).lower()


def is_outside(gas: str) -> bool:
    """Return whether a gas is outside the scopes: biogenic CO2 and the Montreal gases only.

    Raises
    ------
    GasError
        `gas-unknown`.

    """
    return column(gas) in OUTSIDE


def families() -> Mapping[str, Family]:
    """Return every gas of the table with its family."""
    return _gases().families


def parse_species(text: str) -> dict[str, Fraction]:
    """Return the masses that a cell such as `HFC-32:0.5 HFC-125:0.5` states.

    Parameters
    ----------
    text : str
        Pairs `gas:mass`, separated by blanks; empty for none.

    Returns
    -------
    dict of str to Fraction
        Ledger's name of the gas to its mass, in the order given. [kg]

    Raises
    ------
    GasError
        `species-broken`, `species-negative`, `species-twice`, `gas-unknown`, or
        `species-own-column` for CO2, CH4 and N2O, whose origin a list of species cannot say.

    """
    plain = re.sub(r"\s*:\s*", ":", unicodedata.normalize("NFKC", text)).strip()
    masses: dict[str, Fraction] = {}
    for part in plain.split():
        pair = _PAIR.fullmatch(part)
        if pair is None:
            raise GasError("species-broken", part=part, species=plain)
        gas = canonical(pair["gas"])
        if pair["sign"]:
            raise GasError("species-negative", gas=gas, value=f"-{pair['mass']}", species=plain)
        if gas in masses:
            raise GasError("species-twice", gas=gas, species=plain)
        if family(gas) in _OWN_COLUMN.values():
            raise GasError("species-own-column", gas=gas, species=plain)
        masses[gas] = Fraction(pair["mass"])
    return masses


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in plain if char.isalnum())


@cache
def _gases() -> _Gases:
    text = resources.files("linyin.ledger").joinpath("gases.csv").read_text("utf-8")
    names: dict[str, str] = {}
    found: dict[str, Family] = {}
    for row in csv.DictReader(text.splitlines()):
        gas, kind = row["gas"], row["family"]
        if kind not in get_args(Family.__value__):
            raise ValueError(f"gases.csv: {gas} is of the unknown family {kind!r}")
        found[gas] = cast("Family", kind)
        for name in filter(None, (gas, *row["aliases"].split("|"))):
            if names.setdefault(_key(name), gas) != gas:
                raise ValueError(f"gases.csv: {name!r} is both {names[_key(name)]} and {gas}")
    return _Gases(names, found)
