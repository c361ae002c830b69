"""Densities and heat values of the UK government's set of 2024, sheet `Fuel properties`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pack_io import test_data

FILE = "desnz-full-2024.xlsx"
SHEET = "Fuel properties"
WORKBOOK = "DESNZ, UK Government GHG Conversion Factors 2024 v1.1, sheet Fuel properties"


@dataclass(frozen=True)
class UkFuel:
    """Properties of a fuel: heat in GJ/t, density in kg/m3."""

    net_gj_t: Decimal
    gross_gj_t: Decimal
    density_kg_m3: Decimal | None


def workbook() -> Path:
    """Return where the workbook is."""
    return test_data() / FILE


def uk_fuels() -> dict[str, UkFuel]:
    """Return the fuels of the sheet by their name.

    A row is: group or nothing, fuel, year, net and gross GJ/t, density kg/m3, ...

    """
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(str(workbook())).get_sheet_by_name(SHEET)
    found: dict[str, UkFuel] = {}
    for cells in sheet.to_python():
        years = [i for i, cell in enumerate(cells) if cell == 2024 and isinstance(cell, float)]
        if not years or not isinstance(cells[years[0] - 1], str):
            continue
        at = years[0]
        net, gross, density = (_decimal(cells[at + n]) for n in (1, 2, 3))
        if net and gross:
            found[str(cells[at - 1]).strip()] = UkFuel(net, gross, density)
    return found


def _decimal(cell: object) -> Decimal | None:
    return Decimal(repr(cell)) if isinstance(cell, int | float) else None
