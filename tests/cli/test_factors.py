from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from .company import Linyin, UserFolder, told

GUANGDONG = ("electricity", "--place", "CN-GD", "--unit", "kWh", "--year", 2023)


def test_the_nearest_place_and_year_win_and_say_why(linyin: Linyin) -> None:
    answer = told(linyin("factors", "explain", *GUANGDONG, "--json"))

    assert answer["winner"] == "mee-grid-2023-CN-GD"
    assert answer["decided_by"] == "years"
    assert answer["ranked"][0]["co2_kg"] == "0.4419"
    assert {"place", "boundary", "basis"} <= {r["reason"] for r in answer["rejected"]}


def test_without_the_winner_the_second_line_wins(linyin: Linyin) -> None:
    first = told(linyin("factors", "explain", *GUANGDONG, "--json"))
    second = first["ranked"][1]["factor_id"]

    answer = told(linyin("factors", "explain", *GUANGDONG, "--without", first["winner"], "--json"))

    assert answer["winner"] == second


def test_a_folders_own_factor_wins_for_its_site(folder: UserFolder, linyin: Linyin) -> None:
    folder.write(
        factors="factor_id,use,item,unit,boundary,place,co2_kg,data_year,published,publisher,"
        "release,source,licence,evidence,status\n"
        "own,grid,electricity,kWh,combustion,site:SZ,0.1,2023,2024-01-01,us,1,meter,own,read,approved\n"
    )
    asked = ("electricity", "--site", "SZ", "--unit", "kWh", "--year", 2023)

    answer = told(linyin("factors", "explain", *asked, "--folder", folder.path, "--json"))

    assert (answer["winner"], answer["decided_by"]) == ("own", "place")


@pytest.mark.parametrize(
    ("item", "unit", "bridge"),
    [
        ("electricity", "tce", (1000 / 0.1229, "kWh/tce")),
        ("electricity", "kWh", None),
        ("natural_gas", "MWh gross", (0.90258, "MWh net/MWh gross")),
        ("natural_gas", "MWh net", None),
    ],
)
def test_a_unit_that_no_factor_is_per_is_answered_over_a_stated_bridge(
    item: str, unit: str, bridge: tuple[float, str] | None, linyin: Linyin
) -> None:
    asked = (item, "--unit", unit, "--place", "CN-GD", "--year", 2023, "--boundary", "combustion")

    answer = told(linyin("factors", "explain", *asked, "--json"))

    assert answer["winner"]
    found = answer["bridge"]
    assert (found and (pytest.approx(found["value"]), found["unit"])) == bridge


OWN = (
    "factor_id,use,item,unit,boundary,basis,product,co2_kg,data_year,published,publisher,"
    "release,source,licence,evidence,status\n"
    "own,goods,steel,t,total,average,rail-60,900,2023,2024-01-01,mill,1,EPD,own,read,approved\n"
)


@pytest.mark.parametrize(
    ("product", "wins", "reason"), [("rail-60", True, ""), ("rail-50", False, "product")]
)
def test_a_products_own_factor_wins_for_it_alone(
    product: str, wins: bool, reason: str, folder: UserFolder, linyin: Linyin
) -> None:
    folder.write(factors=OWN)
    asked = ("steel", "--unit", "t", "--year", 2023, "--source-type", "goods")

    answer = told(
        linyin(
            "factors", "explain", *asked, "--product", product, "--folder", folder.path, "--json"
        )
    )

    assert (answer["winner"] == "own") is wins
    assert {r["factor_id"]: r["reason"] for r in answer["rejected"]}.get("own", "") == reason


def test_no_factor_is_a_no_with_reasons(linyin: Linyin) -> None:
    asked = ("electricity", "--place", "CN-GD", "--unit", "t", "--year", 2023)

    result = linyin("factors", "explain", *asked, "--json")

    assert result.exit_code == 1
    assert "dimension" in {r["reason"] for r in told(result)["rejected"]}


def test_search_knows_the_chinese_names_of_items(linyin: Linyin) -> None:
    answer = told(linyin("factors", "search", "柴油", "--json"))

    assert answer["count"] > 0
    assert {f["item"] for f in answer["factors"]} == {"diesel"}


@pytest.mark.parametrize(
    ("words", "column", "first"),
    [
        (["废弃物"], "use", "waste"),
        (["钢材"], "item", "steel"),
        (["飞机"], "item", "flight"),
        (["高铁"], "factor_id", "uk2024-business_travel_land-rail-national_rail-passenger_km"),
        (["plane", "short"], "item", "flight"),
        (["办公用品"], "item", "naics_322230"),
        (["香港"], "use", "grid"),
        (["Hong", "kong", "ELECTRICITY"], "use", "grid"),
        (["广东", "电力"], "place", "CN-GD"),
        (["landfill", "food"], "item", "food_waste"),
    ],
)
def test_a_search_speaks_the_readers_words(
    words: list[str], column: str, first: str, linyin: Linyin
) -> None:
    answer = told(linyin("factors", "search", *words, "--json"))

    assert answer["factors"][0][column] == first


def test_a_place_without_factors_is_answered_by_the_place_around_it(linyin: Linyin) -> None:
    answer = told(linyin("factors", "search", "西藏", "--json"))

    assert answer["places_around"] == {"CN-XZ": "CN"}
    assert {factor["place"] for factor in answer["factors"]} == {"CN"}
    assert "mee-grid-2023-CN" in answer["left_out"]
    assert not set(answer["left_out"]) & {factor["factor_id"] for factor in answer["factors"]}


