import json
import random
from dataclasses import asdict

import numpy as np
import pytest

from linyin.ledger.montecarlo import (
    Z975,
    distribution,
    draw_totals,
    error_of,
    simulate,
    simulate_trend,
)
from linyin.ledger.trend import trend
from linyin.ledger.uncertainty import Aggregate, Component, UncertaintyError, combine

PRODUCT = [Aggregate("a", 10, (Component.within(0.05), Component.within(0.10)))]
SUM = [
    Aggregate("a", 100, (Component.within(0.05),)),
    Aggregate("b", 200, (Component.within(0.10),)),
    Aggregate("c", 50, (Component.within(0.30),)),
]
ONE_FACTOR = [Aggregate(str(i), 1, (Component.within(0.1, "f"),)) for i in range(1_000)]
DISTINCT = [Aggregate(str(i), 1, (Component.within(0.1, f"f{i}"),)) for i in range(1_000)]
LIFETIME = [
    Aggregate(str(i), 1, (Component.within(0.1, f"f{i}"), Component.within(0.1, "lifetime")))
    for i in range(1_000)
]


@pytest.mark.parametrize(
    "aggregates",
    [PRODUCT, SUM, ONE_FACTOR, DISTINCT, LIFETIME],
    ids=["product", "sum", "one factor", "distinct factors", "shared lifetime"],
)
def test_a_simulation_of_narrow_errors_is_within_two_per_cent_of_error_propagation(aggregates):
    result = simulate(aggregates, seed=2023)

    assert result.draws == 100_000
    assert result.half_width == pytest.approx(combine(aggregates).half_width, rel=0.02)
    assert result.mean == pytest.approx(result.point, rel=0.002)
    assert result.converged


def test_a_trend_of_narrow_errors_is_within_two_per_cent_of_error_propagation():
    base = [
        Aggregate("a", 100, (Component.within(0.07, "coal"), Component.within(0.02))),
        Aggregate("b", 60, (Component.within(0.05, "grid"), Component.within(0.03))),
    ]
    year = [
        Aggregate("a", 70, (Component.within(0.07, "coal"), Component.within(0.02))),
        Aggregate("b", 75, (Component.within(0.05, "grid"), Component.within(0.03))),
    ]

    result = simulate_trend(base, year, seed=1)

    assert result.point == pytest.approx(145 / 160 - 1)
    assert result.half_width == pytest.approx(trend(base, year).half_width, rel=0.02)


def test_a_shared_factor_leaves_the_trend_certain_and_activities_do_not():
    shared = [Aggregate("a", 10, (Component.within(0.5, "factor"),))]
    own = [Aggregate("a", 10, (Component.within(0.2),))]

    assert simulate_trend(shared, shared, seed=1, draws=1_000).half_width == pytest.approx(0)
    assert simulate_trend(own, own, seed=1, draws=1_000).half_width > 0.2


def test_order_never_changes_a_bit():
    aggregates = [
        Aggregate(
            str(i),
            1 + i / 7,
            (
                Component.within(0.1, f"f{i % 9}"),
                Component.within(0.1, "lifetime"),
                Component.within(0.1, "exchange", -1),
                Component.within(0.1),
                Component.within(0.2),
            ),
        )
        for i in range(40)
    ]
    shuffled = [Aggregate(a.id, a.value, a.components[::-1]) for a in aggregates]
    random.Random(4).shuffle(shuffled)

    assert simulate(shuffled, seed=9, draws=3_000) == simulate(aggregates, seed=9, draws=3_000)


def test_a_seed_repeats_its_draws_and_another_seed_does_not():
    once = draw_totals(SUM, seed=5, draws=2_500)

    assert np.array_equal(once, draw_totals(SUM, seed=5, draws=2_500))
    assert not np.any(once == draw_totals(SUM, seed=6, draws=2_500))


def test_further_draws_leave_the_first_ones_as_they_were():
    assert np.array_equal(
        draw_totals(SUM, seed=5, draws=2_500), draw_totals(SUM, seed=5, draws=7_001)[:2_500]
    )


