from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.organization.periods import (
    FiscalCalendar,
    Period,
    PeriodError,
    parse_date,
    parse_period,
)

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@st.composite
def periods(draw):
    first, second = sorted(draw(st.tuples(days, days).filter(lambda pair: pair[0] != pair[1])))
    return Period(first, second)


def span(begin, end):
    return Period(date.fromisoformat(begin), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2023", "2023-01-01", "2024-01-01"),
        (" 2023 ", "2023-01-01", "2024-01-01"),
        ("2023年", "2023-01-01", "2024-01-01"),
        ("２０２３", "2023-01-01", "2024-01-01"),
        ("2023-H1", "2023-01-01", "2023-07-01"),
        ("2023-H2", "2023-07-01", "2024-01-01"),
        ("2023年下半年", "2023-07-01", "2024-01-01"),
        ("2023-Q1", "2023-01-01", "2023-04-01"),
        ("2023Q4", "2023-10-01", "2024-01-01"),
        ("2023年第二季度", "2023-04-01", "2023-07-01"),
        ("2023年3季度", "2023-07-01", "2023-10-01"),
        ("2023-05", "2023-05-01", "2023-06-01"),
        ("2023-12", "2023-12-01", "2024-01-01"),
        ("2023/5", "2023-05-01", "2023-06-01"),
        ("2023.05", "2023-05-01", "2023-06-01"),
        ("2023年5月", "2023-05-01", "2023-06-01"),
        ("202305", "2023-05-01", "2023-06-01"),
        ("202312", "2023-12-01", "2024-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2023-05-31", "2023-05-31", "2023-06-01"),
        ("2023/5/31", "2023-05-31", "2023-06-01"),
        ("2023年5月31日", "2023-05-31", "2023-06-01"),
    ],
)
def test_a_period_is_read_as_half_open_days(text, begin, end):
    assert parse_period(text) == span(begin, end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "23",
        "2023-5",
        "2023-13",
        "2023-00",
        "2023-Q5",
        "2023-H3",
        "2023-02-29",
        "2023-5-31",
        "05/31/2023",
        "31.05.2023",
        "202313",
        "180005",
        "2023-05-31T00:00",
        "0000",
        "9999-12",
        "2023.0",
        "May 2023",
    ],
)
def test_what_could_mean_two_things_or_nothing_is_refused_with_what_is_expected(text):
    with pytest.raises(PeriodError) as raised:
        parse_period(text)
    assert raised.value.value == text
    assert "2023-Q1" in raised.value.expected


def test_a_dotted_month_of_one_digit_is_refused_because_a_spreadsheet_shows_october_so():
    with pytest.raises(PeriodError):
        parse_period("2023.1")


@pytest.mark.parametrize(
    "text",
    ["2023-05-31", "2023/5/31", "2023/05/31", "2023.05.31", "2023年5月31日", "2023年5月31号"],
)
def test_a_date_is_read_in_iso_or_year_first_order(text):
    assert parse_date(text) == date(2023, 5, 31)


@pytest.mark.parametrize("text", ["2023-05", "31/5/2023", "5/31/2023", "2023-5-31", "2023-06-31"])
def test_a_date_in_another_order_or_outside_the_calendar_is_refused(text):
    with pytest.raises(PeriodError):
        parse_date(text)


@given(days)
def test_a_date_reads_back_from_iso(day):
    assert parse_date(day.isoformat()) == day
    assert parse_period(day.isoformat()).days == 1


@given(st.integers(1990, 2060), st.integers(1, 12))
def test_a_month_has_the_calendars_number_of_days(year, month):
    assert parse_period(f"{year}-{month:02}").days == monthrange(year, month)[1]


