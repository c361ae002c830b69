"""The UK, US and loss tables, for the tests beside this file."""

from __future__ import annotations

import csv
import os
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKS = ROOT / "src" / "linyin" / "ledger" / "packs"
UK = (
    "uk-transport-2024",
    "uk-waste-water-materials-2024",
    "uk-fuels-2024",
    "uk-power-heat-2024",
    "uk-power-heat-2023",
    "uk-wtt-2023",
)
EPA = "epa-spend-1.3.0"

Row = dict[str, str]

needs_data = pytest.mark.skipif(
    "LINYIN_TEST_DATA" not in os.environ,
    reason="LINYIN_TEST_DATA does not name the folder of published data",
)


def rows(name: str) -> list[Row]:
    """Rows of a table among the packs."""
    with (PACKS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def one(name: str, **cells: str) -> Row:
    """The only row of a pack with these cells; technology is '' unless named."""
    wanted = {"technology": ""} | cells
    found = [row for row in rows(name) if wanted.items() <= row.items()]
    assert len(found) == 1, [row["factor_id"] for row in found]
    return found[0]


def co2e(row: Row) -> Decimal:
    """CO2e of a row by AR5, 100 years."""
    if row["co2e_kg"]:
        return Decimal(row["co2e_kg"])
    masses = ((1, row["co2_kg"]), (28, row["ch4_kg"]), (265, row["n2o_kg"]))
    return sum((gwp * Decimal(mass) for gwp, mass in masses if mass), Decimal(0))
