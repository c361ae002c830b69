"""How numbers print."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.inventory.report.numbers import (
    MassFormat,
    choose_mass_format,
    number,
    percent,
    quantity,
    tonnes,
)

T = 10**9


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (-0.5, 0, "−1"),
        (1234567.891, 2, "1,234,567.89"),
        (Fraction(1, 3), 3, "0.333"),
        (-0.0004, 3, "0.000"),
        (Fraction(2675, 1000), 2, "2.68"),
    ],
)
def test_numbers_round_half_away_from_zero_with_separators(value, decimals, printed):
    assert number(value, decimals) == printed


@given(st.fractions(), st.integers(0, 6))
def test_a_printed_number_is_within_half_of_its_last_digit(value, decimals):
    printed = Fraction(Decimal(number(value, decimals).replace(",", "").replace("−", "-")))
    assert abs(printed - value) * 2 <= Fraction(1, 10**decimals)


@pytest.mark.parametrize(
    ("total_t", "unit"),
    [(0, "t"), (9_999, "t"), (10_000, "kt"), (9_999_999, "kt"), (10_000_000, "Mt")],
)
def test_the_unit_of_mass_follows_the_total(total_t, unit):
    assert choose_mass_format(total_t * T).unit == unit


@pytest.mark.parametrize(
    ("mass_mg", "printed"),
    [
        (None, "–"),
        (0, "0"),
        (1, "<0.001"),
        (-1, "−<0.001"),
        (5 * 10**11, "0.001"),
        (83_072_000 * T, "83.072"),
    ],
)
def test_a_mass_that_is_not_zero_never_prints_as_zero(mass_mg, printed):
    assert MassFormat("Mt", 3)(mass_mg) == printed


@pytest.mark.parametrize(
    ("mass_t", "printed"), [(99_490_000, "99.49"), (9_949_000, "9.949"), (199_603_000, "199.6")]
)
def test_the_headline_has_four_digits(mass_t, printed):
    assert MassFormat("Mt", 3).headline(mass_t * T) == printed


@pytest.mark.parametrize(
    ("share", "signed", "printed"),
    [
        (None, False, "–"),
        (0.0, False, "0%"),
        (0.00001, False, "<0.1%"),
        (-0.165, True, "−16.5%"),
        (0.124, True, "+12.4%"),
    ],
)
def test_shares_print_as_percent(share, signed, printed):
    assert percent(share, signed=signed) == printed


@given(st.floats(min_value=1e-12, max_value=1e12, allow_nan=False))
def test_a_quantity_prints_within_its_digits_and_without_exponent(value):
    printed = quantity(value, 4)
    assert "e" not in printed.lower()
    assert float(printed.replace(",", "")) == pytest.approx(value, rel=6e-4)


@given(st.integers(-(10**20), 10**20))
def test_tonnes_are_exact(mass_mg):
    assert Decimal(tonnes(mass_mg)) * T == mass_mg
