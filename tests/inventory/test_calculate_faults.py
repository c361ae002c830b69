"""A crash at any moment leaves the last good state, and the next calculation works."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from builders import FolderBuilder
from linyin.inventory.calculate import calculate
from linyin.inventory.inventory import Inventory
from linyin.inventory.jobs import Request
from linyin.inventory.publish import publish
from linyin.inventory.replay import replay
from linyin.lake import BadInput

WRITER = """
import sys
from linyin.inventory.calculate import calculate
from linyin.inventory.jobs import Request
print("ready", flush=True)
calculate(sys.argv[1], Request((2023,)))
"""


def company(folder: FolderBuilder, quantity: float = 1) -> FolderBuilder:
    folder.tables.clear()
    folder.company("S").factor("f", use="process", item="x", unit="t", co2_kg="1000")
    for number in range(300):
        folder.activity(
            f"r{number}", source_type="process", item="x", quantity=quantity + number, unit="t"
        )
    return folder


def test_kill_at_any_moment_leaves_a_whole_run_and_the_next_calculation_works(folder):
    before = company(folder).calculate(2023)
    total, bundle = before.total("location"), before.path
    company(folder, quantity=2).write()
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", WRITER, str(folder.path)], check=True)
    length = time.monotonic() - start
    changed = Inventory(bundle).total("location")
    assert changed != total
    moments = random.Random(5)
    for _ in range(6):
        company(folder, quantity=1).write()
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder.path)], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(moments.uniform(0, length / 2))
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        if bundle.exists():
            assert Inventory(bundle).total("location") in (total, changed)
            assert replay(bundle).same

    again = calculate(folder.path, Request((2023,)))[0]

    assert again.total("location") == total
    assert not list((folder.path / ".linyin").glob("work-*"))


def test_published_run_keeps_its_place_and_its_bytes(folder):
    first = company(folder).calculate(2023)
    publish(first.path, prepared_by="Ann", approved_by="Bo")

    second = company(folder, quantity=5).calculate(2023)

    assert second.path != first.path
    assert replay(first.path).same
    assert Inventory(first.path).run["state"] == "published"
    assert second.run["state"] == "draft"


def test_place_that_holds_something_else_is_never_overwritten(folder, tmp_path):
    precious = tmp_path / "photos"
    precious.mkdir()
    (precious / "cat.jpg").write_bytes(b"cat")
    path = company(folder).write()

    with pytest.raises(BadInput) as caught:
        calculate(path, Request((2023,)), out=precious)

    assert [f.code for f in caught.value.findings] == ["bundle-place-taken"]
    assert (precious / "cat.jpg").read_bytes() == b"cat"


def test_removed_file_takes_its_rows_out_of_the_next_inventory(folder):
    company(folder).calculate(2023)
    extra = folder.path / "activities-extra.csv"
    extra.write_text(
        "external_id,site,source_type,item,period,quantity,unit\nz,S,process,x,2023,1000000,t\n"
    )
    with_extra = calculate(folder.path, Request((2023,)))[0].total("location")
    extra.unlink()

    without = calculate(folder.path, Request((2023,)))[0].total("location")

    assert with_extra - without == 1_000_000 * 1_000_000_000
