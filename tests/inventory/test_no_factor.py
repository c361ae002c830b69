"""What is said where no factor fits: the nearest miss, and how to mend it."""

from __future__ import annotations

import pytest

from builders import FolderBuilder
from linyin.inventory.dryrun import check
from linyin.lake import BadInput, Finding, render_finding
from linyin.ledger import load_packs, near_items


def refused(folder: FolderBuilder, **cells: object) -> Finding:
    """The one error of a folder with one row, on the packs that come with the program."""
    folder.company().packs()
    row = {"source_type": "stationary_combustion", "quantity": 1}
    with pytest.raises(BadInput) as caught:
        folder.activity("r", **(row | cells)).calculate()
    (finding,) = (f for f in caught.value.findings if f.severity == "error")
    return finding


def test_plain_heat_of_a_fuel_asks_for_its_calorific_basis_not_for_another_dimension(folder):
    finding = refused(folder, item="natural_gas", unit="GJ")

    assert finding.code == "factor-basis"
    assert (finding.fields["unit"], finding.fields["factor_unit"]) == ("GJ", "GJ net")
    assert "GJ net or GJ gross" in render_finding(finding, "en")
    assert "GJ net（低位）或 GJ gross（高位）" in render_finding(finding, "zh")


def test_a_unit_of_another_dimension_is_still_named_so(folder):
    assert refused(folder, item="coking_coal", unit="m3").code == "factor-unit"


def test_an_unknown_technology_names_those_that_the_item_has(folder):
    finding = refused(folder, item="coking_coal", unit="t", technology="boilr")

    assert finding.code == "factor-technology"
    choices = str(finding.fields["choices"]).split(", ")
    assert choices == ["commercial", "energy_industries", "manufacturing", "residential"]


def test_a_technology_that_is_there_in_another_dimension_is_a_matter_of_the_unit(folder):
    folder.factor("f", use="fuel", item="peat", technology="kiln", unit="t", co2_kg="1")
    folder.factor("g", use="fuel", item="peat", technology="boiler", unit="m3", co2_kg="1")

    finding = refused(folder, item="peat", unit="m3", technology="kiln")

    assert (finding.code, finding.fields["factor"]) == ("factor-unit", "f")


@pytest.mark.parametrize(
    ("item", "meant"),
    [("diesal", "diesel"), ("天然汽", "natural_gas"), ("naturalgas", "natural_gas")],
)
def test_an_item_that_is_none_is_asked_whether_it_means_one_called_nearly_so(folder, item, meant):
    finding = refused(folder, item=item, unit="t")

    assert finding.code == "factor-missing-near"
    assert str(finding.fields["choices"]).split(", ")[0] == meant


def test_an_item_like_no_other_is_only_missing(folder):
    finding = refused(folder, item="xyzzy", unit="t")

    assert finding.code == "factor-missing"


def test_only_items_that_the_method_can_use_are_offered(folder):
    finding = refused(folder, item="steal", unit="t", source_type="goods")

    assert "steel" in str(finding.fields["choices"]).split(", ")
    assert "steam" not in str(finding.fields["choices"]).split(", ")


@pytest.mark.parametrize(
    ("item", "source_type", "unit", "units", "meant"),
    [
        ("钢材", "goods", "元", "t", "naics_331110"),
        ("飞机", "business_travel", "万元", "person·km", "naics_481111"),
    ],
)
def test_an_item_without_a_factor_for_money_is_told_with_those_that_have_one(
    folder, item, source_type, unit, units, meant
):
    prices(folder)

    finding = refused(folder, item=item, unit=unit, source_type=source_type)

    assert finding.code == "factor-use"
    assert units in str(finding.fields["units"]).split(", ")
    assert meant in str(finding.fields["choices"]).split(", ")
    assert item in render_finding(finding, "zh")


def test_a_word_for_a_good_is_answered_with_what_a_search_for_it_finds(folder):
    prices(folder)

    finding = refused(folder, item="铝板", unit="元", source_type="goods")

    assert finding.code == "factor-missing-near"
    assert finding.fields["choices"] == "naics_331315"


def prices(folder: FolderBuilder) -> None:
    usual = {"from": "USD", "source": "test"}
    folder.add("rates", kind="exchange", to="CNY", year=2023, value=7, **usual)
    for year, level in ((2022, 100), (2023, 104)):
        folder.add("rates", kind="price_index", year=year, value=level, **usual)


@pytest.mark.parametrize("item", ["", "铝板"])
def test_the_rates_that_any_factor_for_money_needs_are_told_before_the_item_is(folder, item):
    folder.company("S").packs().config["policies"] = {"spend": "gross"}
    folder.activity("a", source_type="goods", item=item, quantity=1, unit="元")

    errors = [f for f in check(folder.write()).findings if f.severity == "error"]

    lacking = {(f.fields["kind"], f.fields["year"]) for f in errors if f.code == "rate-missing"}
    assert lacking == {
        ("vat", 2023), ("exchange", 2023), ("price_index", 2022), ("price_index", 2023)
    }  # fmt: skip
    others = {f.code for f in errors} - {"rate-missing"}
    assert others == {"value-missing" if not item else "factor-missing-near"}


