"""Averages of one country that stand in for another are told as a question."""

from __future__ import annotations

from typing import Any

import pytest

from builders import FolderBuilder
from linyin.inventory import Inventory


def buys(folder: FolderBuilder, item: str, **cells: object) -> FolderBuilder:
    row = {"source_type": "goods", "item": item, "quantity": 1, "unit": "t"}
    number = len(folder.tables.get("activities", []))
    return folder.activity(f"r{number}", **(row | cells))


def told(inventory: Inventory) -> list[tuple[Any, ...]]:
    return sorted(
        (f.severity, f.fields["item"], f.fields["origin"], f.fields["rows"])
        for f in inventory.findings
        if f.code == "factor-stands-in"
    )


def test_an_average_of_the_uk_is_a_question_in_china_once_a_pack(folder):
    folder.company("S", "T").packs()
    for site in ("S", "S", "T"):
        buys(folder, "steel", site=site)
    buys(folder, "paper")

    assert told(folder.calculate()) == [("question", "paper, steel", "GB", 4)]


def test_an_average_of_the_us_is_a_question_in_china(folder):
    folder.company().packs(["epa-spend-1.3.0"])
    folder.add("rates", kind="price_index", **{"from": "USD"}, year=2022, value=1, source="s")
    folder.add("rates", kind="price_index", **{"from": "USD"}, year=2023, value=1, source="s")
    buys(folder, "naics_331110", unit="USD", quantity=1000)

    assert told(folder.calculate()) == [("question", "naics_331110", "US", 1)]


@pytest.mark.parametrize(("country", "found"), [("GB", []), ("FR", ["steel"])])
def test_at_home_an_average_is_no_stand_in(folder, country, found):
    folder.node("G", "group", country=country).node("S", parent="G", country=country).packs()
    buys(folder, "steel")

    assert [item for _, item, _, _ in told(folder.calculate())] == found


def test_a_factor_of_ones_own_stands_in_for_nothing(folder):
    folder.company().packs()
    folder.factor(
        "own", use="goods", item="steel", unit="t", co2_kg="1900", boundary="total", place="CN"
    )
    buys(folder, "steel")

    assert told(folder.calculate()) == []
