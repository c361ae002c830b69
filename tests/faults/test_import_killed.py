"""Whoever works on an import is killed at every step; its rows come in once, or go out once."""

import pytest
from house import killed_everywhere, told

pytestmark = pytest.mark.sql


@pytest.fixture(scope="module")
def asked(home):
    home.do("build_import")
    home.save("check asked")
    home.do("work")
    home.do("ask_for_commit")
    home.save("commit asked")
    home.do("work")
    home.do("ask_for_undo")
    home.save("undo asked")
    return home


def test_a_check_whose_worker_is_killed_at_any_step_ends_as_if_nobody_had_been(asked):
    wrong = killed_everywhere(asked, "check asked", "inventory.check_import")

    assert not wrong, told(wrong)


def test_a_commit_whose_worker_is_killed_at_any_step_writes_its_rows_once(asked):
    wrong = killed_everywhere(asked, "commit asked", "inventory.import")

    assert not wrong, told(wrong)


def test_the_current_rows_are_derived_whoever_is_killed(asked):
    wrong = killed_everywhere(asked, "commit asked", "derive-activities")

    assert not wrong, told(wrong)


def test_an_undo_whose_worker_is_killed_at_any_step_takes_its_rows_back_once(asked):
    wrong = killed_everywhere(asked, "undo asked", "inventory.undo_import")

    assert not wrong, told(wrong)
