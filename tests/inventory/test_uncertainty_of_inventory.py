"""Intervals of rows, factors and inputs, combined over an inventory."""

from __future__ import annotations

import math

import pytest

from builders import FolderBuilder
from linyin.inventory.uncertainty import aggregates, assess, trend_between
from linyin.lake import BadInput


def rows(folder: FolderBuilder, count: int, *, shared: bool, half_width: float = 10) -> None:
    """Rows of one tonne whose quantities are sure, on one factor or on one each."""
    folder.company("S")
    for number in range(count):
        item = "x" if shared else f"x{number}"
        if number == 0 or not shared:
            folder.factor(
                f"f{number}", use="process", item=item, unit="t", co2_kg="1000",
                uncertainty_pct=half_width,
            )  # fmt: skip
        folder.activity(
            f"r{number}", source_type="process", item=item, quantity=1, unit="t",
            uncertainty_pct=0,
        )  # fmt: skip


@pytest.mark.parametrize(("shared", "expected"), [(True, 0.10), (False, 0.10 / math.sqrt(100))])
def test_errors_add_up_on_a_shared_factor_and_cancel_on_distinct_ones(folder, shared, expected):
    rows(folder, 100, shared=shared)

    result = assess(folder.calculate(2023))

    assert result.approach1.relative == pytest.approx(expected, rel=1e-9)


def test_quantity_and_factor_combine_as_a_product(folder):
    folder.company("S")
    folder.factor("f", use="process", item="x", unit="t", co2_kg="1000", uncertainty_pct=10)
    folder.activity("r", source_type="process", item="x", quantity=1, unit="t", uncertainty_pct=5)

    assert assess(folder.calculate(2023)).approach1.relative == pytest.approx(0.111803, rel=1e-5)


def test_one_lifetime_shared_by_many_products_errs_for_all_of_them(folder):
    folder.company("S")
    folder.config["uncertainty"] = {"lifetime": 20, "power": 0, "hours_per_year": 0}
    for number in range(50):
        place = f"p{number}"
        folder.factor(
            f"grid{number}", use="grid", item=f"power{number}", unit="kWh", co2_kg="1",
            uncertainty_pct=10,
        )  # fmt: skip
        folder.activity(
            place, source_type="product_use", item=f"power{number}", technology="router",
            quantity=1, unit="piece", power="1 kW", hours_per_year="1000 h/year",
            lifetime="1 year", uncertainty_pct=0,
        )  # fmt: skip

    result = assess(folder.calculate(2023))

    assert result.approach1.relative == pytest.approx(math.sqrt(0.2**2 + 0.1**2 / 50), rel=1e-6)


def test_wide_interval_brings_a_warning_and_the_simulation(folder):
    rows(folder, 1, shared=True, half_width=50)

    result = assess(folder.calculate(2023), draws=20_000)

    assert result.approach1.warnings
    assert result.approach2 is not None


def test_factor_without_an_interval_has_a_labelled_default(folder):
    folder.company("S")
    folder.factor("f", use="process", item="x", unit="t", co2_kg="1000", quality="1 1 1 1 1")
    folder.activity("r", source_type="process", item="x", quantity=1, unit="t", uncertainty_pct=0)

    result = assess(folder.calculate(2023))

    assert result.defaulted == 1.0
    assert result.quality is not None
    assert result.quality.overall == 1.0
    assert result.approach1.relative == pytest.approx(0.05, rel=1e-6)


def test_same_factor_in_both_years_errs_alike_so_that_no_change_is_sure(folder):
    rows(folder, 3, shared=True)
    for row in list(folder.tables["activities"]):
        before = {**row, "period": "2022", "external_id": f"{row['external_id']}-2022"}
        folder.add("activities", **before)

    year, base = folder.calculate_all(2023, 2022)

    change = trend_between(base, year)
    assert change.change == pytest.approx(0.0)
    assert change.half_width == pytest.approx(0.0, abs=1e-12)


def test_aggregates_are_few_however_many_rows_there_are(folder):
    rows(folder, 200, shared=True)

    assert len(aggregates(folder.calculate(2023))) == 1


def test_stated_uncertainty_of_gwps_errs_for_all_gases_but_co2_at_once(folder):
    folder.company("S")
    folder.config["uncertainty"] = {"gwp": 40}
    for item, gas in (("a", "ch4_kg"), ("b", "n2o_kg"), ("c", "co2_kg")):
        folder.factor(item, use="process", item=item, unit="t", **{gas: 1}, uncertainty_pct="0.001")
        folder.activity(
            item, source_type="process", item=item, quantity=1, unit="t", uncertainty_pct=0
        )

    inventory = folder.calculate(2023)

    other = inventory.total("location") - 1_000_000
    expected = 0.4 * other / inventory.total("location")
    assert assess(inventory).approach1.relative == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("megatonnes", [4, 50])
