"""A UK government conversion factor as its publisher labels it, before it gets our names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

TOTAL, CO2, CH4, N2O = "co2e", "co2", "ch4", "n2o"
MEASURES = {
    "kg CO2e": TOTAL,
    "kg CO2e of CO2 per unit": CO2,
    "kg CO2e of CH4 per unit": CH4,
    "kg CO2e of N2O per unit": N2O,
}
ENERGY_MEASURES = frozenset({"kWh (Net CV)", "kWh (net)", "kWh (Gross CV)"})


@dataclass(frozen=True, slots=True)
class Edition:
    """Which release of the UK set a file is."""

    year: int
    name: str
    version: str
    published: date
    sha256: str

    @property
    def release(self) -> str:
        """Name of the release, such as ``2024 condensed set v1.1``."""
        return f"{self.year} {self.name.lower()} v{self.version}"


@dataclass(slots=True)
class UkFactor:
    """The values (kg CO2e) of one labelled line or column group.

    ``label`` holds activity, type, size and column heading as printed; '' where there is none.
    """

    file: str
    sheet: str
    activity: str
    type: str
    size: str
    column: str
    unit: str
    where: str
    number: str = ""
    values: dict[str, Decimal] = field(default_factory=dict)
    is_energy: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """The printed labels without the empty ones."""
        every = (self.activity, self.type, self.size, self.column)
        return tuple(label for label in every if label)

    @property
    def title(self) -> str:
        """Sheet and labels in one line."""
        return " / ".join((self.sheet, *self.labels, self.unit))
