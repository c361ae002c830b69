"""A continuous source of which only a part of the year is there."""

import pytest


@pytest.mark.parametrize("period", ["2023-Q1", "2023-01", "2023-01-31"])
def test_a_part_of_the_year_is_told_with_the_days_that_are_missing(company, period):
    company.month(1, 100, period=period, named="first")

    (finding,) = company.found("period-uncovered")

    assert (finding.severity, finding.at.row) == ("warning", 2)
    assert finding.fields["source"] == "S · electricity · electricity"
    assert finding.fields["gaps"].endswith("– 2023-12-31")


def test_two_months_of_gas_are_a_sixth_of_the_year(company):
    for month in (1, 2):
        company.month(
            month, 100, source_type="stationary_combustion", item="natural_gas", unit="GJ"
        )
    company.factor("gas", use="fuel", item="natural_gas", unit="GJ", co2_kg="56")

    (finding,) = company.found("period-uncovered")

    assert (finding.fields["covered"], finding.fields["gaps"]) == ("16", "2023-03-01 – 2023-12-31")


@pytest.mark.parametrize("periods", [["2023"], ["2023-H1", "2023-H2"], ["2023-H1", "2023-Q3",
                         "2023-10", "2023-11"]])  # fmt: skip
def test_nine_tenths_of_the_year_are_enough(company, periods):
    for period in periods:
        company.month(1, 100, period=period, named=period)

    assert company.examine("period-uncovered") == []


def test_a_site_that_was_there_for_a_quarter_needs_a_quarter(company):
    company.tables["organization"][1]["closed"] = "2023-04-01"

    assert company.month(1, 100, period="2023-Q1").examine("period-uncovered") == []


def test_what_reports_by_the_month_is_told_by_its_months_alone(company, even):
    company.months(even()[:6])

    assert company.examine("period-uncovered", "months-missing") == [("months-missing", 7)]


def test_fuel_bought_on_single_days_leaves_nothing_out(company):
    company.factor("f", use="fuel", item="diesel", unit="L", co2_kg="2.6")
    for day in ("2023-03-01", "2023-11-02"):
        company.month(
            1, 50, period=day, named=day, source_type="stationary_combustion", item="diesel",
            unit="L",
        )  # fmt: skip

    assert company.examine("period-uncovered") == []


def test_a_meter_that_covers_the_year_covers_its_site(company):
    company.month(1, 100, period="2023", named="A").month(1, 5, period="2023-Q1", named="B")

    assert company.examine("period-uncovered") == []
