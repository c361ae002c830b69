"""Rows of a file come after those they name."""

from graphlib import CycleError, TopologicalSorter

from hypothesis import given
from hypothesis import strategies as st

from linyin.platform.resources.intake_order import in_order

NAMED = st.dictionaries(
    st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefghz"), max_size=3), max_size=8
)


@given(NAMED)
def test_rows_come_after_those_they_name_unless_in_a_circle(named):
    order, circles = in_order(named)

    assert sorted(order) == sorted(named)
    for circle in circles:
        for here, there in zip(circle, circle[1:] + circle[:1], strict=True):
            assert there in named[here]
    try:
        graph = {code: [n for n in names if n in named] for code, names in named.items()}
        list(TopologicalSorter(graph).static_order())
    except CycleError:
        assert circles
    else:
        assert circles == []
        for code, names in named.items():
            assert all(order.index(n) < order.index(code) for n in names if n in named)


def test_rows_keep_the_order_of_the_file_but_for_what_another_names():
    assert in_order({"a": [], "d": ["e"], "b": ["a"], "e": []}) == (["a", "e", "d", "b"], [])


def test_a_chain_as_long_as_a_file_is_no_trouble():
    chain = {str(n): [str(n + 1)] for n in range(20_000)}

    assert in_order(chain) == ([str(n) for n in range(19_999, -1, -1)], [])
