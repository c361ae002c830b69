"""A product's own factors count for its rows before the item's, and for no other row."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builders import FolderBuilder
from linyin.inventory.inventory import Inventory
from linyin.inventory.replay import replay
from linyin.ledger import seal_bundle

KG = 1_000_000
SUPPLIED = {"basis": "supplier"}


def routers(folder: FolderBuilder, **rows: dict[str, object]) -> FolderBuilder:
    folder.company("S").factor(
        "average", use="goods", item="router", unit="kg", boundary="total", co2_kg="10"
    )
    for number, cells in rows.items():
        folder.activity(number, source_type="goods", item="router", quantity=1, unit="kg", **cells)
    return folder


def own(folder: FolderBuilder, co2_kg: str, **cells: object) -> FolderBuilder:
    row = {"use": "goods", "item": "router", "unit": "kg", "boundary": "total"}
    return folder.factor(f"own-{co2_kg}", **(row | {"co2_kg": co2_kg} | cells))


def booked(inventory: Inventory) -> dict[str, tuple[str, str, int]]:
    rows = inventory.query(
        "SELECT external_id, method, factor_id, e.co2e_mg FROM entries e JOIN legs USING (leg)"
    ).to_pylist()
    return {r["external_id"]: (r["method"], r["factor_id"], r["co2e_mg"]) for r in rows}


def test_rows_of_a_product_take_its_own_factor_and_others_the_average(folder):
    routers(folder, a={"product": "NE40"}, b={"product": "NE20"}, c={})
    own(folder, "7", product="NE40", **SUPPLIED)

    assert booked(folder.calculate(2023)) == {
        "a": ("supplier", "own-7", 7 * KG),
        "b": ("average", "average", 10 * KG),
        "c": ("average", "average", 10 * KG),
    }


def test_average_of_a_product_keeps_the_method_of_averages(folder):
    own(routers(folder, a={"product": "NE40"}, b={}), "6", product="NE40", basis="average")

    assert booked(folder.calculate(2023)) == {
        "a": ("average", "own-6", 6 * KG),
        "b": ("average", "average", 10 * KG),
    }


def test_factor_of_a_supplier_for_one_product_is_for_no_other_of_its_products(folder):
    routers(
        folder,
        both={"counterparty": "ACME", "product": "NE40"},
        other={"counterparty": "ACME", "product": "NE20"},
        resold={"counterparty": "SHOP", "product": "NE40"},
    )
    own(folder, "5", supplier="ACME", product="NE40", **SUPPLIED)
    own(folder, "7", product="NE40", **SUPPLIED)

    assert booked(folder.calculate(2023)) == {
        "both": ("supplier", "own-5", 5 * KG),
        "other": ("average", "average", 10 * KG),
        "resold": ("supplier", "own-7", 7 * KG),
    }


def test_product_is_written_under_its_chinese_header(folder):
    own(routers(folder, a={"产品型号": "NE40"}), "7", product="NE40", **SUPPLIED)

    assert booked(folder.calculate(2023))["a"] == ("supplier", "own-7", 7 * KG)


@pytest.fixture
def of_old(folder) -> Inventory:
    """A bundle of the time when rows named no product, whose factor names one."""
    inventory = routers(folder, a={"place": "CN"}).calculate(2023)
    inputs = inventory.path / "inputs"
    activities = pq.read_table(inputs / "activities.parquet")
    pq.write_table(activities.drop_columns("product"), inputs / "activities.parquet")
    contexts = pq.read_table(inventory.path / "contexts.parquet")
    pq.write_table(contexts.drop_columns("product"), inventory.path / "contexts.parquet")
    factors = pq.read_table(inputs / "factors.parquet")
    column = factors.column_names.index("product")
    named = factors.set_column(column, "product", pa.array(["NE40"] * len(factors)))
    pq.write_table(named, inputs / "factors.parquet")
    seal_bundle(inventory.path, sorted((inventory.path / "entries").glob("*.parquet")))
    return Inventory(inventory.path)


def test_bundle_from_before_products_replays_to_the_same_digits(of_old):
    again = replay(of_old.path)

    assert again.same
    assert again.rows == 1


def test_bundle_from_before_products_reads_as_if_none_were_stated(of_old):
    for table in ("activities", "contexts"):
        rows = of_old.query(f"SELECT item, product FROM {table}").to_pylist()
        assert rows == [{"item": "router", "product": ""}]
