"""Global warming potentials: the sourced table `packs/gwp.csv`, read exactly.

A gas without a value in a set is an error, never a zero. Factors that their publisher gives only
as CO2e keep the publisher's set; a run of another says so.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Final, Literal

from linyin.ledger.faults import LedgerError
from linyin.ledger.gases import OUTSIDE, canonical, column

__all__ = [
    "GWP_SETS",
    "Gwp",
    "GwpError",
    "GwpTable",
    "Origin",
    "co2e_by_column",
    "co2e_of",
    "gwp",
    "gwp_row",
    "read_gwp",
]

type Origin = Literal["", "fossil", "biogenic"]

GWP_SETS: Final = ("AR4-100", "AR5-100", "AR6-100", "AR4-20", "AR5-20", "AR6-20")
"""Report of the IPCC and time horizon in years; AR5 without climate-carbon feedback."""

_COLUMNS: Final[Mapping[str, tuple[str, Origin]]] = {
    "co2": ("CO2", ""),
    "co2_biogenic": ("CO2", ""),
    "co2_land_use": ("CO2", ""),
    "ch4": ("CH4", "fossil"),
    "ch4_biogenic": ("CH4", "biogenic"),
    "n2o": ("N2O", ""),
}


class GwpError(LedgerError):
    """A GWP set or a value in it does not exist."""


@dataclass(frozen=True, slots=True)
class Gwp:
    """One value of the table with its provenance.

    Attributes
    ----------
    gas, gwp_set, origin
        What it is for; origin '' where the report makes no difference.
    value
        CO2e per mass of the gas. [kg/kg]
    bound
        '' or how the report bounds the value instead of giving it, such as `<1`.
    source, evidence, status
        Where it comes from, and `draft` while it is only remembered.

    """

    gas: str
    gwp_set: str
    origin: str
    value: Fraction
    bound: str
    source: str
    evidence: str
    status: str

    @property
    def name(self) -> str:
        """Name by which a draft is waived: `gwp:SO2F2:AR5-20`."""
        return ":".join(filter(None, ("gwp", self.gas, self.gwp_set, self.origin)))


type GwpTable = Mapping[tuple[str, str, str], Gwp]


def read_gwp(text: str) -> GwpTable:
    """Return the values of a table in the format of `packs/gwp.csv`, by set, gas and origin.

    Raises
    ------
    ValueError
        If the table states a value twice, names an unknown set or origin, or a value is not a
        number above zero.
    linyin.ledger.gases.GasError
        If it names an unknown gas.

    """
    found: dict[tuple[str, str, str], Gwp] = {}
    for row in csv.DictReader(text.splitlines()):
        gas, gwp_set, origin = canonical(row["gas"]), row["gwp_set"], row["origin"]
        key, value = (gwp_set, gas, origin), Fraction(row["value"])
        if gwp_set not in GWP_SETS or origin not in ("", "fossil", "biogenic") or value <= 0:
            raise ValueError(f"gwp.csv: unusable row: {gas} {gwp_set} {origin} {value}")
        if key in found:
            raise ValueError(f"gwp.csv: {gas} {origin} stands twice in {gwp_set}")
        provenance = (row["bound"], row["source"], row["evidence"], row["status"])
        found[key] = Gwp(gas, gwp_set, origin, value, *provenance)
    return found


@cache
def _packed() -> GwpTable:
    path = resources.files("linyin.ledger").joinpath("packs", "gwp.csv")
    return read_gwp(path.read_text("utf-8"))


def gwp_row(gwp_set: str, gas: str, origin: Origin = "", *, table: GwpTable | None = None) -> Gwp:
    """Return the value of a gas in a set, with its provenance.

    Parameters
    ----------
    gwp_set : str
        One of :data:`GWP_SETS`.
    gas : str
        Any name of the gas.
    origin : {'', 'fossil', 'biogenic'}
        Origin of methane. Where the table makes no difference the origin does not matter;
        where it does, it must be stated.
    table : GwpTable, optional
        Instead of the packs' own.

    Raises
    ------
    GwpError
        `gwp-set-unknown`, `gwp-missing` or `gwp-origin-needed`.
    linyin.ledger.gases.GasError
        `gas-unknown`.

    """
    if gwp_set not in GWP_SETS:
        raise GwpError("gwp-set-unknown", choices=GWP_SETS, gwp_set=gwp_set)
    values = _packed() if table is None else table
    name = canonical(gas)
    if row := values.get((gwp_set, name, origin)) or values.get((gwp_set, name, "")):
        return row
    origins = [key[2] for key in values if key[:2] == (gwp_set, name)]
    if origins and not origin:
        raise GwpError("gwp-origin-needed", choices=origins, gas=name, gwp_set=gwp_set)
    sets = [s for s in GWP_SETS if any(key[:2] == (s, name) for key in values)]
    raise GwpError("gwp-missing", choices=sets, gas=name, gwp_set=gwp_set, origin=origin)


def gwp(gwp_set: str, gas: str, origin: Origin = "", *, table: GwpTable | None = None) -> Fraction:
    """Return the mass of CO2 that warms as one mass of a gas does.

    Returns
    -------
    Fraction
        [kg CO2e/kg]

    Raises
    ------
    GwpError
        `gwp-set-unknown`, `gwp-missing` (no silent zero) or `gwp-origin-needed`.
    linyin.ledger.gases.GasError
        `gas-unknown`.

    """
    return gwp_row(gwp_set, gas, origin, table=table).value


def co2e_by_column(masses: Mapping[str, Fraction], gwp_set: str) -> dict[str, Fraction]:
    """Return the CO2e of masses of gases, by wide column of the ledger.

    Parameters
    ----------
    masses : mapping of str to Fraction
        Mass by gas. Keys are the columns `co2`, `co2_biogenic`, `co2_land_use`, `ch4` (fossil),
        `ch4_biogenic`, `n2o`; `undivided`, which is CO2e already; or names of other gases. [kg]
    gwp_set : str
        One of :data:`GWP_SETS`.

    Returns
    -------
    dict of str to Fraction
        Columns that occur, outside the scopes too (`co2_biogenic`, `montreal`). [kg CO2e]

    Raises
    ------
    GwpError
        As :func:`gwp`; also for a methane whose origin is not stated.
    linyin.ledger.gases.GasError
        `gas-unknown`.

    """
    result: dict[str, Fraction] = {}
    for gas, mass in masses.items():
        if gas == "undivided":
            name, co2e = gas, mass
        else:
            name = column(gas)
            co2e = mass * gwp(gwp_set, *_COLUMNS.get(gas, (gas, "")))
        result[name] = result.get(name, Fraction(0)) + co2e
    return result


def co2e_of(masses: Mapping[str, Fraction], gwp_set: str) -> Fraction:
    """Return the CO2e of masses inside the scopes: without biogenic CO2 and Montreal gases.

    Parameters and errors are those of :func:`co2e_by_column`. [kg CO2e]
    """
    by_column = co2e_by_column(masses, gwp_set)
    inside = (value for name, value in by_column.items() if name not in OUTSIDE)
    return sum(inside, Fraction(0))
