from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.ledger.rounding import milligrams, round_half_away


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0", 0), ("1/2", 1), ("-1/2", -1), ("5/2", 3), ("-5/2", -3), ("1/3", 0), ("-2/3", -1)],
)
def test_a_half_goes_away_from_zero(value, rounded):
    assert milligrams(Fraction(value)) == rounded
    assert round_half_away(float(Fraction(value))) == rounded


@given(st.decimals(-(10**18), 10**18, places=6))
def test_exact_rounding_is_decimals_half_up(value):
    oracle = value.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert milligrams(Fraction(value)) == int(oracle)


@given(st.fractions())
def test_a_reversal_rounds_to_the_opposite(value):
    assert milligrams(-value) == -milligrams(value)


@given(st.floats(min_value=-(2.0**51), max_value=2.0**51))
def test_float_and_exact_rounding_agree_but_for_the_float_next_to_a_half(x):
    exact = milligrams(Fraction(x))
    sum_is_exact = Fraction(abs(x) + 0.5) == Fraction(abs(x)) + Fraction(1, 2)
    assert round_half_away(x) == exact or (
        not sum_is_exact and abs(round_half_away(x)) == abs(exact) + 1
    )


def test_exact_rounding_is_right_where_floats_are_not():
    below_half = math.nextafter(0.5, 0)
    assert milligrams(Fraction(below_half)) == 0
    assert round_half_away(below_half) == 1
    odd = 2.0**52 + 1
    assert milligrams(Fraction(odd)) == 2**52 + 1
    assert round_half_away(odd) == 2**52 + 2


def test_masses_beyond_int64_stay_exact():
    assert milligrams(Fraction(10**30) + Fraction(1, 2)) == 10**30 + 1


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf])
def test_what_is_no_mass_is_refused(x):
    with pytest.raises((ValueError, OverflowError)):
        round_half_away(x)
