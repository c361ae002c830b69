import math
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.inventory.attribution import (
    DecompositionError,
    lmdi,
    logarithmic_mean,
    shapley,
    whole_milligrams,
)

CAUSES = ("activity", "factor", "gwp")
rationals = st.fractions(-20, 20, max_denominator=50)
positive = st.fractions("1/50", 50, max_denominator=50)


def sources_of(numbers, causes=3):
    row = st.tuples(*[numbers] * causes)
    return st.lists(st.tuples(row, row), min_size=1, max_size=6)


def total(rows) -> Fraction:
    return sum((math.prod(row, start=Fraction(1)) for row in rows), Fraction(0))


def average_over_all_orders(before, after) -> list[Fraction]:
    """Shapley's definition, one order of change after another."""
    n = len(before[0])
    parts = [Fraction(0)] * n
    for order in permutations(range(n)):
        state = [list(row) for row in before]
        for k in order:
            was = total(state)
            for row, new in zip(state, after, strict=True):
                row[k] = new[k]
            parts[k] += (total(state) - was) / math.factorial(n)
    return parts


def test_shapley_values_match_the_published_split_of_turkeys_value_added():
    """World Bank, job structure tool; README of the package shapley-decomposition 0.0.2."""
    before = [27017.637990, 0.935050, 0.515090, 0.633046]
    after = [43770.525560, 0.891050, 0.57619, 0.668674]

    parts = shapley([before], [after], ["per worker", "employed", "participation", "age"])

    assert [float(p) for p in parts.values()] == pytest.approx(
        [5431.365538, -556.985657, 1285.200011, 629.528410], abs=1e-6 * 6789
    )


@given(sources_of(rationals))
def test_shapley_values_are_the_average_over_all_orders(rows):
    before, after = zip(*rows, strict=True)

    assert list(shapley(before, after, CAUSES).values()) == average_over_all_orders(before, after)


@given(sources_of(rationals, 5))
def test_shapley_values_add_up_exactly(rows):
    before, after = zip(*rows, strict=True)

    assert sum(shapley(before, after, "abcde").values()) == total(after) - total(before)


@given(sources_of(rationals))
def test_shapley_values_change_sign_when_time_runs_backwards(rows):
    before, after = zip(*rows, strict=True)
    forth, back = shapley(before, after, CAUSES), shapley(after, before, CAUSES)

    assert {c: -p for c, p in back.items()} == forth


@given(sources_of(rationals), st.data())
def test_shapley_values_ignore_the_order_of_causes_and_sources(rows, data):
    columns = data.draw(st.permutations(range(3)))
    shuffled = data.draw(st.permutations(rows))
    before, after = ([[row[k] for k in columns] for row in y] for y in zip(*shuffled, strict=True))

    assert shapley(before, after, [CAUSES[k] for k in columns]) == shapley(
        *zip(*rows, strict=True), CAUSES
    )


def test_floats_and_decimals_are_taken_at_their_exact_value():
    parts = shapley([[0.1, 1]], [[Decimal("0.1"), 1]], ["a", "b"])

    assert parts == {"a": Fraction(1, 10) - Fraction(0.1), "b": 0}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([(1, 10, 2), (4, 5, 3)], [(4, 5, 3), (5, 6, 4)], (69.79006598, -9.455125793, 39.66505981)),
        ([(4, 5, 3), (5, 6, 4)], [(8, 2, 4), (5, 7, 5)], (42.96021467, -34.31902656, 50.3588119)),
        ([(8, 2, 4), (5, 7, 5)], [(10, 1, 5), (6, 8, 6)], (54.01064234, -9.021284671, 54.01064234)),
    ],
    ids=["1972", "1973", "1974"],
)
def test_lmdi_matches_the_published_example(before, after, expected):
    """M. Heun, R package LMDIR: create_simple_LMDI() and data-raw/LMDI_testing.xlsx."""
    assert list(lmdi(before, after, CAUSES).values()) == pytest.approx(expected, rel=1e-8)


