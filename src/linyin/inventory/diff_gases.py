"""Multipliers of a leg taken apart by gas, so that another GWP set is a cause of its own."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Final

from linyin.inventory.diff_legs import GAS_COLUMNS, Slice
from linyin.inventory.inventory import Inventory
from linyin.ledger import (
    Catalog,
    Factor,
    GasOrigin,
    GwpError,
    catalog_from_table,
    gas_family,
    gwp_of,
)

__all__ = ["AS_CO2", "Gases", "split_by_gas"]

AS_CO2: Final = "CO2"
"""CO2, and what is stated as CO2e: no GWP of the run's set touches it."""

_WIDE: Final[Mapping[str, tuple[str, str]]] = {
    "ch4_mg": ("CH4", "fossil"),
    "ch4_biogenic_mg": ("CH4", "biogenic"),
    "n2o_mg": ("N2O", ""),
}
_PLAIN: Final = frozenset({"co2_mg", "co2_land_use_mg"})


class Gases:
    """Takes the multipliers of one run apart by gas, in mass.

    Parameters
    ----------
    inventory : Inventory
        Of the run: its factors say which further gases are behind a multiplier in CO2e.

    """

    def __init__(self, inventory: Inventory) -> None:
        self.inventory, self.gwp_set = inventory, str(inventory.run["gwp"])

    @cached_property
    def _catalog(self) -> Catalog:
        return catalog_from_table(self.inventory.query("SELECT * FROM factors"))

    def masses(self, s: Slice) -> Mapping[str, Fraction]:
        """Return the mass of each gas per unit at 100 %. [mg/unit]"""
        found: dict[str, Fraction] = {}
        warming = Fraction(0)
        for column, value in zip(GAS_COLUMNS, s.gases, strict=True):
            if not value:
                continue
            if column in _WIDE:
                found["|".join(_WIDE[column])] = Fraction(value)
            elif column in _PLAIN:
                found[AS_CO2] = found.get(AS_CO2, Fraction(0)) + Fraction(value)
            else:
                warming += Fraction(value)
        if warming:
            for gas, mass in self._further(s, warming).items():
                found[gas] = found.get(gas, Fraction(0)) + mass
        return found

    def _further(self, s: Slice, warming: Fraction) -> Mapping[str, Fraction]:
        """Divide a multiplier in CO2e among the gases of its factor. [mg/unit]"""
        factor: Factor | None = self._catalog.by_id.get(s.factor_id)
        inside = {
            gas: mass
            for gas, mass in (factor.species if factor else {}).items()
            if gas_family(gas) != "montreal"
        }
        stated = factor.masses.get("co2e", Fraction(0)) if factor else Fraction(0)
        per_unit = stated + sum(
            (mass * gwp_of(self.gwp_set, gas) for gas, mass in inside.items()), Fraction(0)
        )
        if not inside or not per_unit:
            return {AS_CO2: warming}
        scale = warming / per_unit
        divided = {f"{gas}|": mass * scale for gas, mass in inside.items()}
        return divided | ({AS_CO2: stated * scale} if stated else {})


def split_by_gas(gas: str, gases: tuple[Gases, Gases]) -> tuple[Fraction, Fraction]:
    """Return the GWP of a gas in both runs; where one set has none, the other's."""
    if gas == AS_CO2:
        return Fraction(1), Fraction(1)
    name, _, stated = gas.partition("|")
    origin: GasOrigin = "fossil" if stated == "fossil" else "biogenic" if stated else ""
    found: list[Fraction | None] = []
    for side in gases:
        try:
            found.append(gwp_of(side.gwp_set, name, origin))
        except GwpError:
            found.append(None)
    before, after = found
    known = before if before is not None else after
    if known is None:
        raise GwpError("gwp-missing", gas=name, gwp_set=gases[0].gwp_set, origin=origin)
    return (known if before is None else before, known if after is None else after)