def test_a_further_group_changes_no_other_draws():
    further = Aggregate("00", 0.0, (Component.within(0.2, "new"), Component.within(0.1)))

    assert np.array_equal(
        draw_totals([*LIFETIME[:5], further], seed=5, draws=2_500),
        draw_totals(LIFETIME[:5], seed=5, draws=2_500),
    )


@pytest.mark.parametrize(
    ("component", "shape"),
    [
        (Component.within(0.30), "normal"),
        (Component.within(0.31), "lognormal"),
        (Component(0.5, 1.0), "lognormal"),
        (Component(1.0, 2.0), "two-piece normal"),
        (Component(0.4, 0.1), "two-piece normal"),
    ],
)
def test_the_shape_follows_from_width_and_skew(component, shape):
    assert distribution(component) == shape


@pytest.mark.parametrize(
    "component",
    [
        Component.within(0.05),
        Component.within(0.30),
        Component(0.5, 1.0),
        Component(0.1, 0.12),
        Component(0.99, 9.0),
        Component(1.0, 2.0),
        Component(0.4, 0.1),
    ],
)
def test_the_ends_of_an_interval_are_its_percentiles(component):
    ends = error_of(component)(np.array([-Z975, Z975]))

    assert ends == pytest.approx([1 - component.low, 1 + component.high])


def test_a_wide_symmetric_interval_keeps_its_mean_and_its_variation():
    errors = error_of(Component.within(0.8))(np.random.default_rng(1).standard_normal(1_000_000))

    assert errors.min() > 0
    assert errors.mean() == pytest.approx(1, rel=0.002)
    assert errors.std() == pytest.approx(0.8 / Z975, rel=0.01)


def test_a_wide_error_gives_an_asymmetric_interval_above_zero():
    result = simulate([Aggregate("a", 100, (Component.within(0.9, "f"),))], seed=1)

    assert result.low > 0
    assert result.high - result.mean > result.mean - result.low


def test_no_draw_of_a_two_piece_normal_is_negative():
    errors = error_of(Component(1.0, 2.0))(np.array([-5.0, -2.5, 0.0]))

    assert list(errors) == [0, 0, 1]


def test_a_parameter_that_divides_offsets_the_same_one_that_multiplies():
    component = (Component.within(0.2, "rate", 1), Component.within(0.2, "rate", -1))

    totals = draw_totals([Aggregate("a", 7, component)], seed=1, draws=1_000)

    assert totals == pytest.approx(np.full(1_000, 7.0))


def test_certain_values_stay_certain():
    result = simulate([Aggregate("a", 3), Aggregate("b", 4)], seed=1, draws=1_000)

    assert (result.low, result.mean, result.high, result.standard_error) == (7, 7, 7, 0)


def test_a_result_can_be_written_as_json():
    result = simulate(SUM, seed=1, draws=1_000)

    assert json.loads(json.dumps(asdict(result))) == asdict(result)
    assert {type(x) for x in asdict(result).values()} == {int, float}


def test_the_standard_error_is_how_far_half_widths_of_other_seeds_scatter():
    results = [simulate(PRODUCT, seed=s, draws=5_000) for s in range(60)]

    scatter = np.std([r.half_width for r in results], ddof=1) / results[0].half_width

    assert np.mean([r.standard_error for r in results]) == pytest.approx(scatter, rel=0.35)


def test_few_draws_of_a_wide_error_do_not_count_as_converged():
    wide = [Aggregate("a", 1, (Component.within(2.0),))]

    assert not simulate(wide, seed=1, draws=1_000).converged


@pytest.mark.parametrize(
    "bad",
    [
        lambda: simulate(SUM, seed=1, draws=999),
        lambda: simulate([*SUM, SUM[0]], seed=1, draws=1_000),
        lambda: simulate_trend([], SUM, seed=1, draws=1_000),
        lambda: simulate_trend(
            [Aggregate("a", 1), Aggregate("b", -0.9, (Component.within(0.5),))],
            SUM,
            seed=1,
        ),
    ],
)
def test_what_cannot_be_simulated_is_refused(bad):
    with pytest.raises(UncertaintyError):
        bad()
