"""What the UK and US packs say, against numbers printed by their publishers."""

import hashlib
from collections import Counter
from decimal import Decimal

import pytest
from uk_us import EPA, PACKS, UK, co2e, one, rows

from linyin.ledger.importers.row_check import problems
from linyin.ledger.units import parse

CHINESE_GAS = "uk2023-11_100_1004_7-cn_nm3"


@pytest.mark.parametrize("name", [*UK, EPA])
def test_rows_fit_the_schema_and_are_approved_from_a_file(name):
    for row in rows(name):
        assert problems(row) == [], row["factor_id"]
        evidence = "read" if row["factor_id"] == CHINESE_GAS else "file"
        assert (row["evidence"], row["status"]) == (evidence, "approved"), row["factor_id"]
        assert row["name_zh"], row["factor_id"]
        scores = row["quality"].split()
        assert len(scores) == 5, row["factor_id"]
        assert {int(score) for score in scores} <= {1, 2, 3, 4, 5}, row["factor_id"]


@pytest.mark.parametrize("name", [*UK, EPA])
def test_a_pack_has_the_bytes_of_its_release(name):
    release = next(row for row in rows("releases") if row["pack"] == name)

    assert hashlib.sha256((PACKS / f"{name}.csv").read_bytes()).hexdigest() == release["sha256"]


def test_no_two_rows_answer_one_question_in_convertible_units():
    questions = Counter(
        (
            *(row[c] for c in ("use", "item", "technology", "boundary", "basis", "place")),
            row["data_year"],
            parse(row["unit"]).dimensions,
            parse(row["unit"]).basis,
        )
        for name in (*UK, EPA)
        for row in rows(name)
    )

    assert [question for question, times in questions.items() if times > 1] == []


@pytest.mark.parametrize(
    ("pack", "cells", "published"),
    [
        ("uk-transport-2024", {"item": "road_freight", "unit": "t·km"}, "0.09752"),
        (
            "uk-transport-2024",
            {"item": "road_freight", "technology": "van_bev", "unit": "t·km"},
            "0.25438",
        ),
        ("uk-transport-2024", {"item": "rail_freight"}, "0.02779"),
        ("uk-transport-2024", {"item": "sea_freight"}, "0.01612"),
        ("uk-transport-2024", {"item": "air_freight"}, "0.64875"),
        ("uk-transport-2024", {"item": "flight", "technology": "short_haul_economy"}, "0.10794"),
        (
            "uk-transport-2024",
            {"item": "flight", "technology": "short_haul_economy_rf"},
            "0.18287",
        ),
        ("uk-transport-2024", {"item": "rail"}, "0.03546"),
        ("uk-transport-2024", {"item": "coach"}, "0.02717"),
        ("uk-transport-2024", {"item": "taxi", "unit": "person·km"}, "0.14861"),
        ("uk-transport-2024", {"item": "car", "unit": "vehicle·km"}, "0.16691"),
        (
            "uk-transport-2024",
            {"item": "car", "technology": "small_petrol", "unit": "km"},
            "0.1437",
        ),
        ("uk-transport-2024", {"item": "hotel", "place": "CN"}, "53.5"),
        ("uk-transport-2024", {"item": "hotel", "place": "GB", "technology": "london"}, "11.5"),
        ("uk-transport-2024", {"item": "homeworking"}, "0.33378"),
        (
            "uk-waste-water-materials-2024",
            {"use": "waste", "item": "steel", "technology": "landfill"},
            "8.88386",
        ),
        (
            "uk-waste-water-materials-2024",
            {"use": "waste", "item": "weee", "technology": "recycling"},
            "6.41061",
        ),
        ("uk-waste-water-materials-2024", {"use": "goods", "item": "steel"}, "2854.92"),
        ("uk-waste-water-materials-2024", {"item": "water_supply"}, "0.15311"),
        ("uk-waste-water-materials-2024", {"item": "wastewater"}, "0.18574"),
        ("uk-fuels-2024", {"item": "diesel", "unit": "L"}, "2.66155"),
        ("uk-fuels-2024", {"item": "natural_gas", "unit": "kWh gross"}, "0.1829"),
        ("uk-power-heat-2024", {"item": "electricity", "boundary": "combustion"}, "0.20705"),
        ("uk-power-heat-2024", {"item": "electricity", "boundary": "losses"}, "0.0183"),
        ("uk-wtt-2023", {"item": "electricity"}, "0.0459"),
        ("uk-wtt-2023", {"item": "lpg", "unit": "L"}, "0.18551"),
        (
            "uk-wtt-2023",
            {"item": "road_freight", "technology": "van_diesel", "unit": "t·km"},
            "0.13962",
        ),
        (EPA, {"item": "naics_334413"}, "0.215"),
    ],
)
def test_a_printed_factor_is_found_by_its_name(pack, cells, published):
    tolerance = max(Decimal(published) * Decimal("0.00006"), Decimal("0.000011"))

    assert abs(co2e(one(pack, **cells)) - Decimal(published)) <= tolerance


