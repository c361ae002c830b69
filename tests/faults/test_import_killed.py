"""Whoever works on an import is killed at every step; its rows come in once, or go out once."""

import pytest
from house import differences, killed_everywhere, told

pytestmark = pytest.mark.sql


@pytest.fixture(scope="module")
def asked(home):
    home.do("build_import")
    home.save("check asked")
    home.do("work")
    home.do("ask_for_commit")
    home.save("commit asked")
    home.do("work")
    home.save("committed")
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


def test_an_undo_that_is_killed_at_any_step_is_done_when_it_is_asked_for_again(asked):
    asked.restore("committed")
    asked.do("undo")
    names = asked.boundaries()
    undisturbed = asked.do("work", then_describe=True)
    wrong = {}
    for number, name in enumerate(names):
        asked.restore("committed")
        code, _ = asked.run("undo", kill_at=(name, names[:number].count(name)))
        assert (code, asked.boundaries()[-1]) == (-9, name)
        code, _ = asked.run("undo")
        found = asked.do("work", then_describe=True)
        faults = differences(undisturbed, found) if code == 0 else {"refused": code}
        if faults:
            wrong[name] = faults

    assert not wrong, told(wrong)
