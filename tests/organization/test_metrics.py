from datetime import date
from fractions import Fraction

import pytest

from linyin.organization.metrics import Metrics
from linyin.organization.periods import FiscalCalendar, Period

from .company import told


def row(metric, period, value, unit="", **cells):
    return {"node": "E", "metric": metric, "period": period, "value": value, "unit": unit, **cells}


def metrics(*rows, **options):
    built, findings = Metrics.from_rows(rows, **options)
    assert findings == []
    return built


def test_a_flow_is_the_sum_of_its_rows_and_a_row_over_the_border_counts_by_days():
    built = metrics(row("revenue", "2023", 365, "CNY"), row("revenue", "2024-Q1", 91, "CNY"))
    period = Period(date(2023, 12, 1), date(2024, 2, 1))
    assert built.amount("E", "revenue", period).value == 31 + 31
    assert built.amount("E", "revenue", Period.year(2023)).gaps == ()


def test_a_level_is_the_mean_over_its_days_and_gaps_are_told():
    built = metrics(row("heads", "2023-01", 100), row("heads", "2023-02", 200))
    found = built.amount("E", "heads", Period.year(2023))
    assert found.value == Fraction(31 * 100 + 28 * 200, 59)
    assert found.gaps == (Period(date(2023, 3, 1), date(2024, 1, 1)),)
    assert built.level("E", "heads", date(2023, 2, 28)).value == 200
    assert built.level("E", "heads", date(2023, 3, 1)) is None


def test_a_metric_that_nobody_stated_is_none_and_never_zero():
    assert metrics().amount("E", "revenue", Period.year(2023)) is None


def test_items_of_a_metric_stand_apart():
    built = metrics(
        row("units", "2023", 5),
        row("units", "2023", 3, item="phone"),
        row("units", "2023", 2, item="router"),
    )
    assert built.amount("E", "units", Period.year(2023)).value == 5
    assert built.amount("E", "units", Period.year(2023), "phone").value == 3
    assert built.items("E", "units") == ["", "phone", "router"]


def test_fiscal_years_follow_the_calendar_of_the_folder():
    built = metrics(row("revenue", "FY2023", 365), calendar=FiscalCalendar(4, 1, "begin"))
    assert built.amount("E", "revenue", Period.year(2024)).value == Fraction(91 * 365, 366)


def test_the_whole_is_what_is_stated_without_an_item_else_the_sum_of_the_items():
    stated = metrics(row("units", "2023", 7), row("units", "2023", 3, item="phone"))
    parts = metrics(row("heads", "2023-01", 3, item="lab"), row("heads", "2023-01", 4, item="line"))
    year = Period.year(2023)
    assert stated.whole("E", "units", year).value == 7
    assert parts.whole("E", "heads", year).value == 7
    assert parts.whole("E", "heads", year).gaps == (Period(date(2023, 2, 1), date(2024, 1, 1)),)
    assert parts.whole("E", "units", year) is None


def test_items_in_different_units_make_no_whole():
    built = metrics(
        row("production", "2023", 5, "t", item="a"), row("production", "2023", 3, "m3", item="b")
    )
    assert built.whole("E", "production", Period.year(2023)) is None


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([row("heads", "2023", 1), row("heads", "2023-05", 1)], "metric-overlap"),
        ([row("heads", "May", 1)], "period-unreadable"),
        ([row("heads", "", 1)], "period-not-stated"),
        ([row("heads", "2023", 1, begin=date(2023, 1, 1))], "period-not-stated"),
        ([row("heads", None, 1, begin=date(2023, 1, 1))], "period-not-stated"),
        (
            [row("heads", None, 1, begin=date(2023, 1, 1), end=date(2023, 1, 1))],
            "organization-span-empty",
        ),
        ([{**row("heads", "2023", 1), "node": "X"}], "node-unknown"),
        (
            [row("heads", "2023-H1", 1, "p"), row("heads", "2023-H2", 1, "pairs")],
            "metric-units-differ",
        ),
    ],
)
def test_rows_that_cannot_be_used_are_told(rows, code):
    built, findings = Metrics.from_rows(rows, known={"E"})
    assert [(f.severity, f.code) for f in told(findings)] == [("error", code)]
    assert len(built.rows("E", "heads")) == len(rows) - 1