@given(sources_of(positive))
def test_lmdi_adds_up_within_float_precision(rows):
    before, after = zip(*rows, strict=True)
    scale = float(total(before) + total(after))

    parts = lmdi(before, after, CAUSES)

    assert math.fsum(parts.values()) == pytest.approx(
        float(total(after) - total(before)), abs=1e-11 * scale
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((0, 5, 2), (3, 5, 2), (30, 0, 0)),
        ((3, 5, 2), (3, 0, 7), (0, -30, 0)),
        ((0, 0, 2), (3, 5, 2), (15, 15, 0)),
        ((0, 5, 2), (3, 5, 0), (0, 0, 0)),
        ((0, 5, 2), (0, 7, 9), (0, 0, 0)),
    ],
)
def test_lmdi_takes_the_limits_of_zeros(before, after, expected):
    parts = lmdi([before], [after], CAUSES)

    assert tuple(parts.values()) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((0, 5, 2), (3, 6, 2)),
        ((3, 5, 2), (4, 0, 7)),
        ((0, 0, 2), (3, 5, 9)),
        ((0, 5, 2), (3, 5, 0)),
    ],
)
def test_limits_of_zeros_are_where_small_values_lead(before, after):
    tiny = Fraction(1, 10**3000)
    near = [tuple(x or tiny for x in row) for row in (before, after)]

    assert list(lmdi([near[0]], [near[1]], CAUSES).values()) == pytest.approx(
        list(lmdi([before], [after], CAUSES).values()), abs=0.1
    )


def test_lmdi_works_on_reversals_and_refuses_a_change_of_sign():
    assert lmdi([(-4, 5)], [(-8, 5)], ["a", "b"]) == {"a": pytest.approx(-20), "b": 0}
    with pytest.raises(DecompositionError, match="activity changes its sign"):
        lmdi([(-4, 5, 1)], [(8, 5, 1)], CAUSES)


@given(positive, positive)
def test_the_logarithmic_mean_lies_between_the_geometric_and_the_arithmetic_one(a, b):
    mean = logarithmic_mean(a, b)

    assert mean == logarithmic_mean(b, a) or math.isclose(mean, logarithmic_mean(b, a))
    assert math.sqrt(a * b) * (1 - 1e-12) <= mean <= float(a + b) / 2 * (1 + 1e-12)


def test_the_logarithmic_mean_of_neighbours_keeps_its_precision():
    a = Fraction(1)
    b = 1 + Fraction(1, 10**30)

    assert logarithmic_mean(a, b) == pytest.approx(1, rel=1e-15)


@given(
    st.dictionaries(st.sampled_from("abcdefg"), rationals.filter(bool), min_size=1),
    st.integers(-3, 3),
)
def test_rounded_parts_stay_within_a_milligram_but_for_what_they_miss(parts, missing):
    goal = math.floor(sum(parts.values())) + missing

    rounded = whole_milligrams(parts, goal)

    assert sum(rounded.values()) == goal
    off = sorted(abs(rounded[c] - parts[c]) for c in parts)
    assert all(o < 1 for o in off[:-1])
    assert off[-1] < abs(goal - sum(parts.values())) + 1


def test_what_parts_miss_of_their_total_goes_to_the_largest():
    assert whole_milligrams({"a": 1, "b": -10, "c": 0}, -12) == {"a": 1, "b": -13, "c": 0}


def test_equal_remainders_go_by_name():
    half = Fraction(1, 2)

    assert whole_milligrams({"b": half, "a": half}, 1) == {"b": 0, "a": 1}


@pytest.mark.parametrize(
    "bad",
    [
        lambda: lmdi([(-1,)], [(2,)], ["x"]),
        lambda: shapley([(1,)], [(1,), (2,)], ["x"]),
        lambda: shapley([(1,)], [(1, 2)], ["x"]),
        lambda: shapley([(math.nan,)], [(1,)], ["x"]),
        lambda: shapley([(math.inf,)], [(1,)], ["x"]),
        lambda: logarithmic_mean(-1, 1),
        lambda: whole_milligrams({"a": 0}, 1),
    ],
)
def test_what_cannot_be_split_is_refused(bad):
    with pytest.raises(DecompositionError):
        bad()