def test_a_search_that_finds_nothing_names_items_near_it(linyin: Linyin) -> None:
    result = linyin("factors", "search", "stell", "--json")

    assert result.exit_code == 1
    assert "steel" in told(result)["near"]["stell"]
    assert "steel" in linyin("factors", "search", "stell").stdout


def test_words_that_never_stand_together_are_told_so(linyin: Linyin) -> None:
    result = linyin("factors", "search", "steel", "hotel", "--json")

    assert (result.exit_code, told(result)["near"]) == (1, {})
    assert "no factor has all of them" in linyin("factors", "search", "steel", "hotel").stdout


def test_show_tells_the_provenance(linyin: Linyin) -> None:
    shown = linyin("factors", "show", "mee-grid-2023-CN-GD", "--lang", "zh").stdout

    for text in ("0.4419", "licence", "许可", "2025年第47号", "mee-grid-2021-2023"):
        assert text in shown


@pytest.mark.parametrize(
    ("factor", "sets", "told_so"),
    [
        ("epa-1.3.0-334413", (None, "AR5-100"), "GWP AR5-100, not re-based"),
        ("tw-grid-2017", (None, "unknown"), "GWP set unknown, not re-based"),
        ("mee-grid-2023-CN-GD", (None, None), "= CO2e"),
        (
            "uk2024-uk_electricity-electricity_generated-electricity_uk-kwh",
            ("AR6-100", None),
            "gases weighted by GWP AR6-100",
        ),
    ],
)
def test_show_states_the_gwp_set_that_the_co2e_stands_on(
    factor: str, sets: tuple[str | None, str | None], told_so: str, linyin: Linyin
) -> None:
    shown = " ".join(linyin("factors", "show", factor).stdout.split())
    total = told(linyin("factors", "show", factor, "--json"))["factor"]["total_co2e"]

    assert told_so in shown
    assert ("AR6-100" in shown) == (sets[0] == "AR6-100")
    assert (total["gwp"], total["gwp_of_publisher"]) == sets


@pytest.mark.skipif(
    "LINYIN_TEST_DATA" not in os.environ, reason="LINYIN_TEST_DATA names no folder of files"
)
def test_a_publishers_file_becomes_factors_that_a_folder_uses(
    folder: UserFolder, linyin: Linyin
) -> None:
    file = next(Path(os.environ["LINYIN_TEST_DATA"]).glob("epa_supplychain*.csv"))
    target = folder.path / "factors-epa.csv"

    answer = told(
        linyin("factors", "import", file, "--publisher", "epa", "--out", target, "--json")
    )

    with target.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert answer["factors"] == len(rows) > 100
    found = linyin("factors", "show", rows[0]["factor_id"], "--folder", folder.path, "--json")
    assert told(found)["factor"]["factor_id"] == rows[0]["factor_id"]
    again = linyin("factors", "import", file, "--publisher", "epa", "--out", target, "--json")
    assert told(again)["findings"][0]["code"] == "path-exists"


GAS = ("natural_gas", "--place", "CN-GD", "--unit", "GJ_net", "--year", 2023)


def test_the_technology_that_a_method_assumes_is_asked_for_and_said(
    folder: UserFolder, linyin: Linyin
) -> None:
    folder.write(
        activities="external_id,site,source_type,item,period,quantity,unit\n"
        "g1,SZ,stationary_combustion,natural_gas,2023,10,GJ_net\n"
    )
    out = folder.path.parent / "b"
    assert linyin("calculate", folder.path, "--year", 2023, "--out", out).exit_code == 0
    traced = told(linyin("trace", out, "activities/g1", "--json"))["traced"]
    used = next(one["factor"] for one in traced if one["entry"]["line"] == "1.1")

    answer = told(linyin("factors", "explain", *GAS, "--json"))
    shown = linyin("factors", "explain", *GAS).stdout

    assert answer["winner"] == used["factor_id"]
    assert answer["default_technology"] == "manufacturing"
    assert "assumes manufacturing" in shown


def test_another_source_type_assumes_another_technology(linyin: Linyin) -> None:
    asked = ("diesel", "--unit", "L", "--year", 2023, "--json")

    burnt = told(linyin("factors", "explain", *asked))
    driven = told(linyin("factors", "explain", *asked, "--source-type", "mobile_combustion"))

    assert (burnt["default_technology"], driven["default_technology"]) == ("manufacturing", "road")
    assert burnt["winner"] != driven["winner"]


def test_a_technology_that_is_asked_for_is_not_replaced(linyin: Linyin) -> None:
    answer = told(linyin("factors", "explain", *GAS, "--technology", "commercial", "--json"))

    assert answer["default_technology"] is None
    assert answer["ranked"][0]["technology"] == "commercial"


def test_explain_asks_with_the_boundary_of_the_source_types_method(linyin: Linyin) -> None:
    asked = ("steel", "--unit", "t", "--year", 2024, "--json")

    bought = told(linyin("factors", "explain", *asked, "--source-type", "goods"))
    thrown = linyin(
        "factors", "explain", *asked, "--source-type", "waste", "--technology", "landfill"
    )

    assert {factor["use"] for factor in bought["ranked"]} == {"goods"}
    assert {factor["use"] for factor in told(thrown)["ranked"]} == {"waste"}
