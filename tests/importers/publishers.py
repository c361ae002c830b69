"""Publishers' files for the tests beside this file: small ones made here, and the real ones."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

needs_data = pytest.mark.skipif(
    "LINYIN_TEST_DATA" not in os.environ,
    reason="LINYIN_TEST_DATA does not name the folder of published data",
)

FLAT_HEADER = (
    "ID", "Scope", "Level 1", "Level 2", "Level 3", "Level 4", "Column Text", "UOM", "GHG/Unit",
    "GHG Conversion Factor 2023",
)  # fmt: skip
TOTAL = "kg CO2e"
CO2, CH4, N2O = (f"kg CO2e of {gas} per unit" for gas in ("CO2", "CH4", "N2O"))
BUTANE = ("Scope 1", "Fuels", "Gaseous fuels", "Butane", "", "", "tonnes")
FLAT_LINES = [
    ("1_100_1000_15_1", *BUTANE, TOTAL, 3033.38),
    ("1_100_1000_15_2", *BUTANE, CO2, 3029.26),
    ("1_100_1000_15_3", *BUTANE, CH4, 2.52),
    ("1_100_1000_15_4", *BUTANE, N2O, 1.6),
]
FULL_HEADER = ("Activity", "Fuel", "Unit", TOTAL, CO2, CH4, N2O)
TOP = [
    ("UK Government GHG Conversion Factors for Company Reporting",),
    ("Fuels",),
    (),
    (),
    ("Emissions source:", "Fuels", "Factor set:", "Condensed set"),
    ("Scope:", "Scope 1", "Version:", 1.1, "Year:", 2024),
    (),
]  # fmt: skip


def published(name: str) -> Path:
    """Path of a real file."""
    return Path(os.environ["LINYIN_TEST_DATA"]) / name


def flat(path: Path, lines=FLAT_LINES, *, end=True, header=FLAT_HEADER, version=1.1) -> Path:
    """A flat file of 2023 with the given lines."""
    book = Workbook()
    front = book.active
    front.title = "Front page"
    front.append(["UK Government GHG Conversion Factors for Company Reporting"])
    front.append([None, "Version:", version, "Year:", 2023])
    front.append([None, "Updated:", date(2023, 6, 20)])
    sheet = book.create_sheet("Factors by Category")
    sheet.append(["UK Government GHG Conversion Factors for Company Reporting"])
    sheet.append(list(header))
    for line in lines:
        sheet.append([cell if cell != "" else None for cell in line])
    if end:
        sheet.append([None, "END"])
    book.save(path)
    return path


def full(path: Path, lines, *, header=FULL_HEADER, above=(), merge=(), title="Fuels") -> Path:
    """A full set of 2024 with one sheet and one table."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for line in [*TOP, above, header, *lines]:
        sheet.append(list(line))
    for cells in merge:
        sheet.merge_cells(cells)
    book.save(path)
    return path


def co2e(row: dict[str, str]) -> Decimal:
    """CO2e of a row by the publisher's GWP set (AR5, 100 years)."""
    if row["co2e_kg"]:
        return Decimal(row["co2e_kg"])
    masses = ((1, row["co2_kg"]), (28, row["ch4_kg"]), (265, row["n2o_kg"]))
    return sum((gwp * Decimal(mass) for gwp, mass in masses if mass), Decimal(0))
