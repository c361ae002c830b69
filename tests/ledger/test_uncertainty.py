import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.ledger.uncertainty import (
    Aggregate,
    Component,
    UncertaintyError,
    combine,
    root_sum_square,
)

widths = st.floats(0, 0.9)
values = st.floats(-1e6, 1e6)


def rows(n: int, *components: Component) -> list[Aggregate]:
    """n equal aggregates of 1 t with the same components."""
    return [Aggregate(f"row {i:04}", 1.0, components) for i in range(n)]


def distinct_factors(n: int, *shared: Component) -> list[Aggregate]:
    return [
        Aggregate(f"row {i:04}", 1.0, (Component.within(0.10, f"factor {i}"), *shared))
        for i in range(n)
    ]


def test_a_product_adds_relative_errors_in_quadrature():
    product = Aggregate("a", 7.0, (Component.within(0.05), Component.within(0.10)))

    assert combine([product]).relative == pytest.approx(0.111803, abs=5e-7)


def test_a_sum_adds_absolute_errors_in_quadrature():
    terms = [
        Aggregate("a", 100, (Component.within(0.05),)),
        Aggregate("b", 200, (Component.within(0.10),)),
        Aggregate("c", 50, (Component.within(0.30),)),
    ]

    assert combine(terms).relative == pytest.approx(0.072843, abs=5e-7)
    assert combine(terms).total == 350


def test_rows_on_one_shared_factor_keep_its_whole_uncertainty():
    assert combine(rows(1_000, Component.within(0.10, "factor"))).relative == pytest.approx(0.1)


def test_rows_on_distinct_factors_average_out():
    assert combine(distinct_factors(1_000)).relative == pytest.approx(0.00316, abs=5e-6)


def test_distinct_factors_with_one_shared_lifetime_are_correlated_again():
    shared = combine(distinct_factors(1_000, Component.within(0.10, "lifetime")))

    assert shared.relative == pytest.approx(math.sqrt(0.1**2 + 0.1**2 / 1_000), rel=1e-12)


def test_a_parameter_that_divides_offsets_the_same_parameter_that_multiplies():
    both = [
        Aggregate("a", 5, (Component.within(0.1, "rate", 1),)),
        Aggregate("b", 5, (Component.within(0.1, "rate", -1),)),
    ]

    assert combine(both).half_width == 0


def test_a_reversal_cancels_the_error_of_what_it_reverses_only_on_the_same_factor():
    same = [
        Aggregate("a", 10, (Component.within(0.1, "factor"),)),
        Aggregate("b", -4, (Component.within(0.1, "factor"),)),
    ]
    apart = [
        Aggregate("a", 10, (Component.within(0.1, "one"),)),
        Aggregate("b", -4, (Component.within(0.1, "two"),)),
    ]

    assert combine(same).half_width == pytest.approx(0.6)
    assert combine(apart).half_width == pytest.approx(math.hypot(1, 0.4))


def test_contributions_are_ranked_and_their_shares_add_up_to_one():
    result = combine(
        [
            Aggregate("a", 100, (Component.within(0.05, "grid"), Component.within(0.02))),
            Aggregate("b", 200, (Component.within(0.10, "steel"),)),
        ]
    )

    assert [(c.name, c.kind) for c in result.contributions] == [
        ("steel", "group"),
        ("grid", "group"),
        ("a", "independent"),
    ]
    assert [c.half_width for c in result.contributions] == pytest.approx([20, 5, 2])
    assert math.fsum(c.share for c in result.contributions) == pytest.approx(1)


@pytest.mark.parametrize(("half_width", "warned"), [(0.30, False), (0.31, True)])
def test_a_component_above_thirty_per_cent_carries_a_warning(half_width, warned):
    result = combine([Aggregate("a", 1, (Component.within(half_width, "loose"),))])

    assert [(w.name, w.half_width) for w in result.warnings] == (
        [("loose", half_width)] if warned else []
    )


def test_an_exponent_widens_a_component_and_so_its_warning():
    result = combine([Aggregate("a", 1, (Component.within(0.2, "length", 2),))])

    assert result.half_width == pytest.approx(0.4)
    assert [w.name for w in result.warnings] == ["length"]


def test_an_asymmetric_interval_counts_with_its_larger_side():
    assert combine([Aggregate("a", 10, (Component(0.1, 0.25),))]).half_width == pytest.approx(2.5)


def test_a_total_of_zero_has_a_half_width_but_no_relative_one():
    result = combine(
        [
            Aggregate("a", 1, (Component.within(0.1),)),
            Aggregate("b", -1, (Component.within(0.1),)),
        ]
    )

    assert result.relative is None
    assert result.half_width == pytest.approx(math.hypot(0.1, 0.1))


def test_nothing_at_all_is_certain():
    assert combine([]).half_width == 0


@pytest.mark.parametrize(
    "bad",
    [
        lambda: Component.within(-0.1),
        lambda: Component.within(math.nan),
        lambda: Component(1.2, 0.5),
        lambda: Component.within(0.1, "", math.inf),
        lambda: Aggregate("a", math.nan),
        lambda: combine([Aggregate("a", 1), Aggregate("a", 2)]),
    ],
)
def test_what_has_no_uncertainty_is_refused(bad):
    with pytest.raises(UncertaintyError):
        bad()


@given(st.lists(st.tuples(values, widths, st.sampled_from(["", "x", "y"])), max_size=30), st.data())
def test_order_never_changes_a_bit(rows, data):
    aggregates = [
        Aggregate(str(i), v, (Component.within(u, g), Component.within(u / 2)))
        for i, (v, u, g) in enumerate(rows)
    ]
    shuffled = data.draw(st.permutations(aggregates))

    assert combine(shuffled) == combine(aggregates)


@given(st.lists(st.tuples(st.floats(0, 1e6), widths), min_size=1, max_size=20))
def test_sharing_a_group_never_narrows_a_sum_of_positive_values(rows):
    apart = [Aggregate(str(i), v, (Component.within(u),)) for i, (v, u) in enumerate(rows)]
    together = [Aggregate(str(i), v, (Component.within(u, "g"),)) for i, (v, u) in enumerate(rows)]

    assert combine(together).half_width >= combine(apart).half_width * (1 - 1e-12)


@given(st.lists(st.tuples(st.floats(0.1, 1e6), widths), min_size=1, max_size=20))
def test_splitting_an_aggregate_of_one_group_changes_nothing(rows):
    whole = [Aggregate(str(i), v, (Component.within(u, "g"),)) for i, (v, u) in enumerate(rows)]
    halves = [Aggregate(f"{a.id}{half}", a.value / 2, a.components) for a in whole for half in "ab"]

    assert combine(halves).half_width == pytest.approx(combine(whole).half_width)


def test_root_sum_square_is_the_euclidean_norm_in_any_order():
    numbers = [random.Random(1).uniform(-5, 5) for _ in range(999)]

    assert root_sum_square(numbers) == pytest.approx(math.hypot(*numbers))
    assert root_sum_square(numbers) == root_sum_square(sorted(numbers))