@pytest.mark.parametrize(
    ("calendar", "text", "begin", "end"),
    [
        (FiscalCalendar(), "FY2023", "2023-01-01", "2024-01-01"),
        (FiscalCalendar(4, 1, "begin"), "FY2023", "2023-04-01", "2024-04-01"),
        (FiscalCalendar(4, 1, "end"), "FY2023", "2022-04-01", "2023-04-01"),
        (FiscalCalendar(4, 1, "end"), "fy2023-q4", "2023-01-01", "2023-04-01"),
        (FiscalCalendar(10, 1, "end"), "FY2024-H2", "2024-04-01", "2024-10-01"),
        (FiscalCalendar(4, 6, "begin"), "FY2023-Q1", "2023-04-06", "2023-07-06"),
        (FiscalCalendar(1, 1, "begin"), "FY2023", "2023-01-01", "2024-01-01"),
    ],
)
def test_a_fiscal_year_follows_its_first_day_and_the_year_that_names_it(calendar, text, begin, end):
    assert parse_period(text, calendar) == span(begin, end)


def test_calendar_periods_do_not_follow_the_fiscal_calendar():
    assert parse_period("2023", FiscalCalendar(4, 1)) == Period.year(2023)
    assert parse_period("2023-Q1", FiscalCalendar(4, 1)) == span("2023-01-01", "2023-04-01")


@pytest.mark.parametrize(("month", "day"), [(0, 1), (13, 1), (2, 29), (1, 31), (1, 0)])
def test_a_fiscal_year_begins_on_a_day_that_every_month_has(month, day):
    with pytest.raises(PeriodError):
        FiscalCalendar(month, day)


@given(st.integers(1, 12), st.integers(1, 28), st.sampled_from(["begin", "end"]))
def test_fiscal_years_follow_one_another_without_gap_and_four_quarters_make_one(month, day, named):
    calendar = FiscalCalendar(month, day, named)
    assert calendar.year(2023).end == calendar.year(2024).begin
    quarters = [parse_period(f"FY2023-Q{n}", calendar) for n in (1, 2, 3, 4)]
    assert calendar.year(2023).cut(q.begin for q in quarters) == quarters
    named_day = calendar.year(2023).begin if named == "begin" else calendar.year(2023).last
    assert named_day.year == 2023


@pytest.mark.parametrize("days_long", [0, -1])
def test_a_period_without_a_day_is_refused(days_long):
    with pytest.raises(PeriodError):
        Period(date(2023, 1, 1), date(2023, 1, 1) + timedelta(days=days_long))


@given(periods(), periods())
def test_an_overlap_has_exactly_the_days_that_both_have(a, b):
    both = a.overlap(b)
    if both is None:
        assert a.end <= b.begin or b.end <= a.begin
    else:
        assert a.covers(both)
        assert b.covers(both)
        outside = (both.begin - timedelta(days=1), both.end)
        assert not any(day in a and day in b for day in outside)
    assert a.overlap(b) == b.overlap(a)


@given(periods(), st.lists(days))
def test_pieces_are_the_whole_whatever_the_cuts(period, cuts):
    for pieces in (period.cut(cuts), period.months(), period.years()):
        assert pieces[0].begin == period.begin
        assert pieces[-1].end == period.end
        assert all(a.end == b.begin for a, b in pairwise(pieces))
    assert all(p.begin.year == p.last.year for p in period.years())
    assert all(
        (p.begin.year, p.begin.month) == (p.last.year, p.last.month) for p in period.months()
    )


def test_a_row_over_new_year_is_cut_there():
    assert span("2022-12-15", "2023-01-15").years() == [
        span("2022-12-15", "2023-01-01"),
        span("2023-01-01", "2023-01-15"),
    ]


@given(periods(), st.lists(periods(), max_size=5))
def test_gaps_and_covered_days_share_no_day_and_leave_none(period, covered):
    gaps = period.gaps(covered)
    inside = [o for c in covered if (o := period.overlap(c))]
    assert period.gaps([*gaps, *inside]) == []
    assert not any(g.overlap(c) for g in gaps for c in inside)


def test_an_open_period_is_always():
    assert Period.between(None, None) == Period.always
    assert Period.between(date(2023, 1, 1), None).covers(Period.year(2023))
    assert date(1, 1, 1) in Period.always
