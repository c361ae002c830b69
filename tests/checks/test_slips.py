"""Unit slips are named, noise is left alone."""

import itertools
import math
import random

import pytest

from linyin.inventory.checks import run_checks
from linyin.inventory.checks.slips import slip_of

GAS = {"source_type": "stationary_combustion", "item": "natural_gas", "unit": "Sm3"}


@pytest.fixture
def gas(company):
    return company.packs(None)


@pytest.mark.parametrize(
    ("factor", "code"),
    [
        (1e3, "slip-thousand"),
        (1e-3, "slip-thousand"),
        (1e4, "slip-ten-thousand"),
        (1e-4, "slip-ten-thousand"),
        (1e6, "slip-million"),
        (1e-6, "slip-million"),
        (3.6, "slip-kwh-mj"),
        (1 / 3.6, "slip-kwh-mj"),
    ],
)
def test_a_month_off_by_the_ratio_of_two_units_is_named(company, even, factor, code):
    values = [v * (1 + 0.03 * math.sin(7 * n)) for n, v in enumerate(even())]
    values[7] *= factor

    assert company.months(values).examine("unit-slips", "jumps") == [(code, 9)]


SLIPS = {
    "slip-thousand": 1e3,
    "slip-ten-thousand": 1e4,
    "slip-million": 1e6,
    "slip-kwh-mj": 3.6,
    "slip-gas-temperature": 293.15 / 273.15,
}
LEVELS = ("by the day", "by the month")


def slipped(company, even, *, year):
    """Sources of two levels, each off in one month by one slip, up or down; code of each."""
    expected = {}
    for level, (code, factor), month, up in itertools.product(
        LEVELS, SLIPS.items(), range(12), (True, False)
    ):
        values = even() if level == "by the day" else [3000.0] * 12
        number = len(expected)
        kind = GAS if code == "slip-gas-temperature" else {}
        if year == 2024 and level == "by the day":
            values[1] *= 29 / 28
        values[month] *= factor if up else 1 / factor
        company.months(values, named=f"N{number}", year=year, technology=f"n{number}", **kind)
        expected[f"N{number}-{year}-{month + 1:02}"] = code
    return expected


def named(company, findings):
    rows = company.tables["activities"]
    return {rows[f.at.row - 2]["external_id"]: f.code for f in findings}


def test_every_slip_is_named_in_every_month_whether_days_or_months_are_even(company, even):
    company.config["factors"] = {"packs": []}
    company.factor("grid", use="grid", item="electricity", unit="kWh", co2_kg="0.5", place="CN")
    company.factor("gas", use="fuel", item="natural_gas", unit="Sm3", co2_kg="2", place="CN")

    expected = slipped(company, even, year=2023)

    assert named(company, company.found("unit-slips", "jumps")) == expected


def test_every_slip_is_named_in_every_month_beside_last_year_too(company, even):
    company.config["factors"] = {"packs": []}
    company.factor("grid", use="grid", item="electricity", unit="kWh", co2_kg="0.5", place="CN")
    company.factor("gas", use="fuel", item="natural_gas", unit="Sm3", co2_kg="2", place="CN")
    expected = slipped(company, even, year=2024)
    for number, (level, slip, *_) in enumerate(
        itertools.product(LEVELS, SLIPS, range(12), (True, False))
    ):
        kind = GAS if slip == "slip-gas-temperature" else {}
        values = even() if level == "by the day" else [3000.0] * 12
        cells = kind | {"technology": f"n{number}"}
        company.months(values, named=f"N{number}", year=2023, **cells)

    before, now = company.calculate(2023), company.calculate(2024)

    assert named(company, run_checks(now, before, only=("unit-slips", "jumps"))) == expected


def test_wan_kwh_typed_as_kwh_states_what_was_expected(company, even):
    values = even(1000)
    values[7] = 3.1

    (finding,) = company.months(values).found("unit-slips")

    assert finding.code == "slip-ten-thousand"
    assert finding.fields["expected"] == "3.1e+04"
    assert (finding.at.file, finding.at.row, finding.at.column) == (
        "activities.csv",
        9,
        "quantity",
    )


@pytest.mark.parametrize("factor", [293.15 / 273.15, 273.15 / 293.15])
def test_gas_at_another_temperature_is_named_in_a_steady_source(gas, even, factor):
    values = even()
    values[7] *= factor

    assert gas.months(values, **GAS).examine("unit-slips") == [("slip-gas-temperature", 9)]


def test_seven_percent_of_power_is_no_slip(company, even):
    values = even()
    values[7] *= 293.15 / 273.15

    assert company.months(values).examine("unit-slips", "jumps") == []


