from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from linyin.demo.tables import Value, activity_tables, read, series_of, values
from linyin.ledger.contexts import inputs


@pytest.fixture(scope="module")
def numbers() -> Sequence[Value]:
    return list(values())


def test_every_number_lies_in_its_stated_range(numbers: Sequence[Value]) -> None:
    outside = [number for number in numbers if not number.low <= number.value <= number.high]
    assert outside == []


def test_every_range_says_where_it_comes_from(numbers: Sequence[Value]) -> None:
    assert {number.basis for number in numbers} == {"illustrative", "by definition"}


def test_every_series_of_every_table_is_held_against_a_range(numbers: Sequence[Value]) -> None:
    checked = {(number.table, number.row) for number in numbers}
    for table in activity_tables():
        for series in series_of(table):
            assert (f"activities/{table}", series.series) in checked
    assert {("sales", row["series"]) for row in read("sales")} <= checked
    assert {("products", row["product"]) for row in read("products")} <= checked


def test_every_named_input_of_an_activity_table_has_a_range() -> None:
    ranged = {(row["table"], row["column"]) for row in read("input_ranges")}
    stated = {
        (table, column)
        for table in activity_tables()
        for column in read(f"activities/{table}")[0]
        if column.split(" [")[0] in inputs()
    }
    assert ranged == stated


def test_series_are_told_apart_by_their_names() -> None:
    for table in [*(f"activities/{name}" for name in activity_tables()), "sales"]:
        names = [row["series"] for row in read(table)]
        assert len(names) == len(set(names)), table


def test_products_are_used_longer_than_a_year_and_never_more_than_all_hours() -> None:
    for product in read("products"):
        assert Decimal(product["lifetime_year"]) > 1
        assert Decimal(product["hours_per_year"]) <= 8784


def test_treatments_of_a_kind_of_waste_add_up_to_one() -> None:
    shares: dict[str, Decimal] = {}
    for row in read("treatments"):
        shares[row["waste"]] = shares.get(row["waste"], Decimal(0)) + Decimal(row["share"])
    assert set(shares) == {row["waste"] for row in read("products")}
    assert set(shares.values()) == {Decimal(1)}


def test_the_group_has_14_campuses_and_entities_in_20_countries() -> None:
    nodes = read("folder/organization")
    campuses = [n for n in nodes if n["kind"] == "site" and n["name_zh"].endswith("园区")]
    countries = {n["country"] for n in nodes if n["kind"] == "entity"}
    assert len(campuses) == 14
    assert len(countries) == 20


def test_a_joint_venture_is_operated_and_an_associate_is_not() -> None:
    nodes = {row["code"]: row for row in read("folder/organization")}
    assert (nodes["JV-POWER"]["control"], nodes["JV-POWER"]["operator"]) == ("joint", "LY-TECH")
    assert (nodes["ASSOC-OPTICS"]["ownership_pct"], nodes["ASSOC-OPTICS"]["operator"]) == ("30", "")