def test_row_divided_for_its_mass_is_as_unsure_as_a_whole_one(folder, megatonnes):
    folder.company("S")
    folder.factor("f", use="process", item="x", unit="t", co2_kg="1000", uncertainty_pct="0.001")
    folder.activity(
        "r", source_type="process", item="x", quantity=megatonnes * 1_000_000, unit="t",
        uncertainty_pct=10,
    )  # fmt: skip

    assert assess(folder.calculate(2023)).approach1.relative == pytest.approx(0.10, rel=1e-4)


def test_row_on_several_pieces_of_time_is_as_unsure_as_a_whole_one(folder):
    folder.packs(("mee-grid-2021-2023",)).company("S").electricity("S", 10, uncertainty_pct=10)
    for month in (3, 6, 9):
        folder.certificates("G", 0, begin=f"2023-{month:02}-01", end=f"2023-{month + 1:02}-01")
    folder.config["uncertainty"] = {}
    inventory = folder.calculate(2023)

    shares = {c.name: c.half_width for c in assess(inventory).approach1.contributions}

    own = next(half for name, half in shares.items() if "factor:" not in name and half)
    assert own == pytest.approx(0.10 * inventory.scope(2, "location") / 1e9, rel=0.1)


def fleets(folder: FolderBuilder, count: int, group_of) -> FolderBuilder:
    """Rows of one piece on factors of ± 10 % each; lifetimes of ± 20 %, all else sure."""
    folder.company("S")
    folder.config["uncertainty"] = {"lifetime": 20, "power": 0, "hours_per_year": 0}
    for number in range(count):
        folder.factor(
            f"grid{number}", use="grid", item=f"power{number}", unit="kWh", co2_kg="1",
            uncertainty_pct=10,
        ).activity(
            f"p{number}", source_type="product_use", item=f"power{number}", quantity=1,
            unit="piece", power="1 kW", hours_per_year="1000 h/year", lifetime="1 year",
            uncertainty_pct=0, correlation_group=group_of(number),
        )  # fmt: skip
    return folder


SHARED = math.sqrt(0.2**2 + 0.1**2 / 1000)
APART = math.sqrt((0.2**2 + 0.1**2) / 1000)
HALVES = math.sqrt(0.2**2 / 2 + 0.1**2 / 1000)


@pytest.mark.parametrize(
    ("group_of", "expected"),
    [
        (lambda _: "", APART),
        (lambda _: "plan", SHARED),
        (lambda _: "lifetime:plan", SHARED),
        (lambda _: "hours_per_year:plan", APART),
        (lambda number: f"p{number % 2}", HALVES),
        (lambda number: f"lifetime:p{number % 2} hours_per_year:office", HALVES),
        (lambda number: f"lifetime:p{number}", APART),
    ],
    ids=["none", "all inputs", "lifetime", "another input", "two", "two lifetimes", "each its own"],
)
def test_a_thousand_rows_on_distinct_factors_err_with_the_group_that_they_name(
    folder, group_of, expected
):
    inventory = fleets(folder, 1000, group_of).calculate(2023)

    first = assess(inventory, draws=100_000, simulate_always=True)

    assert first.approach1.relative == pytest.approx(expected, rel=1e-6)
    assert first.approach2 is not None
    half = (first.approach2.high - first.approach2.low) / 2 / first.approach2.point
    assert half == pytest.approx(expected, rel=0.02)


def test_a_group_of_one_name_errs_across_years(folder):
    fleets(folder, 3, lambda _: "plan")
    for row in list(folder.tables["activities"]):
        folder.add(
            "activities", **{**row, "period": "2022", "external_id": f"{row['external_id']}-"}
        )

    year, base = folder.calculate_all(2023, 2022)

    assert trend_between(base, year).half_width == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("group", "code"),
    [
        ("lifespan:plan", "correlation-group-broken"),
        ("lifetime:", "correlation-group-broken"),
        ("plan fleet", "correlation-group-broken"),
        ("lifetime:a lifetime:b", "correlation-group-broken"),
        ("uses:plan", "correlation-group-unstated"),
    ],
)
def test_a_group_that_means_no_input_of_its_row_is_an_error_at_its_cell(folder, group, code):
    fleets(folder, 2, lambda number: group if number else "")

    with pytest.raises(BadInput) as caught:
        folder.calculate(2023)

    found = [(f.code, f.at.row, f.at.column) for f in caught.value.findings]
    assert found == [(code, 3, "correlation_group")]


def test_a_group_of_a_row_without_inputs_is_an_error(folder):
    rows(folder, 1, shared=True)
    folder.tables["activities"][0]["correlation_group"] = "plan"

    with pytest.raises(BadInput) as caught:
        folder.calculate(2023)

    assert [f.code for f in caught.value.findings] == ["correlation-group-unstated"]


def test_a_group_changes_no_digit_of_the_inventory(folder, tmp_path):
    plain = fleets(folder, 3, lambda _: "").calculate(2023)
    named = fleets(FolderBuilder(tmp_path / "named"), 3, lambda _: "plan").calculate(2023)

    assert named.manifest.content == plain.manifest.content