def test_a_whole_year_off_by_ten_thousand_is_named_once(company, even):
    company.months(even(), year=2022).months(even(0.0102))

    (finding,) = company.found("unit-slips", previous=True)

    assert (finding.code, finding.fields["slip"]) == ("slip-of-source", "10000")


def test_a_yearly_row_off_by_a_thousand_is_named(company):
    company.month(1, 1000, named="a", period="2022").month(1, 1.1, named="b", period="2023")

    assert company.examine("unit-slips", "jumps", previous=True) == [("slip-of-source", 3)]


def test_a_season_is_no_slip_where_last_year_had_it_too(company, even):
    winter = [3.6 if month in (1, 2, 12) else 1.0 for month in range(1, 13)]
    values = [v * w for v, w in zip(even(), winter, strict=True)]
    company.months(values, year=2022).months(values)

    assert company.examine("unit-slips", "jumps", previous=True) == []


def test_a_season_of_several_months_is_no_slip_without_last_year(company, even):
    winter = [3.6 if month in (1, 2, 12) else 1.0 for month in range(1, 13)]

    assert (
        company.months([v * w for v, w in zip(even(), winter, strict=True)]).examine("unit-slips")
        == []
    )


def test_five_times_the_same_month_last_year_is_a_question(company, even):
    values = even()
    values[3] *= 5

    found = company.months(even(), year=2022).months(values).found("jumps", previous=True)

    assert [(f.code, f.severity, f.at.row) for f in found] == [("jump", "question", 17)]
    assert found[0].fields["against"] == "last-year"


def test_a_year_four_times_the_last_is_a_question_about_the_source(company, even):
    company.months(even(), year=2022).months(even(400))

    assert company.examine("jumps", previous=True) == [("jump-of-source", 14)]


@pytest.mark.parametrize("is_flat", [True, False])
def test_rows_by_the_month_after_a_row_of_the_whole_year_are_compared_by_the_day(
    company, even, is_flat
):
    months = [3000.0] * 12 if is_flat else even()
    company.month(1, 0.9 * sum(months), named="S-2022", period="2022").months(months)

    assert company.examine("jumps", "unit-slips", previous=True) == []


def test_a_whole_year_off_by_a_thousand_is_named_before_rows_by_the_month_too(company):
    company.month(1, 36.0, named="S-2022", period="2022").months([3000.0] * 12)

    assert company.examine("jumps", "unit-slips", previous=True) == [("slip-of-source", 3)]


def test_growth_by_a_third_is_no_jump(company, even):
    company.months(even(), year=2022).months(even(133))

    assert company.examine("jumps", "unit-slips", previous=True) == []


def test_a_reversal_is_no_slip(company, even):
    company.months(even())
    company.month(5, -3100, named="back", kind="reversal")

    assert company.examine("unit-slips", "jumps") == []


@pytest.mark.parametrize("spread", [0.01, 0.05, 0.1, 0.2, 0.4, 0.8])
def test_normal_noise_looks_like_a_slip_less_than_once_in_a_thousand(spread):
    random.seed(20230401)
    draws = 20_000

    hits = sum(
        slip_of(random.gauss(0, spread), spread, kind) is not None
        for kind in ("energy", "gas_volume")
        for _ in range(draws)
    )

    assert hits < 2 * draws / 1000


def test_realistic_series_raise_few_false_alarms(company):
    """300 sources: seasons up to threefold, noise of 3 to 25 %, growth, two years."""
    random.seed(7)
    series = 300
    for number in range(series):
        level = math.exp(random.gauss(8, 2))
        noise = random.uniform(0.03, 0.25)
        season = random.uniform(0, math.log(3) / 2)
        phase = random.uniform(0, 12)
        for year, growth in ((2022, 1.0), (2023, math.exp(random.gauss(0.03, 0.1)))):
            values = [
                level
                * growth
                * math.exp(
                    season * math.cos(2 * math.pi * (m - phase) / 12) + random.gauss(0, noise)
                )
                for m in range(1, 13)
            ]
            company.months(values, named=f"N{number}", year=year, technology=f"n{number}")
    company.config["factors"] = {"packs": []}
    company.factor("grid", use="grid", item="electricity", unit="kWh", co2_kg="0.5", place="CN")

    before, now = company.calculate(2022), company.calculate(2023)
    alone = run_checks(now, only=["unit-slips"])
    together = run_checks(now, before, only=["unit-slips"])
    asked = run_checks(now, before, only=["jumps"])

    assert len(alone) <= 0.01 * series
    assert len(together) <= 0.01 * series
    assert len(asked) <= 0.03 * series
