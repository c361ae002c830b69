"""What items and units are called: every one that is shipped, in both languages."""

from __future__ import annotations

import csv
import re
from importlib.resources import files

import pytest

from linyin.ledger import (
    code_name,
    item_name,
    known_units,
    load_packs,
    load_source_types,
    parse_unit,
    technology_name,
    unit_name,
)

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


def test_every_technology_of_the_packs_methods_and_example_has_a_name_in_both_languages():
    shipped = {f.technology for f in load_packs(None, first_priority=1)}
    shipped |= {row["technology"] for row in rows_of("linyin.ledger", "methods.csv")}
    folder = files("linyin.demo").joinpath("tables", "activities")
    for file in folder.iterdir():
        rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
        shipped |= {row.get("technology") or "" for row in rows}

    assert len(shipped) > 300
    for technology in sorted(shipped - {""}):
        english, chinese = technology_name(technology, "en"), technology_name(technology, "zh")
        assert CHINESE.search(chinese), technology
        assert not CHINESE.search(english), technology
        assert "_" not in english + chinese, technology


@pytest.mark.parametrize(
    ("technology", "item", "en", "zh"),
    [("hgv_diesel_articulated_3.5_33t_laden_50", "",
      "HGV, diesel, articulated, 3.5–33 t, 50 % laden",
      "重型货车，柴油，铰接式，3.5–33 t，装载率 50%"),
     ("general_cargo_0_4999_dwt_100_teu", "",
      "general cargo ship, 0–4,999 DWT, 100 TEU and more",
      "杂货船，0–4,999 载重吨，100 标准箱以上"),
     ("van_class_iii_bev", "", "van, class III, battery electric", "厢式货车，III 级，纯电动"),
     ("domestic", "flight", "domestic", "国内"),
     ("domestic", "other_bituminous_coal", "household", "家用"),
     ("our_line_3", "", "our_line_3", "our_line_3"), ("", "", "", "")],
)  # fmt: skip
def test_a_technology_is_called_by_its_parts(technology, item, en, zh):
    assert technology_name(technology, "en", item) == en
    assert technology_name(technology, "zh", item) == zh


def test_source_types_are_called_as_pages_call_them():
    words = {row["key"]: row for row in rows_of("linyin.ledger.web", "words.csv")}

    for code in load_source_types():
        for lang in ("en", "zh"):
            assert (
                code_name("source_type", code, lang, {}) == words[f"lines.source_type.{code}"][lang]
            )


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
