import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.lake.dates import read_boolean, read_date
from linyin.lake.numbers import Problem, read_number

quantities = st.builds(
    lambda digits, exponent, sign: Decimal(
        (sign, (digits,) if digits < 10 else tuple(map(int, str(digits))), exponent)
    ),
    st.integers(0, 10**15 - 1),
    st.integers(-12, 6),
    st.integers(0, 1),
)


@given(quantities)
def test_fifteen_significant_digits_are_kept_exactly(quantity):
    value = read_number(str(quantity))

    assert Decimal(repr(value)) == quantity


@given(st.integers(0, 10**12), st.sampled_from(["{:,}", "{:,.2f}"]))
def test_grouped_numbers_mean_what_they_mean_ungrouped(number, form):
    grouped = form.format(number)

    assert read_number(grouped) == float(number)
    assert read_number(grouped.replace(",", " ")) == float(number)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("１２３", 123.0),
        ("1e3", 1000.0),
        ("−5", -5.0),
        ("+.5", 0.5),
        ("1\u00a0234.5", 1234.5),
        ("-0", 0.0),
        ("0.000000000000001", 1e-15),
        ("1000000000000000000", 1e18),
    ],
)
def test_spellings_of_numbers_that_can_mean_one_thing_are_read(text, value):
    assert str(read_number(text)) == str(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.234,5", "number-choices"),
        ("12,5", "number-choices"),
        ("1,2345", "number-choices"),
        ("1.234.567", "number-choices"),
        ("(1,234)", "number-choices"),
        ("12%", "number-percent"),
        ("12 kWh", "number-with-unit"),
        ("¥12", "number-broken"),
        ("1 2", "number-broken"),
        ("12-34", "number-broken"),
        ("abc", "number-broken"),
        ("0x1F", "number-with-unit"),
        ("1_000", "number-with-unit"),
        ("-", "number-none"),
        ("N/A", "number-none"),
        ("nan", "number-none"),
        ("inf", "number-none"),
        ("无", "number-none"),
        ("#REF!", "cell-excel-error"),
        ("#N/A", "cell-excel-error"),
        ("1234567890.12345678901", "number-too-long"),
        ("1e400", "number-out-of-range"),
        ("1e-400", "number-out-of-range"),
    ],
)
def test_what_is_no_clear_number_is_never_guessed(text, code):
    outcome = read_number(text)

    assert isinstance(outcome, Problem)
    assert outcome.code == code


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_a_problem(text):
    assert isinstance(read_number(text), float | Problem)
    assert isinstance(read_date(text), dt.date | Problem)


def test_the_choices_of_a_comma_are_named():
    assert read_number("1.234,5") == Problem("number-choices", (("choices", "1234.5, 1.2345"),))


def test_a_comma_may_be_a_decimal_sign_where_the_file_uses_semicolons():
    outcome = read_number("1,234", comma_groups=False)

    assert outcome == Problem("number-choices", (("choices", "1.234, 1234"),))


def test_a_percent_sign_is_read_only_in_a_column_of_percent():
    assert read_number("12.5 %", percent=True) == 12.5
    assert read_number("12.5 %") == Problem("number-percent")


@given(st.dates(dt.date(1000, 1, 1)), st.sampled_from(["-", "/", "."]))
def test_a_day_is_read_year_first_in_any_spelling(day, sign):
    plain = f"{day.year}{sign}{day.month}{sign}{day.day}"

    assert read_date(plain) == day
    assert read_date(f"{day.year}年{day.month}月{day.day}日") == day
    assert read_date(f"{day.isoformat()} 00:00:00") == day


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("03/04/2023", Problem("date-choices", (("choices", "2023-04-03, 2023-03-04"),))),
        ("31/12/2023", Problem("date-choices", (("choices", "2023-12-31"),))),
        ("04/04/2023", Problem("date-choices", (("choices", "2023-04-04"),))),
        ("20230531", Problem("date-choices", (("choices", "2023-05-31"),))),
        ("45077", Problem("date-choices", (("choices", "2023-05-31"),))),
        ("2023-02-29", Problem("date-impossible")),
        ("2023-13-01", Problem("date-impossible")),
        ("2023-05-31 10:30", Problem("date-with-time")),
        ("2023-05", Problem("date-broken")),
        ("2023-5/31", Problem("date-broken")),
        ("May 2023", Problem("date-broken")),
    ],
)
def test_a_day_with_two_readings_or_none_is_never_guessed(text, problem):
    assert read_date(text) == problem


def test_yes_and_no_are_read_in_both_languages():
    assert [read_boolean(text) for text in ("TRUE", "是", "1", "Yes")] == [True] * 4
    assert [read_boolean(text) for text in ("false", "否", "０", "No")] == [False] * 4
    assert read_boolean("maybe") == Problem("boolean-broken")
