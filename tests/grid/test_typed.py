"""Quantities as people write them, and blocks as spreadsheets copy them."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

import linyin
from linyin.ledger.faults import LedgerError
from linyin.ledger.monthly import deviation, in_unit, later_month, months_between
from linyin.ledger.typed import read_quantity

SCRIPT = Path(linyin.__file__).parent / "platform" / "static" / "linyin" / "js" / "block.js"


@pytest.mark.parametrize(
    ("text", "unit", "quantity", "stated"),
    [
        ("0", "kWh", 0.0, ""),
        ("7,135,188", "kWh", 7135188.0, ""),
        ("１２３．５", "kWh", 123.5, ""),
        ("713.5188 万kWh", "kWh", 7135188.0, "万kWh"),
        ("713.5188万度", "kWh", 7135188.0, "万kWh"),
        ("12 度", "kWh", 12.0, ""),
        ("1.5 MWh", "kWh", 1500.0, "MWh"),
        ("3.6 GJ", "kWh", 1000.0, "GJ"),
        ("2 t", "kg", 2000.0, "t"),
        ("1 000 kwh", "kWh", 1000.0, ""),
    ],
)
def test_a_number_is_read_with_or_without_a_unit(text, unit, quantity, stated):
    read = read_quantity(text, unit)

    assert (read.quantity, read.stated) == (quantity, stated)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number-broken"),
        ("about 5", "number-broken"),
        ("1.234,5", "number-choices"),
        ("1.234,5 kWh", "number-choices"),
        ("(500)", "number-choices"),
        ("12%", "number-percent"),
        ("#REF!", "cell-excel-error"),
        ("-", "number-none"),
        ("5 kg", "unit-mismatch"),
        ("5 ton", "unit-ambiguous"),
        ("5 bananas", "unit-unknown"),
        ("12345678901234567", "number-too-long"),
        ("1e99", "number-out-of-range"),
        ("10000000000000 MWh", "number-out-of-range"),
        ("1" + "0" * 89, "number-out-of-range"),
    ],
)
def test_what_can_mean_two_things_or_none_is_refused(text, code):
    with pytest.raises(LedgerError) as error:
        read_quantity(text, "kWh")

    assert error.value.code == code


@given(st.integers(0, 10**12), st.sampled_from(["kWh", "MWh", "万kWh", "GJ"]))
def test_a_quantity_in_its_own_unit_is_read_back_exactly(number, unit):
    assert read_quantity(f"{number:,} {unit}", unit).quantity == float(number)


def test_deviations():
    assert deviation(130.0, 100.0) == pytest.approx(0.3)
    assert deviation(0.0, 0.0) == 0.0
    assert deviation(1.0, 0.0) == float("inf")
    assert deviation(1.0, None) is None
    assert deviation(-50.0, -100.0) == 0.5
    assert in_unit(2.0, "MWh", "kWh") == 2000.0
    assert in_unit(2.0, "t", "kWh") is None


def test_months_cross_years():
    assert later_month(date(2023, 12, 1)) == date(2024, 1, 1)
    assert later_month(date(2024, 1, 1), -1) == date(2023, 12, 1)
    assert list(months_between(date(2023, 11, 15), date(2024, 1, 2))) == [
        date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def block_of():
    engine = MiniRacer()
    engine.eval(SCRIPT.read_text(encoding="utf-8").replace("export function", "function"))
    return lambda text: json.loads(engine.eval(f"JSON.stringify(blockOf({json.dumps(text)}))"))


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("1\t2\r\n3\t4\r\n", [["1", "2"], ["3", "4"]]),
        ("1\t\t3", [["1", "", "3"]]),
        ("1\n\n2\n", [["1"], [""], ["2"]]),
        ('"1,0\n0"\t"a ""b"""\r\n5', [["1,0 0", 'a "b"'], ["5"]]),
        ('5"\t6', [['5"', "6"]]),
        ("7", [["7"]]),
    ],
)
def test_a_block_is_cells_as_the_spreadsheet_had_them(block_of, text, cells):
    assert block_of(text) == cells


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=6)


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=4))
def test_a_block_is_what_the_csv_module_writes_with_tabs(block_of, rows):
    text = io.StringIO()
    csv.writer(text, delimiter="\t", quotechar='"').writerows(rows)

    assert block_of(text.getvalue()) == rows


def test_spans_of_months_know_their_years():
    from linyin.ledger.web.grid_months import month_spans

    def told(*months):
        return month_spans([date(year, month, 1) for year, month in months], "en")

    assert told((2023, 1), (2023, 2), (2023, 3), (2023, 5)) == "Jan – Mar, May"
    assert told((2023, 12), (2024, 1)) == "December 2023 – January 2024"
    assert told((2023, 1), (2024, 2)) == "January 2023, February 2024"
