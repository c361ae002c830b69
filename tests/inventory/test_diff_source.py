"""The change of one source: properties that hold whatever its slices are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.inventory.attribution import DecompositionError, Method, shapley
from linyin.inventory.diff_causes import split
from linyin.inventory.diff_legs import QUANTUM_BITS, Place, Slice
from linyin.inventory.diff_matching import Pair
from linyin.inventory.diff_simple import shapley_of_three


def a_slice(
    kg: int, share: float, factor: float, *, line: str = "1.1", instrument: str = "", n: int = 0
) -> Slice:
    mass = round(kg * share * factor)
    return Slice(
        n, Place("S", "process", "x", "", "", ""), line, "reported", "process", 1, "kg", "f",
        "combustion", instrument, (31 * n, 31 * n + 31), (0.0, 1.0), "", kg << QUANTUM_BITS, mass,
        1, share, factor,
    )  # fmt: skip


slices = st.lists(
    st.tuples(
        st.integers(1, 10**9),
        st.sampled_from([1.0, 0.5, 1 / 3, 0.415]),
        st.floats(1e-3, 1e9),
    ),
    min_size=1,
    max_size=4,
).map(lambda rows: [a_slice(*row, n=n) for n, row in enumerate(rows)])
NO_BASES: tuple[dict[str, str], dict[str, str]] = ({}, {})


def parts_of(before: list[Slice], after: list[Slice], method: Method = "shapley"):
    pair = Pair(before[0].at, tuple(before), tuple(after))
    return split(pair, None, NO_BASES, method=method)


@given(slices, slices, st.sampled_from(["shapley", "lmdi"]))
def test_parts_of_a_source_add_up_to_its_change(before, after, method):
    change = sum(s.mass for s in after) - sum(s.mass for s in before)

    assert sum(parts_of(before, after, method).values()) == change


@given(slices, slices)
def test_the_way_back_of_a_source_is_the_negative(before, after):
    back = parts_of(after, before)

    assert parts_of(before, after) == {cause: -mg for cause, mg in back.items()}


@given(slices, slices, st.randoms())
def test_the_order_of_slices_does_not_matter(before, after, random):
    shuffled = [random.sample(side, len(side)) for side in (before, after)]

    assert parts_of(*shuffled) == parts_of(before, after)


@given(slices, st.integers(2, 9))
def test_one_quantity_times_k_is_wholly_activity(before, k):
    after = [a_slice(k * (s.quantity >> QUANTUM_BITS), s.share, s.factor, n=s.leg) for s in before]
    change = sum(s.mass for s in after) - sum(s.mass for s in before)

    assert parts_of(before, after) == ({"activity": change} if change else {})


@given(slices, st.sampled_from([0.25, 0.7, 0.9]))
def test_other_shares_are_wholly_structure(before, share):
    after = [a_slice(s.quantity >> QUANTUM_BITS, share * s.share, s.factor, n=s.leg)
             for s in before]  # fmt: skip
    change = sum(s.mass for s in after) - sum(s.mass for s in before)

    assert parts_of(before, after) == ({"structure": change} if change else {})


@given(slices, st.floats(1.01, 3))
def test_other_factors_are_wholly_factor(before, k):
    after = [a_slice(s.quantity >> QUANTUM_BITS, s.share, k * s.factor, n=s.leg) for s in before]
    change = sum(s.mass for s in after) - sum(s.mass for s in before)

    assert parts_of(before, after) == ({"factor": change} if change else {})


def test_legs_that_do_not_make_their_entries_are_refused():
    whole = a_slice(1000, 1.0, 1e6)

    with pytest.raises(DecompositionError, match="legs make"):
        parts_of([whole], [whole._replace(mass=whole.mass + 100)])


def test_the_closed_form_is_the_shapley_value():
    before, after = (3, 0.5, 7.0), (5, 0.75, 11.0)
    names = ("q", "s", "f")

    exact = shapley([before], [after], names)

    assert shapley_of_three(before, after) == pytest.approx([float(exact[n]) for n in names])
