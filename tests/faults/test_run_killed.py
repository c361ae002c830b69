"""Whoever calculates runs is killed at every step; they are there once, with all digits."""

import pytest
from house import killed_everywhere, told

pytestmark = pytest.mark.sql


@pytest.fixture(scope="module")
def calculated(home):
    """The runs of 2022 and 2023 are drafts, and asked for anew."""
    home.do("ask_for_run")
    home.do("work")
    home.do("ask_for_run")
    home.save("run asked")
    return home


def test_runs_whose_worker_is_killed_at_any_step_are_there_once_with_the_same_digests(calculated):
    wrong = killed_everywhere(calculated, "run asked", "inventory.calculate")

    assert not wrong, told(wrong)
