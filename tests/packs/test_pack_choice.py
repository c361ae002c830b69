"""What the chooser finds in the packs for plain questions."""

from datetime import date

import pytest

from linyin.ledger.catalog import Catalog, load_packs
from linyin.ledger.choose import Choice, Query, choose
from linyin.ledger.units import parse
from linyin.organization.places import place_path
from packs import table

PARENTS = {row["place"]: row["parent"] for row in table("places") if row["place"] != "world"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(load_packs())


def ask(catalog, item, place, year, **other) -> Choice:
    question = {
        "uses": ("grid",),
        "unit": parse("kWh"),
        "boundaries": ("combustion",),
        "bases": ("average",),
        "pin": date(2026, 12, 31),
    }
    return choose(
        catalog,
        Query(item=item, places=tuple(place_path(place, PARENTS)), year=year, **question | other),
    )


@pytest.mark.parametrize(
    ("place", "year", "factor"),
    [
        ("CN-GD", 2023, "mee-grid-2023-CN-GD"),
        ("CN-GD", 2021, "mee-grid-2021-CN-GD"),
        ("CN-NM.east", 2022, "mee-grid-2022-CN-NM"),
        ("CN.south", 2022, "mee-grid-2022-CN.south"),
        ("CN", 2023, "mee-grid-2023-CN"),
        ("TW", 2023, "tw-grid-2023"),
    ],
)
def test_a_location_gets_the_nearest_grid_of_its_year(catalog, place, year, factor):
    choice = ask(catalog, "electricity", place, year)

    assert choice.winner is not None
    assert choice.winner.factor_id == factor


def test_the_residual_of_any_province_is_the_national_one(catalog):
    winner = ask(catalog, "electricity", "CN-GD", 2023, bases=("residual",)).winner

    assert winner is not None
    assert winner.factor_id == "mee-grid-2023-CN-residual"


@pytest.mark.parametrize("boundaries", [("combustion",), ("combustion", "total")])
def test_tibet_has_no_grid_factor(catalog, boundaries):
    choice = ask(catalog, "electricity", "CN-XZ", 2023, boundaries=boundaries)

    assert choice.ranked == ()


def test_macau_has_only_its_own_life_cycle_factor(catalog):
    assert ask(catalog, "electricity", "MO", 2023).ranked == ()
    winner = ask(catalog, "electricity", "MO", 2022, boundaries=("combustion", "total")).winner

    assert winner is not None
    assert winner.place == "MO"
    assert winner.boundary == "total"


def test_every_country_of_the_packs_has_one_winner_each_year(catalog):
    for place in sorted({f.place for f in catalog.factors if f.use == "grid" and f.place != "HK"}):
        for year in (2021, 2022, 2023):
            choice = ask(catalog, "electricity", place, year, boundaries=("combustion", "total"))
            assert choice.tied == (), (place, year)


@pytest.mark.parametrize(
    ("item", "unit", "default", "factor"),
    [
        ("diesel", "L", "road", "ipcc-2006-diesel-road-per-l"),
        ("natural_gas", "Nm3", "manufacturing", "ipcc-2006-natural_gas-manufacturing-per-nm3"),
        ("anthracite", "t", "manufacturing", "ipcc-2006-anthracite-manufacturing-per-t"),
    ],
)
def test_fuels_burnt_in_china_find_the_guidelines(catalog, item, unit, default, factor):
    choice = ask(
        catalog, item, "CN-GD", 2023, uses=("fuel",), unit=parse(unit), default_technology=default
    )

    assert choice.winner is not None
    assert choice.winner.factor_id == factor


@pytest.mark.parametrize("item", ["R410A", "R32", "HFC-134a", "SF6", "R22", "NF3"])
def test_refrigerants_are_found_by_number_and_by_gas(catalog, item):
    winner = ask(catalog, item, "CN-GD", 2023, uses=("fugitive",), unit=parse("kg")).winner

    assert winner is not None
    assert winner.pack == "ashrae-refrigerants-34"
