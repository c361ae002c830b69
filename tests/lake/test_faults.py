"""Real processes are killed, refused, starved of disk: the lake keeps its last good version."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pytest

from linyin.lake.store import LakeBusy
from linyin.lake.tables import Lake

sys.path.insert(0, str(Path(__file__).parent))
import writer

WRITER = Path(writer.__file__)


def start(folder: Path, *args: str, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WRITER), str(folder), *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    with start(folder, *args) as child:
        out, err = child.communicate(timeout=120)
    return subprocess.CompletedProcess(child.args, child.returncode, out, err)


def made(folder: Path) -> Lake:
    lake = Lake(folder)
    lake.create("facts", writer.SCHEMA)
    return lake


def whole_batches(lake: Lake) -> set[int]:
    """Numbers of the batches in the lake, each of which must be there with all its rows, once."""
    found = duckdb.sql(
        f"SELECT batch, count(*), count(DISTINCT row) FROM {lake.scan('facts')} GROUP BY batch"
    ).fetchall()
    assert {(n, d) for _, n, d in found} <= {(writer.ROWS, writer.ROWS)}
    assert lake.rows("facts") == writer.ROWS * len(found)
    return {number for number, *_ in found}


def settled(lake: Lake) -> bool:
    return all(b.state != "open" for b in lake.register.batches())


@pytest.mark.parametrize("step", writer.STEPS)
def test_a_writer_killed_at_any_step_leaves_the_last_good_version_or_the_finished_one(
    tmp_path, step
):
    lake = made(tmp_path / "lake")
    writer.write(lake, 1)
    finished = step in {"after-delta-commit", "before-committed", "after-committed"}

    child = run(lake.path, "step", step)

    assert child.returncode == -9, child.stderr
    assert whole_batches(lake) == ({1, 99} if step == "after-committed" else {1})
    reopened = Lake(lake.path)
    assert whole_batches(reopened) == ({1, 99} if finished else {1})
    assert settled(reopened)
    assert len(list((lake.path / "facts").glob("*/*.parquet"))) == (2 if finished else 1)
    writer.write(reopened, 2)
    assert whole_batches(reopened) == ({1, 2, 99} if finished else {1, 2})


def test_a_writer_that_opened_the_lake_before_the_crash_sweeps_too(tmp_path):
    lake = made(tmp_path / "lake")

    run(lake.path, "step", "before-committed")
    writer.write(lake, 2)

    assert whole_batches(lake) == {2, 99}
    assert settled(lake)


@pytest.mark.parametrize("step", writer.MAINTENANCE)
def test_killed_while_files_are_merged_no_row_changes(tmp_path, step):
    lake = made(tmp_path / "lake")
    for number in range(3):
        writer.write(lake, number)

    child = run(lake.path, "compact", step)

    assert child.returncode == -9, child.stderr
    assert whole_batches(lake) == {0, 1, 2}
    reopened = Lake(lake.path)
    assert whole_batches(reopened) == {0, 1, 2}
    assert len(reopened.files("facts")) == (3 if step == "before-merge" else 1)
    assert settled(reopened)
    writer.write(reopened, 3)
    assert whole_batches(reopened) == {0, 1, 2, 3}


def test_killed_after_files_were_removed_pinned_and_current_rows_are_there(tmp_path):
    lake = made(tmp_path / "lake")
    for number in range(3):
        writer.write(lake, number)
    lake.pin("facts", 2, "run")
    pinned = lake.files("facts", 2)
    lake.compact("facts")

    child = run(lake.path, "vacuum", "before-committed")

    assert child.returncode == -9, child.stderr
    reopened = Lake(lake.path)
    assert settled(reopened)
    assert whole_batches(reopened) == {0, 1, 2}
    assert all(Path(file).is_file() for file in pinned)
    assert len(list((lake.path / "facts").glob("*/*.parquet"))) == 2


def test_a_writer_killed_at_random_times_loses_nothing_it_had_committed(tmp_path):
    lake = made(tmp_path / "lake")
    chance = random.Random(20230501)
    told: set[int] = set()
    for go in range(8):
        with start(lake.path, "loop", str(go * 1000), str(go * 1000 + 999)) as child:
            told.add(int(child.stdout.readline()))
            time.sleep(chance.uniform(0, 0.4))
            child.kill()
            told |= {
                int(line)
                for line in child.stdout.read().splitlines(keepends=True)
                if line.endswith("\n")
            }
        reopened = Lake(lake.path)
        there = whole_batches(reopened)
        assert told <= there
        assert len(there - told) <= go + 1
        assert settled(reopened)
    writer.write(reopened, 99_999)
    assert whole_batches(reopened) == there | {99_999}


def test_two_writers_at_once_wait_for_each_other_and_lose_nothing(tmp_path):
    lake = made(tmp_path / "lake")
    with start(lake.path, "loop", "0", "12") as one, start(lake.path, "loop", "100", "112") as two:
        outputs = [child.communicate(timeout=120) for child in (one, two)]

    assert [one.returncode, two.returncode] == [0, 0], outputs
    assert whole_batches(lake) == {*range(12), *range(100, 112)}
    assert lake.version("facts") == 24


def test_a_writer_is_refused_by_name_of_the_other_and_gets_the_table_when_that_is_killed(tmp_path):
    lake = made(tmp_path / "lake")
    with start(lake.path, "hold") as child:
        assert child.stdout.readline() == "holding\n"
        with pytest.raises(LakeBusy, match=f'"pid": {child.pid}.*a long import'):
            lake.batch("facts", reason="mine", wait=0.2).__enter__()
        assert whole_batches(Lake(lake.path)) == set()
        assert not settled(lake)
        child.kill()

    writer.write(lake, 1)

    assert whole_batches(lake) == {1}
    assert settled(lake)


def test_a_write_over_the_limit_of_a_file_is_refused_and_leaves_the_last_good_version(tmp_path):
    lake = made(tmp_path / "lake")
    writer.write(lake, 1)

    child = run(lake.path, "limit", str(100_000))

    assert "LakeWriteFailed" in child.stderr
    assert child.returncode == 1
    reopened = Lake(lake.path)
    assert whole_batches(reopened) == {1}
    writer.write(reopened, 2)
    assert whole_batches(reopened) == {1, 2}


@pytest.fixture
def small_disk():
    folder = Path(tempfile.mkdtemp())
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip(f"no small disk to be had: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


def test_a_full_disk_is_named_and_leaves_the_last_good_version(small_disk):
    lake = made(small_disk / "lake")
    writer.write(lake, 1)
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 200_000))

    child = run(lake.path, "write")

    assert child.returncode == 1
    assert "LakeWriteFailed" in child.stderr
    assert "No space left on device" in child.stderr
    assert whole_batches(Lake(lake.path)) == {1}
    filler.unlink()
    writer.write(Lake(lake.path), 2)
    assert whole_batches(lake) == {1, 2}


def test_every_amount_of_free_space_gives_all_of_a_batch_or_nothing(small_disk):
    lake = made(small_disk / "lake")
    filler = small_disk / "filler"
    outcomes = set()
    for number, free in enumerate(range(0, 80_000, 4096)):
        filler.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - free))
        before = whole_batches(lake)
        try:
            writer.write(lake, number)
        except OSError as error:
            pytest.fail(f"not an error of the lake: {error!r}")
        except Exception as error:
            outcomes.add(type(error).__name__)
        else:
            outcomes.add("written")
        assert whole_batches(lake) >= before
        filler.unlink()
        lake.sweep()
        assert settled(lake)
        assert whole_batches(lake) - before <= {number}
    assert "written" in outcomes
    assert outcomes & {"LakeWriteFailed", "LakeReadOnly"}
    assert outcomes <= {"written", "LakeWriteFailed", "LakeReadOnly"}


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_a_folder_that_cannot_be_written_is_read_and_says_so():
    folder = Path(tempfile.mkdtemp())
    try:
        folder.chmod(0o755)
        lake = made(folder / "lake")
        writer.write(lake, 1)

        child = run(lake.path, "as", "65534")

        assert child.stdout == "files 1\n"
        assert child.returncode == 1
        assert "LakeReadOnly" in child.stderr
        assert "Permission denied" in child.stderr
        assert whole_batches(Lake(lake.path)) == {1}
    finally:
        shutil.rmtree(folder)
