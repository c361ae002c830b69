"""What items and units are called: every one that is shipped, in both languages."""

from __future__ import annotations

import csv
import re
from importlib.resources import files

import pytest

from linyin.ledger import item_name, known_units, load_packs, parse_unit, unit_name

CHINESE = re.compile(r"[㐀-鿿]")
DESIGNATION = re.compile(r"RC?\d[\w()-]*|(H?CFC|HFC|PFC|HFE|HFO|HCFO)-[\w()-]+")


def rows_of(package: str, *path: str) -> list[dict[str, str]]:
    text = files(package).joinpath(*path).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def items_of_the_example() -> set[str]:
    folder = files("linyin.demo").joinpath("tables", "activities")
    return {
        row["item"]
        for file in folder.iterdir()
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    }


def test_every_item_of_the_packs_and_the_example_has_a_name_in_both_languages():
    shipped = {factor.item for factor in load_packs(None, first_priority=1)}

    for item in sorted(shipped | items_of_the_example()):
        english, chinese = item_name(item, "en"), item_name(item, "zh")
        if DESIGNATION.fullmatch(item) and english == chinese:
            assert english == item
            continue
        assert CHINESE.search(chinese), item
        assert not CHINESE.search(english), item
        assert "_" not in english, item


def test_what_has_no_name_of_its_own_is_a_designation_that_the_gases_or_blends_have():
    shipped = {factor.item for factor in load_packs(None, first_priority=1)}
    known = {row["blend"] for row in rows_of("linyin.ledger", "packs", "blends.csv")}
    for row in rows_of("linyin.ledger", "gases.csv"):
        known |= {row["gas"], *row["aliases"].split("|")}

    unnamed = {item for item in shipped if item_name(item, "zh") == item}

    assert len(unnamed) > 100
    assert unnamed <= known


def test_no_two_items_have_one_name():
    rows = rows_of("linyin.ledger", "item_texts.csv")

    for column in ("item", "en", "zh"):
        named = [row[column] for row in rows]
        assert sorted({name for name in named if named.count(name) > 1}) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("plural", [True, False])
def test_a_unit_may_be_typed_as_it_is_shown(lang, plural):
    codes = [row["unit"] for row in rows_of("linyin.ledger", "unit_texts.csv")]
    further = ["GJ net", "kWh gross", "kgCO2e/GJ net", "L/100km", "kg/m2", "person·km/year"]

    for code in [*codes, *known_units().atoms, *further]:
        assert parse_unit(unit_name(code, lang, plural=plural)) == parse_unit(code), code


@pytest.mark.parametrize(
    ("unit", "en", "zh"),
    [("piece", "pieces", "件"), ("person", "people", "人"), ("m2", "m²", "m²"),
     ("万元", "10⁴ CNY", "万元"), ("t·km", "t·km", "吨公里"), ("kWh", "kWh", "kWh"),
     ("GJ net", "GJ net", "GJ（低位）"), ("m2/piece", "m²/piece", "m²/件"),
     ("kg CO2e/person", "kg CO₂e/person", "kg CO₂e/人")],
)  # fmt: skip
def test_units_read_as_people_write_them(unit, en, zh):
    assert unit_name(unit, "en", plural=True) == en
    assert unit_name(unit, "zh", plural=True) == zh
