"""Whoever publishes a run is killed at every step; published again, it is published once."""

import pytest
from house import differences, told

pytestmark = pytest.mark.sql


@pytest.fixture(scope="module")
def approved(home):
    home.do("ask_for_run")
    home.do("work")
    home.do("approve")
    home.save("approved")
    return home


def test_a_publication_whose_server_is_killed_at_any_step_is_made_once(approved):
    approved.do("publish")
    undisturbed, names = approved.do("published"), approved.boundaries()
    assert undisturbed["publication"]["state"] == "published"
    assert any("published.json" in name for name in names), names
    wrong = {}
    for number, name in enumerate(names):
        approved.restore("approved")
        code, _ = approved.run("publish", kill_at=(name, names[:number].count(name)))
        assert (code, approved.boundaries()[-1]) == (-9, name)

        approved.do("publish")

        faults = differences(undisturbed, approved.do("published"))
        if faults:
            wrong[f"{number} {name}"] = faults
    assert not wrong, told(wrong)