def rates_asked(findings) -> dict[tuple[object, ...], tuple[object, ...]]:
    """Kind, pair and year of each missing rate → items, rows and the row told; none twice."""
    lacking = [f for f in findings if f.code == "rate-missing" and f.severity == "error"]
    told = {
        (f.fields["kind"], f.fields["pair"], f.fields["year"]): (
            f.fields["item"], f.fields["rows"], f.at.file, f.at.row
        )
        for f in lacking
    }  # fmt: skip
    assert len(told) == len(lacking)
    return told


def test_a_missing_rate_is_one_error_whatever_number_of_items_needs_it(folder):
    folder.company("S").packs().config["policies"] = {"spend": "gross"}
    for n, item in enumerate(("zinc_thing", "", "wires", "abrasive", "铝板", "zinc_thing")):
        folder.activity(f"r{n}", source_type="goods", item=item, quantity=1 + n, unit="元")

    told = rates_asked(check(folder.write()).findings)

    usual = ("-, abrasive, wires, zinc_thing, 铝板", 6, "activities.csv", 2)
    assert told == {
        ("vat", "CN", 2023): usual,
        ("exchange", "CNY USD", 2023): usual,
        ("price_index", "USD", 2022): usual,
        ("price_index", "USD", 2023): usual,
    }


def test_a_rate_that_several_years_need_is_one_error_with_the_rows_of_them_all(folder):
    folder.company("S").packs()
    for n, (item, period) in enumerate((("wires", "2024"), ("abrasive", "2023"), ("zinc", "2024"))):
        folder.activity(
            f"r{n}", source_type="goods", item=item, quantity=1, unit="元", period=period
        )

    told = rates_asked(check(folder.write()).findings)

    assert told["price_index", "USD", 2022] == ("abrasive, wires, zinc", 3, "activities.csv", 2)
    assert told["price_index", "USD", 2023] == ("abrasive", 1, "activities.csv", 3)
    assert told["exchange", "CNY USD", 2024] == ("wires, zinc", 2, "activities.csv", 2)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("stainless_steel_sheet", "steel"), ("钢板", "steel"), ("电费", "electricity"),
     ("商务舱机票", "flight")],
)  # fmt: skip
def test_words_speak_of_items_in_both_languages(word, meant):
    assert meant in near_items(load_packs(), word)


def test_a_word_that_speaks_of_nothing_is_like_nothing():
    assert near_items(load_packs(), "xyzzy") == []


def test_a_factor_of_another_country_or_for_another_use_is_counted_as_what_does_not_fit(folder):
    folder.factor("there", use="fuel", item="bagasse", unit="kg", place="GB", co2_kg="1")
    folder.factor("other", use="goods", item="bagasse", unit="kg", place="CN", co2_kg="1")

    finding = refused(folder, item="bagasse", unit="kg")

    assert (finding.code, finding.fields["reasons"]) == ("factor-missing", "place 1, use 1")


def test_a_missing_supply_chain_counts_the_factors_of_other_places_too(folder):
    folder.company().packs([])
    folder.factor("f", use="fuel", item="peat", unit="kg", place="CN", co2_kg="1")
    folder.factor("u", use="fuel", item="peat", unit="kg", place="GB", co2_kg="1",
                  boundary="upstream")  # fmt: skip
    folder.activity("r", source_type="stationary_combustion", item="peat", quantity=1, unit="kg")

    findings = folder.calculate().findings

    (finding,) = (f for f in findings if f.code == "upstream-factor-missing")
    assert finding.fields["reasons"] == "boundary 1, place 1"


def test_an_item_that_is_there_for_another_use_is_not_said_to_be_called_otherwise(folder):
    folder.factor("other", use="end_of_life", item="plastic_tub", unit="kg", co2_kg="1")

    finding = refused(folder, item="plastic_tub", unit="kg", source_type="goods")

    assert (finding.code, finding.fields["reasons"]) == ("factor-missing", "use 1")


@pytest.mark.parametrize(("years", "asked"), [((2021, 2023), True), ((2021, 2024), False)])
def test_factors_as_far_before_as_after_are_asked_about(folder, years, asked):
    folder.company("S")
    for year in years:
        folder.factor(f"f-{year}", use="fuel", item="diesel", unit="L", co2_kg="1", data_year=year)
    folder.activity(
        "d", source_type="mobile_combustion", item="diesel", quantity=1, unit="L", period="2022"
    )

    found = [f for f in folder.calculate(2022).findings if f.code == "factor-year-tied"]

    told = [(f.severity, f.fields["factor"], f.fields["other"], f.fields["year"]) for f in found]
    assert told == [("question", "f-2021", "f-2023", 2022)] * asked
