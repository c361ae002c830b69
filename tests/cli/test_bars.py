from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.cli.bars import waterfall_bars


def test_every_step_begins_where_the_one_before_ended() -> None:
    bars = waterfall_bars(4, [4, -6], 8)

    assert [bar.text for bar in bars] == ["████    ", "    ████", "  ██████", "██      "]
    assert not any(bar.is_cut for bar in bars)


def test_levels_that_hardly_differ_are_drawn_from_below_the_lowest_and_marked() -> None:
    first, step, last = waterfall_bars(100, [-10], 10)

    assert (first.is_cut, step.is_cut, last.is_cut) == (True, False, True)
    assert (first.text, step.text, last.text) == ("██████████", "  ████████", "██        ")


def test_what_is_there_is_never_invisible() -> None:
    bars = waterfall_bars(100, [1e-9, -1e-9], 10)

    assert all(bar.text.strip() for bar in bars)


def test_half_a_character_is_drawn_as_half() -> None:
    assert [bar.text for bar in waterfall_bars(3, [5], 4)] == ["█▌  ", " ▐██", "████"]


@pytest.mark.parametrize("first", [0.0, -5.0])
def test_totals_of_zero_and_below_are_drawn(first: float) -> None:
    bars = waterfall_bars(first, [5.0, 2.5], 10)

    assert [len(bar.text) for bar in bars] == [10, 10, 10, 10]


def test_the_least_number_that_there_is_is_drawn() -> None:
    bars = waterfall_bars(5e-324, [], 4)

    assert [bar.text for bar in bars] == ["████", "████"]


@given(
    st.floats(-1e15, 1e15),
    st.lists(st.floats(-1e15, 1e15), max_size=9),
    st.integers(4, 60),
)
def test_every_bar_is_as_wide_as_the_drawing_and_one_piece(
    first: float, steps: list[float], width: int
) -> None:
    bars = waterfall_bars(first, steps, width)

    assert len(bars) == len(steps) + 2
    for bar in bars:
        assert len(bar.text) == width
        assert len(bar.text.split()) == 1
