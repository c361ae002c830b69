"""The one view of what totals are made of."""

from __future__ import annotations

import pytest

from builders import FolderBuilder, role_total
from linyin.ledger import roll_up

KG = 1_000_000


@pytest.fixture
def mixed(folder: FolderBuilder) -> FolderBuilder:
    """Emissions, a removal, exported power and a purchase inside the group."""
    folder.company("S", "T")
    folder.factor("grid", use="grid", item="electricity", unit="kWh", co2_kg="0.5",
                  place="CN")  # fmt: skip
    folder.factor("part", use="goods", item="part", unit="kg", co2_kg="2", boundary="total")
    folder.electricity("S", 1)
    folder.activity("sold", source_type="electricity_exported", item="electricity", quantity=1,
                    unit="MWh")  # fmt: skip
    folder.activity("grown", source_type="removal", item="forest", quantity=7, unit="kgCO2e",
                    flow="removal")  # fmt: skip
    folder.activity("inside", source_type="goods", item="part", quantity=3, unit="kg",
                    counterparty="T")  # fmt: skip
    folder.activity("bought", source_type="goods", item="part", quantity=5, unit="kg")
    return folder


def test_reported_is_what_a_roll_up_adds_up(mixed):
    inventory = mixed.calculate()
    by = ("line", "scope2_method")

    viewed = inventory.query(
        "SELECT line, scope2_method, sum(co2e_mg)::DECIMAL(38, 0) AS co2e_mg FROM reported "
        "GROUP BY ALL ORDER BY ALL"
    ).to_pylist()

    assert viewed == roll_up(inventory.entries(), by, masses=("co2e_mg",)).to_pylist()
    amounts = {row["line"]: int(row["co2e_mg"]) for row in viewed if row["line"] != "3.3"}
    assert amounts == {"2.1": 500 * KG, "3.1": 10 * KG}


def test_what_stands_beside_the_totals_is_in_the_entries_only(mixed):
    inventory = mixed.calculate()

    assert role_total(inventory, "memo") == {"2.1": -500 * KG}
    assert role_total(inventory, "eliminated") == {"3.1": 6 * KG}
    roles = inventory.query("SELECT DISTINCT role, flow FROM reported").to_pylist()
    assert roles == [{"role": "reported", "flow": "emission"}]
