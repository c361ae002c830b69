import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.ledger.trend import trend, type_a, type_b
from linyin.ledger.uncertainty import Aggregate, Component, UncertaintyError

BASE = {"coal": 100.0, "grid": 60.0, "freight": 40.0}
YEAR = {"coal": 80.0, "grid": 75.0, "freight": 12.0}
ACTIVITY = {"coal": 0.02, "grid": 0.03, "freight": 0.10}
FACTOR = {"coal": 0.07, "grid": 0.05, "freight": 0.20}


def year(values: dict[str, float]) -> list[Aggregate]:
    return [
        Aggregate(
            name, value, (Component.within(FACTOR[name], name), Component.within(ACTIVITY[name]))
        )
        for name, value in values.items()
    ]


def rise_of_the_trend(base, after, base_total, after_total, both):
    """Column I (both) and J of table 3.2: percentage points of a rise by 1 % of the source."""
    before = base_total + (0.01 * base if both else 0)
    return ((after_total + 0.01 * after) / before - after_total / base_total) * 100


def test_the_change_is_relative_to_the_base_year():
    result = trend(year(BASE), year(YEAR))

    assert (result.base, result.year) == (200, 167)
    assert result.change == pytest.approx(-0.165)


@pytest.mark.parametrize("source", BASE)
def test_type_a_is_the_response_to_a_one_per_cent_rise_in_both_years(source):
    expected = rise_of_the_trend(BASE[source], YEAR[source], 200, 167, both=True)

    assert type_a(BASE[source], YEAR[source], 200, 167) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("source", BASE)
def test_type_b_is_the_response_to_a_one_per_cent_rise_in_the_year(source):
    expected = rise_of_the_trend(BASE[source], YEAR[source], 200, 167, both=False)

    assert type_b(YEAR[source], 200) == pytest.approx(expected, rel=1e-9)


def test_factors_enter_by_type_a_and_activities_by_type_b_of_each_year():
    factors = [type_a(BASE[s], YEAR[s], 200, 167) * FACTOR[s] for s in BASE]
    now = [YEAR[s] / 200 * ACTIVITY[s] for s in BASE]
    then = [BASE[s] * 167 / 200**2 * ACTIVITY[s] for s in BASE]

    result = trend(year(BASE), year(YEAR))

    assert result.half_width == pytest.approx(math.hypot(*factors, *now, *then))


def test_with_growth_in_proportion_uncorrelated_errors_are_root_two_times_type_b():
    grown = {name: 1.3 * value for name, value in BASE.items()}
    guideline = math.hypot(*(math.sqrt(2) * grown[s] / 200 * ACTIVITY[s] for s in BASE))

    result = trend(year(BASE), year(grown))

    assert result.half_width == pytest.approx(guideline)


def test_one_source_on_one_factor_has_a_certain_trend():
    before = [Aggregate("a", 10, (Component.within(0.5, "factor"),))]
    after = [Aggregate("a", 7, (Component.within(0.5, "factor"),))]

    assert trend(before, after).half_width == 0


def test_a_factor_of_its_own_each_year_makes_the_trend_uncertain():
    before = [Aggregate("a", 10, (Component.within(0.1, "grid 2021"),))]
    after = [Aggregate("a", 10, (Component.within(0.1, "grid 2023"),))]

    assert trend(before, after).half_width == pytest.approx(math.hypot(0.1, 0.1))


def test_a_new_source_counts_with_its_whole_share_of_the_base_year():
    result = trend(
        [Aggregate("old", 100)],
        [Aggregate("old", 100), Aggregate("new", 50, (Component.within(0.2, "new"),))],
    )

    assert result.half_width == pytest.approx(0.1)


@given(st.permutations(year(BASE)), st.permutations(year(YEAR)))
def test_order_never_changes_a_bit(before, after):
    assert trend(before, after) == trend(year(BASE), year(YEAR))


def test_a_base_year_of_zero_is_refused():
    with pytest.raises(UncertaintyError):
        trend([], year(YEAR))
