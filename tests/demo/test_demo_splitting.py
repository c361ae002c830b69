from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.demo.splitting import Noise, equal_parts, weighted_parts

WHOLES = st.integers(0, 10**15)


@given(WHOLES, st.lists(st.integers(0, 5000), min_size=1, max_size=40).filter(any))
def test_weighted_parts_sum_to_the_whole_and_stay_within_one_of_their_share(
    total: int, weights: list[int]
) -> None:
    parts = weighted_parts(total, weights)

    assert sum(parts) == total
    whole = sum(weights)
    assert all(
        abs(part * whole - total * weight) < whole
        for part, weight in zip(parts, weights, strict=True)
    )


@given(WHOLES, st.integers(1, 200), st.integers(0, 2**32))
def test_equal_parts_are_as_many_as_asked_and_sum_to_the_whole(
    total: int, count: int, seed: int
) -> None:
    parts = list(equal_parts(total, count, Noise(seed, "x")))

    assert len(parts) == count
    assert sum(parts) == total
    assert min(parts) >= 0


def test_equal_parts_are_not_all_alike() -> None:
    parts = list(equal_parts(10_000, 10, Noise(1, "x")))
    assert len(set(parts)) > 5
    assert all(400 - 1 <= part <= 1600 + 1 for part in parts)


def test_no_weight_above_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        weighted_parts(5, [0, 0])


def test_noise_is_splitmix64() -> None:
    """First outputs for state 1234567, as in the test vector of Vigna's splitmix64.c."""
    noise = Noise(0, "")
    noise._state = 1234567
    assert [noise.below(2**64) for _ in range(3)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


def test_noise_depends_on_seed_and_key() -> None:
    first = [Noise(seed, key).below(2**64) for seed, key in ((1, "a"), (1, "b"), (2, "a"))]
    assert len(set(first)) == 3
    assert Noise(1, "a").below(2**64) == first[0]
