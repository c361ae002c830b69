from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.organization.nodes import Placement
from linyin.organization.periods import Period
from linyin.organization.tree import Tree

from .company import Company

DAY = date(2023, 6, 1)


@pytest.fixture
def tree():
    return (
        Company()
        .group()
        .entity("A")
        .entity("B")
        .site("S", "A", to="2023-07-01")
        .site("S", "B", **{"from": "2023-07-01"})
        .department("D", "S")
        .build()
        .tree
    )


def test_a_node_stands_below_one_parent_a_day(tree):
    assert tree.at(DAY).path("D") == ["G", "A", "S", "D"]
    assert tree.at(date(2023, 7, 1)).path("D") == ["G", "B", "S", "D"]


def test_a_subtree_is_the_node_and_all_below_it_each_before_its_children(tree):
    today = tree.at(DAY)
    assert today.subtree("G") == ["G", "A", "S", "D", "B"]
    assert today.subtree("D") == ["D"]
    assert today.children("G") == ("A", "B")
    assert today.ancestors("S") == ["A", "G"]
    assert today.roots == ("G",)


def test_what_hangs_on_nothing_that_day_is_not_in_the_tree():
    tree = Company().group().entity("A", **{"from": "2023-07-01"}).site("S", "A").build().tree
    assert "S" not in tree.at(DAY)
    assert "S" in tree.at(date(2023, 7, 1))
    with pytest.raises(KeyError):
        tree.at(DAY).subtree("S")


def test_a_node_without_a_parent_but_with_one_owner_stands_below_the_owner():
    tree = Company().group().entity("A", parent="").build().tree
    assert tree.at(DAY).path("A") == ["G", "A"]


def test_a_loop_is_left_out_and_ends():
    tree = Tree([Placement("A", "B", Period.always), Placement("B", "A", Period.always)])
    assert "A" not in tree.at(DAY)
    assert list(tree.upwards("A", DAY)) == ["A", "B"]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_every_node_is_once_in_the_trees_and_below_all_its_ancestors(parents):
    placements = [
        Placement(f"N{n}", "" if n == 0 else f"N{up % n}", Period.always)
        for n, up in enumerate(parents)
    ]
    today = Tree(placements).at(DAY)
    assert sorted(today.subtree("N0")) == sorted(p.node for p in placements)
    for placement in placements:
        for above in today.ancestors(placement.node):
            assert placement.node in today.subtree(above)
        assert today.path(placement.node)[0] == "N0"
