"""Whoever writes a list as a file is killed at every step; the file is there whole, or not."""

import pytest
from house import killed_everywhere, told

pytestmark = pytest.mark.sql


def test_a_list_whose_worker_is_killed_at_any_step_is_there_whole(home):
    home.do("ask_for_export")
    home.save("export asked")

    wrong = killed_everywhere(home, "export asked", "export")

    assert not wrong, told(wrong)
    home.restore("export asked")
    home.do("work")
    (file,) = (home.root / "derived" / "exports").iterdir()
    lines = file.read_text("utf-8-sig").splitlines()
    assert (file.suffix, len(lines)) == (".csv", 25)
