"""From a factor to milligrams of each gas per unit of an amount, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final

from linyin.ledger.catalog import Factor
from linyin.ledger.faults import LedgerError
from linyin.ledger.gases import family
from linyin.ledger.gwp import Gwp, GwpTable, Origin, gwp_row

__all__ = ["Multipliers", "co2e_kg", "of_co2", "of_co2e", "of_factor", "warmings"]

MG_PER_KG: Final = 1_000_000
_COLUMN_GASES: Final[Mapping[str, tuple[str, Origin]]] = {
    "ch4": ("CH4", "fossil"),
    "ch4_biogenic": ("CH4", "biogenic"),
    "n2o": ("N2O", ""),
}
_FAMILY_COLUMN: Final = {"HFC": "hfc_mg", "PFC": "pfc_mg", "SF6": "sf6_mg", "NF3": "nf3_mg"}


@dataclass(frozen=True)
class Multipliers:
    """Milligrams per unit of the amount.

    Attributes
    ----------
    masses
        Mass column → multiplier; CO2, CH4 and N2O in mass, the others in CO2e. [mg/unit]
    species
        Gas → mass of it. [mg/unit]
    montreal
        CO2e of the gases of the Montreal Protocol, outside the scopes. [mg CO2e/unit]

    """

    masses: Mapping[str, Fraction]
    species: Mapping[str, Fraction]
    montreal: Fraction

    @cached_property
    def rounded(self) -> Mapping[str, float]:
        """`masses` as floats. [mg/unit]"""
        return {name: float(value) for name, value in self.masses.items()}

    @cached_property
    def heaviest(self) -> float:
        """Largest of `masses`, by size. [mg/unit]"""
        return max(map(abs, self.rounded.values()), default=0.0)

    def scaled(self, by: Fraction) -> Multipliers:
        """Return every multiplier times a number."""
        return Multipliers(
            {name: value * by for name, value in self.masses.items()},
            {name: value * by for name, value in self.species.items()},
            self.montreal * by,
        )


def warmings(factor: Factor, gwp_set: str, table: GwpTable | None = None) -> dict[str, Gwp]:
    """Return the GWP of each gas of a factor but CO2, by mass column or species.

    Raises
    ------
    linyin.ledger.gwp.GwpError
        If the GWP set has no value for a gas.

    """
    gases = {name: gas for name, gas in _COLUMN_GASES.items() if name in factor.masses}
    gases |= {species: (species, "") for species in factor.species}
    return {name: gwp_row(gwp_set, *gas, table=table) for name, gas in gases.items()}


def of_factor(factor: Factor, gwp_set: str, table: GwpTable | None = None) -> Multipliers:
    """Work out the multipliers of a factor per its own unit.

    CO2e comes from the unrounded gases; biogenic CO2 and the gases of the Montreal Protocol
    are outside it.

    Raises
    ------
    linyin.ledger.gwp.GwpError
        If the GWP set has no value for a gas.

    """
    kg = factor.masses
    masses = {f"{gas}_mg": value * MG_PER_KG for gas, value in kg.items() if gas != "co2e"}
    co2e = kg.get("co2", Fraction(0)) + kg.get("co2_land_use", Fraction(0))
    warming_of = warmings(factor, gwp_set, table)
    for name in _COLUMN_GASES.keys() & warming_of.keys():
        co2e += kg[name] * warming_of[name].value
    montreal = Fraction(0)
    species: dict[str, Fraction] = {}
    for gas, mass in factor.species.items():
        warming = mass * warming_of[gas].value
        species[gas] = mass * MG_PER_KG
        if family(gas) == "montreal":
            montreal += warming * MG_PER_KG
            continue
        column = _FAMILY_COLUMN.get(family(gas), "undivided_mg")
        masses[column] = masses.get(column, Fraction(0)) + warming * MG_PER_KG
        co2e += warming
    if "co2e" in kg:
        masses["undivided_mg"] = masses.get("undivided_mg", Fraction(0)) + kg["co2e"] * MG_PER_KG
        co2e += kg["co2e"]
    masses["co2e_mg"] = co2e * MG_PER_KG
    return Multipliers(masses, species, montreal)


def of_co2(kg: Fraction) -> Multipliers:
    """Return the multipliers of a mass of fossil CO2 per unit. [kg/unit]"""
    return Multipliers({"co2_mg": kg * MG_PER_KG, "co2e_mg": kg * MG_PER_KG}, {}, Fraction(0))


def of_co2e(kg: Fraction) -> Multipliers:
    """Return the multipliers of an amount that is itself stated in CO2e. [kg CO2e/unit]"""
    mg = kg * MG_PER_KG
    return Multipliers({"undivided_mg": mg, "co2e_mg": mg}, {}, Fraction(0))


def co2e_kg(factor: Factor, gwp_set: str) -> float | None:
    """Return the factor's CO2e; None where the GWP set lacks one of its gases. [kg CO2e/unit]"""
    try:
        return float(of_factor(factor, gwp_set).masses["co2e_mg"]) / MG_PER_KG
    except LedgerError:
        return None
