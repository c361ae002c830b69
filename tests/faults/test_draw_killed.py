"""Whoever draws a sample is killed at every step; it is drawn once, with all its entries."""

import pytest
from house import killed_everywhere, told

pytestmark = pytest.mark.sql


def test_a_sample_whose_worker_is_killed_at_any_step_is_drawn_once_and_whole(home):
    home.do("ask_for_run")
    home.do("work")
    home.do("engage_verifier")
    home.do("ask_for_sample")
    home.save("sample asked")

    wrong = killed_everywhere(home, "sample asked", "inventory.draw")

    assert not wrong, told(wrong)
