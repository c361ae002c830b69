"""Missing months, silent sources, totals beside parts, days without a site."""

import pytest

from linyin.inventory import run_checks


def test_a_month_without_a_row_is_missing(company, even):
    values = even()
    values[4] = None

    (finding,) = company.months(values).found("months-missing")

    assert (finding.code, finding.at.row) == ("months-missing", 5)
    assert finding.fields["months"] == "2023-05"


def test_twelve_months_are_whole(company, even):
    assert company.months(even()).examine("months-missing") == []


def test_a_run_of_one_entity_is_told_of_its_own_sites_only(company, even):
    company.node("E", "entity", parent="G", country="CN").node("F", "entity", parent="G")
    for row in company.tables["organization"]:
        row |= {"S": {"parent": "E"}, "T": {"parent": "F"}}.get(row["code"], {})
    values = even()
    values[4] = None
    company.months(values).months(values, site="T")

    runs = company.calculate_all(2023, entities=("G", "E", "F"))

    told = [
        sorted(str(f.fields["source"])[0] for f in run_checks(run, only=("months-missing",)))
        for run in runs
    ]
    assert told == [["S", "T"], ["S"], ["T"]]


def test_months_before_a_site_opened_are_not_missing(company, even):
    company.tables["organization"][1]["opened"] = "2023-04-01"

    assert company.months([None] * 3 + even()[3:]).examine("months-missing") == []


def test_a_source_that_begins_in_the_period_is_asked_about(company, even):
    company.months([None] * 3 + even()[3:])

    assert company.examine("months-missing") == []
    (finding,) = company.found("source-begins")
    assert finding.fields["months"] == "2023-01 … 2023-03"
    assert finding.fields["end"] == "2023-04-01"


def test_a_source_that_begins_after_the_period_is_none_of_its_matter(company, even):
    company.months(even()).months(even(), year=2022, site="T")

    earlier, _ = company.calculate_all(2022, 2023)

    assert run_checks(earlier, only=("months-missing", "source-begins")) == ()


def test_a_missing_bill_between_billing_days_is_found(company):
    for month in range(1, 12):
        if month != 6:
            company.activity(
                f"bill-{month}",
                source_type="electricity",
                item="electricity",
                period="",
                begin=f"2023-{month:02}-21" if month > 1 else "2023-01-01",
                end=f"2023-{month + 1:02}-21",
                quantity=3000,
                unit="kWh",
            )

    findings = company.found("months-missing")

    assert [f.fields["months"] for f in findings] == ["2023-07"]


def test_a_meter_that_is_missing_beside_one_that_is_not_is_found(company, even):
    values = even(10)
    values[6] = None
    company.months(even(), named="A").months(values, named="B")

    (finding,) = company.found("months-missing")

    assert finding.fields["source"] == "S · electricity · electricity · B-*"


def test_a_source_monthly_last_year_and_absent_now_is_missing_altogether(company, even):
    company.months(even(), year=2022, site="T").months(even())

    (finding,) = company.found("months-missing", previous=True)

    assert finding.fields["months"] == "2023-01 … 2023-12"


def test_purchases_now_and_then_have_no_missing_months(company):
    for day in ("2023-01-05", "2023-03-09", "2023-11-30"):
        company.month(1, 100, period=day, named=f"p-{day}")

    assert company.examine("months-missing") == []


def test_a_yearly_source_that_falls_silent_is_asked_about(company):
    company.month(1, 100, named="old", year=2022, period="2022", site="T")
    company.month(1, 100, named="now", period="2023")

    assert company.examine("source-silent", previous=True) == [("source-silent", 2)]


def test_a_yearly_source_that_goes_on_is_not(company):
    company.month(1, 100, named="old", period="2022")
    company.month(1, 100, named="new", period="2023")

    assert company.examine("source-silent", previous=True) == []


def test_a_year_beside_its_months_is_found(company, even):
    company.months(even()).month(1, 36_500, named="year", period="2023")

    assert company.examine("total-beside-parts") == [("total-beside-parts", 14)]


def test_a_year_of_something_else_beside_months_is_not(company, even):
    company.months(even()).month(1, 90_000, named="year", period="2023")

    assert company.examine("total-beside-parts") == []


def test_days_on_which_the_site_is_not_there_are_counted(company):
    company.tables["organization"][1]["opened"] = "2023-04-01"
    company.month(1, 100, named="year", period="2023")

    (finding,) = company.found("days-outside-presence")

    assert (finding.at.row, finding.fields["days"]) == (2, 90)


def test_days_inside_the_presence_are_none(company, even):
    assert company.months(even()).examine("days-outside-presence") == []


def spans(company, *ends, source="e"):
    """Rows of a source from day to day: (begin, end)."""
    for number, (begin, end) in enumerate(ends):
        company.month(
            1, 100, named=f"{source}{number}", period="", begin=f"2023-{begin}", end=f"2023-{end}"
        )
    return company


@pytest.mark.parametrize(
    ("ends", "rows"),
    [
        ([("01-01", "01-31"), ("02-01", "02-28")], 2),
        ([("01-01", "12-31")], 1),
        ([("01-15", "02-14"), ("02-15", "03-14"), ("03-15", "04-14")], 3),
    ],
)
def test_an_end_that_looks_like_the_last_day_is_asked_about(company, ends, rows):
    (finding,) = spans(company, *ends).found("end-is-last-day")

    assert (finding.at.row, finding.at.column, finding.fields["rows"]) == (2, "end", rows)


@pytest.mark.parametrize(
    "ends",
    [
        [("01-01", "02-01"), ("02-01", "03-01")],
        [("01-01", "01-31"), ("01-31", "03-02")],
        [("01-05", "01-06"), ("01-07", "01-08")],
        [("01-03", "01-31")],
    ],
)
def test_ends_that_are_the_day_after_the_last_are_not(company, ends):
    assert spans(company, *ends).examine("end-is-last-day") == []


def test_a_certificate_that_ends_on_the_last_day_of_its_year_is_asked_about(company):
    company.month(1, 1000)
    company.certificates("G", 1, end="2023-12-31").certificates("G", 1)

    (finding,) = company.found("end-is-last-day")

    assert (finding.at.file, finding.at.row, finding.fields["rows"]) == ("instruments.csv", 2, 1)
