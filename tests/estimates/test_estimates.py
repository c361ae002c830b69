"""The methods by themselves: exact rates, exact parts, nothing where nobody was."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.ledger.estimates import (
    DEFAULT_PCT,
    FLOOR_PCT,
    METHODS,
    Comparable,
    Reading,
    Series,
    estimate_gaps,
    gaps_of,
)
from linyin.organization import Period

YEAR = Period(date(2023, 1, 1), date(2024, 1, 1))


def month(number: int, year: int = 2023) -> Period:
    return Period.month(year, number)


def readings(rates: dict[int, float], year: int = 2023) -> tuple[Reading, ...]:
    """Monthly rows with those rates a day."""
    return tuple(
        Reading(month(m, year), Fraction(rate) * month(m, year).days) for m, rate in rates.items()
    )


def series(*rows: Reading, presence=(Period.always,), **more) -> Series:
    return Series("S", tuple(rows), tuple(presence), **more)


def without(missing: int, level: float = 10) -> dict[int, float]:
    return {m: level for m in range(1, 13) if m != missing}


def test_last_year_takes_the_rate_of_the_same_month():
    known = series(*readings(without(2)), *readings({2: 7}, 2022))

    (found,) = estimate_gaps(known, ["last_year"], YEAR).estimates

    assert (found.span, found.quantity) == (month(2), 7 * 28)


def test_last_year_gives_a_leap_february_its_29th_day():
    leap = Period(date(2024, 1, 1), date(2025, 1, 1))
    known = series(*readings(without(2), 2024), *readings({2: 7}, 2023))

    (found,) = estimate_gaps(known, ["last_year"], leap).estimates

    assert found.quantity == 7 * 29


def test_scaling_follows_the_surrounding_months():
    known = series(*readings(without(6, 12)), *readings({5: 8, 6: 10, 7: 8}, 2022))

    (found,) = estimate_gaps(known, ["last_year_scaled"], YEAR).estimates

    assert found.quantity == 10 * Fraction(12, 8) * 30


def test_neighbours_take_the_mean_of_the_rates_before_and_after():
    known = series(*readings(without(6) | {5: 4, 7: 8}))

    (found,) = estimate_gaps(known, ["neighbours"], YEAR).estimates

    assert found.quantity == 6 * 30


def test_neighbours_need_both_sides():
    known = series(*readings(without(12)))

    filling = estimate_gaps(known, ["neighbours"], YEAR)

    assert filling.estimates == ()
    assert [gap.span for gap in filling.unfilled] == [month(12)]
    assert "after" in filling.unfilled[0].reasons["neighbours"]


def test_per_area_takes_the_mean_rate_per_m2_of_comparable_sites():
    day = date(2023, 6, 1)
    known = series(
        *readings(without(6)),
        size={"per_area": Fraction(1000)},
        comparables=(
            Comparable("per_area", "A", day, Fraction(1, 10)),
            Comparable("per_area", "B", day, Fraction(3, 10)),
            Comparable("per_head", "B", day, Fraction(9)),
        ),
    )

    (found,) = estimate_gaps(known, ["per_area"], YEAR).estimates

    assert found.quantity == 1000 * Fraction(2, 10) * 30


def test_the_first_method_with_an_answer_wins():
    known = series(*readings(without(6)), *readings({6: 3}, 2022))

    (found,) = estimate_gaps(known, ["per_area", "last_year", "neighbours"], YEAR).estimates

    assert found.method == "last_year"


def test_an_unknown_method_is_named():
    with pytest.raises(ValueError, match="guess"):
        estimate_gaps(series(), ["guess"], YEAR)


def test_nothing_is_invented_before_opening_or_after_closing():
    known = series(
        *readings({4: 10, 5: 10, 7: 10, 8: 10}),
        presence=[Period(date(2023, 4, 1), date(2023, 9, 1))],
    )

    filling = estimate_gaps(known, ["neighbours"], YEAR)

    assert [e.span for e in filling.estimates] == [month(6)]
    assert filling.unfilled == ()


def test_a_gap_is_estimated_for_the_days_of_the_site_only():
    opened = date(2023, 3, 11)
    known = series(
        *readings(without(3) | {1: 10, 2: 10}), presence=[Period(opened, date(2024, 1, 1))]
    )

    (found,) = estimate_gaps(known, ["neighbours"], YEAR).estimates

    assert (found.span, found.quantity) == (Period(opened, date(2023, 4, 1)), 10 * 21)


def test_a_stretch_shorter_than_half_a_month_is_no_gap():
    rows = readings(without(6))
    june = Reading(Period(date(2023, 6, 1), date(2023, 6, 17)), Fraction(160))

    assert gaps_of(series(*rows, june), YEAR) == []


@given(
    cut=st.integers(2, 29),
    rates=st.lists(st.integers(1, 10**6), min_size=12, max_size=12),
)
def test_parts_of_a_month_add_up_to_the_month_exactly(cut, rates):
    rows = readings({m: r for m, r in enumerate(rates, 1) if m not in (6, 7)})
    last = readings({6: rates[5], 7: rates[6]}, 2022)
    day = date(2023, 6, cut)
    whole = series(*rows, *last)
    closed_and_open = series(
        *rows, *last, presence=[Period(date(2023, 1, 1), day), Period(day, date(2024, 1, 1))]
    )

    one = estimate_gaps(whole, ["last_year"], YEAR).estimates
    parts = [
        e
        for window in (Period(YEAR.begin, day), Period(day, YEAR.end))
        for e in estimate_gaps(closed_and_open, ["last_year"], window).estimates
    ]

    if cut - 1 >= 15 or cut == 1:
        assert sum(e.quantity for e in parts) == sum(e.quantity for e in one)
    else:
        lost = Period(date(2023, 6, 1), day).days * rates[5]
        assert sum(e.quantity for e in parts) + lost == sum(e.quantity for e in one)


@given(
    missing=st.sets(st.integers(1, 12), max_size=11),
    first=st.integers(1, 12),
    length=st.integers(1, 12),
    methods=st.permutations(METHODS),
)
def test_estimates_and_unfilled_gaps_are_the_gaps_and_never_overlap(
    missing, first, length, methods
):
    begin = month(first).begin
    present = Period(
        begin, date(2023 + (first + length - 2) // 12, (first + length - 2) % 12 + 1, 28)
    )
    known = series(*readings({m: m for m in range(1, 13) if m not in missing}), presence=[present])

    filling = estimate_gaps(known, methods, YEAR)
    spans = sorted([e.span for e in filling.estimates] + [g.span for g in filling.unfilled])

    assert spans == gaps_of(known, YEAR)
    assert all(a.end <= b.begin for a, b in pairwise(spans))
    assert all(present.covers(span) for span in spans)
    assert all(row.span.overlap(span) is None for row in known.readings for span in spans)


def test_uncertainty_is_the_methods_own_error_on_known_months():
    then = readings(dict.fromkeys(range(1, 13), 10), 2022)
    now = readings({m: 10 if m % 2 else 12.5 for m in range(1, 13) if m != 6})

    (found,) = estimate_gaps(series(*then, *now), ["last_year"], YEAR).estimates

    errors = [0.0] * 6 + [-0.2] * 5
    rms = (sum(e * e for e in errors) / 11) ** 0.5
    assert found.trials == 11
    assert found.uncertainty_pct == pytest.approx(196 * rms, abs=0.05)


def test_uncertainty_has_a_floor_and_a_default():
    steady = series(*readings(without(6)))
    short = series(*readings({1: 5, 3: 5}))
    first = Period(date(2023, 1, 1), date(2023, 4, 1))

    (tried,) = estimate_gaps(steady, ["neighbours"], YEAR).estimates
    (untried,) = estimate_gaps(short, ["neighbours"], first).estimates

    assert (tried.uncertainty_pct, tried.trials) == (FLOOR_PCT, 9)
    assert (untried.uncertainty_pct, untried.trials) == (DEFAULT_PCT["neighbours"], 0)
