"""Items by the names that people give them, and rows whose source type is item enough."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from linyin.inventory.folder import read_folder
from linyin.lake import BadInput
from linyin.ledger import item_aliases, load_packs


def items(folder) -> list[str]:
    (prepared,) = (of_file for _, of_file in read_folder(folder.write()).activities)
    return prepared.table["item"].to_pylist()


@pytest.mark.parametrize(
    ("name", "item"),
    [("电力", "electricity"), ("航空", "flight"), ("软件", "naics_511210"), ("柴油", "diesel"),
     ("蒸汽", "steam"), ("高铁", "rail"), ("酒店", "hotel"), ("餐厨垃圾", "food_waste"),
     ("92号汽油", "petrol"), ("0#柴油", "diesel"), ("钢板", "steel"), ("铝锭", "aluminium"),
     ("R-410a", "R410A"), ("r-134A", "R134a")],
)  # fmt: skip
def test_a_chinese_name_of_an_item_is_the_item(folder, name, item):
    folder.company("S").activity("a", source_type="goods", item=name, quantity=1, unit="t")

    assert items(folder) == [item]


def test_every_alias_names_one_item_that_the_packs_have():
    text = files("linyin.ledger").joinpath("usual_names.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    names = [name for row in rows for name in row["aliases"].split("|")]
    known = {factor.item for factor in load_packs(None, first_priority=1)} | {"cooling"}

    assert {row["item"] for row in rows} <= known
    assert len(names) == len(set(names))
    assert not set(names) & known
    assert {name: item_aliases()[name] for row in rows for name in row["aliases"].split("|")} == {
        name: row["item"] for row in rows for name in row["aliases"].split("|")
    }


def test_power_and_a_flight_by_chinese_names_are_calculated(folder):
    folder.packs().company("S")
    folder.activity("a", source_type="外购电力", item="电力", quantity=1, unit="万kWh")
    folder.activity("b", source_type="商务差旅", item="航空", quantity=1000, unit="人公里")

    assert folder.calculate(2023).by_line("location")["2.1"] == 4_419_000_000


@pytest.mark.parametrize("header", [True, False])
def test_a_source_type_that_is_one_energy_needs_no_item(folder, header):
    folder.company("S")
    for name in ("electricity", "heat", "steam", "cooling", "electricity_exported"):
        cells = {"item": ""} if header else {}
        folder.activity(name, source_type=name, quantity=1, unit="GJ", **cells)

    assert items(folder) == ["electricity", "heat", "steam", "cooling", "electricity"]


def test_any_other_source_type_must_name_its_item(folder):
    folder.company("S").activity("a", source_type="goods", item="", quantity=1, unit="t")

    found = read_folder(folder.write()).findings

    assert [(f.code, f.at.row, f.at.column) for f in found] == [("value-missing", 2, "item")]


def test_own_factor_under_another_name_of_an_item_is_for_that_item(folder):
    folder.company("S").activity("a", source_type="goods", item="软件", quantity=2, unit="件")
    folder.factor("own", use="goods", item="软件", unit="件", boundary="total", co2_kg="3")

    assert folder.calculate(2023).by_line("location") == {"3.1": 6_000_000}


def test_a_missing_factor_names_the_place_not_the_site(folder):
    folder.company("S", place="CN-GD").electricity("S", 1)

    with pytest.raises(BadInput) as caught:
        folder.calculate(2023)

    assert [f.fields["place"] for f in caught.value.findings if f.severity == "error"] == ["CN-GD"]