def test_an_average_blend_carries_its_biogenic_co2():
    litre = one("uk-fuels-2024", item="diesel", technology="biofuel_blend", unit="L")

    assert Decimal("0.155") < Decimal(litre["co2_biogenic_kg"]) < Decimal("0.165")


def test_flights_with_radiative_forcing_state_no_mass_of_co2():
    flights = [row for row in rows("uk-transport-2024") if row["item"] in {"flight", "air_freight"}]

    for row in flights:
        assert bool(row["co2_kg"]) != row["technology"].endswith("rf"), row["factor_id"]


def test_what_is_default_for_the_world_says_so_and_scores_low():
    for name in (*UK, EPA):
        for row in rows(name):
            if row["place"] == "world":
                assert "average used as world default" in row["note"], row["factor_id"]
                assert int(row["quality"].split()[3]) >= 4, row["factor_id"]
            elif row["factor_id"] != CHINESE_GAS:
                assert row["quality"].split()[3] == "1", row["factor_id"]


def test_power_heat_and_fuels_of_the_uk_do_not_answer_for_other_countries():
    for name in ("uk-fuels-2024", "uk-power-heat-2024", "uk-power-heat-2023"):
        assert {row["place"] for row in rows(name)} == {"GB"}


def test_well_to_tank_stands_in_a_pack_of_its_own():
    upstream = {name for name in UK for row in rows(name) if row["boundary"] == "upstream"}

    assert upstream == {"uk-wtt-2023"}
    assert {row["boundary"] for row in rows("uk-wtt-2023")} == {"upstream"}
    assert {row["data_year"] for row in rows("uk-wtt-2023")} == {"2023"}


def test_every_way_to_travel_or_carry_of_2023_has_its_well_to_tank():
    def ways(name):
        return {
            (row["use"], row["item"], row["technology"], row["unit"])
            for row in rows(name)
            if row["use"] in {"travel", "freight"}
        }

    without = ways("uk-transport-2024") - ways("uk-wtt-2023")

    assert {way[2] for way in without} == {"van_phev", "van_class_iii_phev"}  # new in 2024
    assert ways("uk-wtt-2023") <= ways("uk-transport-2024")


def test_a_vehicle_s_kilometre_is_a_kilometre_of_one_vehicle():
    for name in ("uk-transport-2024", "uk-wtt-2023"):
        packed = {row["factor_id"]: row for row in rows(name)}
        per_vehicle = {i: row for i, row in packed.items() if row["unit"] == "vehicle·km"}
        assert len(per_vehicle) > 100
        for factor_id, row in per_vehicle.items():
            twin = packed[f"{factor_id}-per_km"]
            assert (twin["unit"], co2e(twin)) == ("km", co2e(row))


def test_well_to_tank_of_chinese_gas_follows_from_its_heat_value():
    per_kwh = Decimal(one("uk-wtt-2023", item="natural_gas", unit="kWh net")["co2e_kg"])
    ncv = {
        Decimal(row["value"])
        for row in rows("fuel_defaults")
        if (row["fuel"], row["property"], row["unit"]) == ("natural_gas", "ncv", "GJ/Nm3")
    }

    gas = one("uk-wtt-2023", item="natural_gas", unit="Nm3")

    assert (gas["factor_id"], gas["place"], gas["evidence"]) == (CHINESE_GAS, "CN", "read")
    assert ncv == {Decimal("0.038931")}
    assert Decimal(gas["co2e_kg"]) == pytest.approx(
        per_kwh * Decimal("38.931") / Decimal("3.6"), rel=Decimal("0.0002")
    )


def test_spend_factors_are_per_dollar_of_2022_at_the_purchaser():
    spend = rows(EPA)

    assert len(spend) == 191
    assert {(row["unit"], row["currency_year"], row["price_basis"]) for row in spend} == {
        ("USD", "2022", "purchaser")
    }
    assert {row["gwp_set"] for row in spend} == {"AR5-100"}


def test_electric_power_has_no_spend_factor():
    assert not [row for row in rows(EPA) if row["item"].startswith("naics_2211")]
