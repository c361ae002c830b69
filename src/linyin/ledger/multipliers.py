"""From a factor to milligrams of each gas per unit of an amount, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from linyin.ledger.catalog import Factor
from linyin.ledger.gases import family
from linyin.ledger.gwp import GwpTable, gwp

__all__ = ["Multipliers", "of_co2", "of_co2e", "of_factor"]

MG_PER_KG: Final = 1_000_000
_FAMILY_COLUMN: Final = {"HFC": "hfc_mg", "PFC": "pfc_mg", "SF6": "sf6_mg", "NF3": "nf3_mg"}


@dataclass(frozen=True, slots=True)
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

    def scaled(self, by: Fraction) -> Multipliers:
        """Return every multiplier times a number."""
        return Multipliers(
            {name: value * by for name, value in self.masses.items()},
            {name: value * by for name, value in self.species.items()},
            self.montreal * by,
        )


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
    if "ch4" in kg:
        co2e += kg["ch4"] * gwp(gwp_set, "CH4", "fossil", table=table)
    if "ch4_biogenic" in kg:
        co2e += kg["ch4_biogenic"] * gwp(gwp_set, "CH4", "biogenic", table=table)
    if "n2o" in kg:
        co2e += kg["n2o"] * gwp(gwp_set, "N2O", table=table)
    montreal = Fraction(0)
    species: dict[str, Fraction] = {}
    for gas, mass in factor.species.items():
        warming = mass * gwp(gwp_set, gas, table=table)
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
