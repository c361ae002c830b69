"""Grids: values of the notices, bases kept apart, no silent national for others."""

from collections import defaultdict
from decimal import Decimal

import pytest

from linyin.organization.places import place_path
from packs import by_id, table

MEE = by_id("mee-grid-2021-2023")
EMBER = [*table("ember-world-0.12.2"), *table("ember-world-0.16.8")]
NATIONAL = {  # notices 2024 no. 12, 2024 no. 33, 2025 no. 47
    "2021": ("0.5568", "0.5942", "2024-04-12"),
    "2022": ("0.5366", "0.5856", "2024-12-26"),
    "2023": ("0.5306", "0.6096", "2025-12-31"),
}


def location(rows):
    return [
        row
        for row in rows
        if (row["item"], row["technology"], row["boundary"], row["basis"])
        == ("electricity", "", "combustion", "average")
    ]


def test_guangdong_2023_is_the_notices_value():
    row = MEE["mee-grid-2023-CN-GD"]

    assert (row["co2_kg"], row["unit"], row["place"]) == ("0.4419", "kWh", "CN-GD")
    assert (row["basis"], row["boundary"], row["published"]) == (
        *("average", "combustion", "2025-12-31"),
    )


@pytest.mark.parametrize(("year", "values"), NATIONAL.items())
def test_national_average_and_residual_are_the_notices_values(year, values):
    average, residual, published = values

    assert MEE[f"mee-grid-{year}-CN"]["co2_kg"] == average
    assert MEE[f"mee-grid-{year}-CN-residual"]["co2_kg"] == residual
    assert MEE[f"mee-grid-{year}-CN-residual"]["basis"] == "residual"
    assert MEE[f"mee-grid-{year}-CN"]["published"] == published


@pytest.mark.parametrize("year", NATIONAL)
def test_each_year_has_the_country_7_grids_and_30_provinces(year):
    places = {row["place"] for row in location(MEE.values()) if row["data_year"] == year}

    assert len(places) == 1 + 7 + 30
    assert "CN-XZ" not in places


def test_location_factors_of_the_notices_are_co2_only():
    gases = ("ch4_kg", "n2o_kg", "co2e_kg", "species")

    assert not any(row[gas] for row in location(MEE.values()) for gas in gases)


def test_no_national_row_covers_tibet():
    national = [
        row for row in MEE.values() if row["place"] == "CN" and row["item"] == "electricity"
    ]

    assert all(row["excludes"] == "CN-XZ" for row in national)
    assert national


def test_a_province_lies_between_its_grids_extremes_or_near():
    """A grid mixes its provinces: it is never outside all of them."""
    parents = {r["place"]: r["parent"] for r in table("places") if r["place"] != "world"}
    provinces = defaultdict(list)
    for row in location(MEE.values()):
        if row["place"].startswith("CN-"):
            grid = place_path(row["place"], parents)[1]
            provinces[grid, row["data_year"]].append(Decimal(row["co2_kg"]))
    for row in location(MEE.values()):
        if row["place"].startswith("CN."):
            inside = provinces[row["place"], row["data_year"]]
            assert min(inside) < Decimal(row["co2_kg"]) < max(inside), row["factor_id"]


def test_other_bases_cannot_be_taken_for_the_average():
    for row in MEE.values():
        if row["factor_id"].startswith("mee-ets"):
            assert row["item"] == "electricity_ets"
        if "margin" in row["factor_id"]:
            assert row["basis"] == "marginal"
        if "footprint" in row["factor_id"]:
            assert row["boundary"] == "total"
            assert row["co2e_kg"]
        if "fossil" in row["factor_id"]:
            assert row["item"] == "electricity_fossil"
    values = {row["co2_kg"] for row in location(MEE.values())}
    assert not values & {"0.6101", "0.581", "0.5703", "0.8042", "0.6205", "0.5777"}


def test_sichuan_and_chongqing_have_the_central_margin_of_2019():
    for place in ("CN.central", "CN.southwest"):
        assert MEE[f"mee-operating-margin-2019-{place}"]["co2_kg"] == "0.8587"


def test_hong_kong_has_each_utility_by_place_and_by_supplier():
    rows = by_id("utilities-grid-tw-hk")
    average, supplier = rows["hk-grid-2019-clp"], rows["hk-grid-2019-clp-supplier"]

    assert (average["place"], average["basis"], average["supplier"]) == ("HK.clp", "average", "")
    assert (supplier["place"], supplier["basis"], supplier["supplier"]) == ("HK", "supplier", "CLP")
    assert average["co2_kg"] == supplier["co2_kg"] == "0.49"
    assert rows["hk-grid-2019-hke"]["co2e_kg"] == "0.81"


def test_taiwan_has_its_own_row_for_each_year_and_macau_none_but_a_life_cycle():
    rows = table("utilities-grid-tw-hk")
    taiwan = {row["data_year"]: row["co2e_kg"] for row in rows if row["place"] == "TW"}

    assert {year: taiwan[year] for year in ("2021", "2022", "2023")} == {
        "2021": "0.509",
        "2022": "0.495",
        "2023": "0.494",
    }
    assert "MO" not in {row["place"] for row in rows}
    assert {row["boundary"] for row in EMBER if row["place"] == "MO"} == {"total"}


def test_ember_is_life_cycle_co2e_of_about_200_countries():
    assert len({row["place"] for row in EMBER}) >= 200
    assert {(r["boundary"], r["basis"], r["gwp_set"], r["unit"]) for r in EMBER} == {
        ("total", "average", "unknown", "kWh")
    }
    assert all(row["co2e_kg"] for row in EMBER)
    assert "CC-BY" in {row["licence"] for row in EMBER}.pop()


def test_ember_has_no_world_and_no_china():
    assert not {"world", "CN"} & {row["place"] for row in EMBER}


def test_ember_has_one_row_a_country_and_year_and_no_year_after_its_release():
    keys = [(row["place"], row["data_year"]) for row in EMBER]

    assert len(set(keys)) == len(keys)
    assert all(int(row["data_year"]) < int(row["published"][:4]) for row in EMBER)


@pytest.mark.parametrize(
    ("place", "year", "value"),
    # as the project's repository prints them with their years
    [
        *[("DE", "2024", "0.34414"), ("US", "2022", "0.38598"), ("VN", "2022", "0.4098")],
        *[("BH", "2023", "0.90241"), ("UA", "2022", "0.25621"), ("ES", "2024", "0.14615")],
    ],
)
def test_ember_values_stand_in_the_year_that_their_source_states(place, year, value):
    row = next(r for r in EMBER if (r["place"], r["data_year"]) == (place, year))

    assert row["co2e_kg"] == value
    assert "not stated" not in row["note"]


def test_a_year_that_no_source_states_is_said_to_be_derived():
    derived = [row for row in EMBER if "year not stated" in row["note"]]

    assert {(row["data_year"], row["release"]) for row in derived} == {("2023", "@tgwf/co2 0.16.4")}
    assert len(derived) < len(EMBER) / 10
