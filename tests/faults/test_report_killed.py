"""Whoever writes a report is killed at every step; it is there whole or not at all."""

import pytest
from house import killed_everywhere, told

pytestmark = pytest.mark.sql


@pytest.fixture(scope="module")
def calculated(home):
    home.do("ask_for_run")
    home.do("work")
    home.save("calculated")
    return home


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_a_report_whose_worker_is_killed_at_any_step_is_there_whole(calculated, kind):
    calculated.restore("calculated")
    calculated.do("ask_for_report", kind=kind)
    calculated.save(f"{kind} asked")

    wrong = killed_everywhere(calculated, f"{kind} asked", "inventory.report")

    assert not wrong, told(wrong)
