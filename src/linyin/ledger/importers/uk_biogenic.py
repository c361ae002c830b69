"""Biogenic CO2 of the sheet 'Outside of scopes', joined to the fuel that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linyin.ledger.importers.decimals import divide, plain
from linyin.ledger.importers.imported import Skipped
from linyin.ledger.importers.uk_factor import CO2, TOTAL, UkFactor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

ENERGY_UNITS = {"kWh (Net CV)": "kWh", "kWh": "kWh", "GJ": "GJ"}
MASS_UNIT = "tonnes"
ROUNDED = (
    "Biogenic CO2 per unit = biogenic CO2 per tonne x this factor's CO2e / the CO2e per tonne "
    "(the publisher gives it rounded to 0.01 or not at all)."
)
NO_FUEL = "left-out-no-fuel"
OTHER_UNIT = "left-out-other-unit"


class Biogenic:
    """The lines 'Outside of scopes': kg biogenic CO2 by (fuel, unit)."""

    def __init__(self, factors: Iterable[UkFactor]) -> None:
        self._lines: dict[tuple[str, str], UkFactor] = {}
        self._taken: set[tuple[str, str]] = set()
        self._fuels: set[str] = set()
        self._per_tonne: dict[str, Decimal] = {}
        for factor in factors:
            self._lines[_key(factor.type), factor.unit] = factor

    def take(self, fuel: UkFactor, note: list[str]) -> dict[str, str]:
        """Biogenic CO2 [kg per unit] of a fuel as a cell, or no cell.

        A blend's biogenic part is scaled from its line per tonne, since the publisher rounds the
        lines per litre and kWh to 0.01 kg.
        """
        name = _key(fuel.type)
        self._fuels.add(name)
        if fuel.unit == MASS_UNIT and TOTAL in fuel.values:
            self._per_tonne[name] = fuel.values[TOTAL]
        unit = ENERGY_UNITS.get(fuel.unit, fuel.unit)
        line = self._lines.get((name, unit))
        if line is not None:
            self._taken.add((name, unit))
        if CO2 in fuel.values and fuel.unit != MASS_UNIT and name in self._per_tonne:
            return self._scaled(name, fuel, note)
        return {"co2_biogenic_kg": plain(line.values[CO2])} if line is not None else {}

    def _scaled(self, name: str, fuel: UkFactor, note: list[str]) -> dict[str, str]:
        tonne = self._lines.get((name, MASS_UNIT))
        if tonne is None:
            return {}
        note.append(ROUNDED)
        share = divide(fuel.values[TOTAL], self._per_tonne[name])
        return {"co2_biogenic_kg": plain(tonne.values[CO2] * share)}

    def unused(self) -> list[Skipped]:
        """Return the lines that no fuel has taken."""
        return [
            Skipped(line.where, line.title, OTHER_UNIT if name in self._fuels else NO_FUEL)
            for (name, unit), line in self._lines.items()
            if (name, unit) not in self._taken
        ]


def _key(fuel: str) -> str:
    return fuel.lower()
