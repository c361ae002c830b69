"""The register in SQL keeps every promise of the register file, and is one with the audit trail."""

from __future__ import annotations

import ast
import os
import threading
from pathlib import Path

import pytest
import test_batches
import writer
from django.db import OperationalError, connection, transaction
from test_batches import content, rows, states, write

from linyin.lake import Lake, LakeError, LakeWriteFailed
from linyin.platform.actor import Actor
from linyin.platform.audit import verify
from linyin.platform.lake import workspace_lake
from linyin.platform.models import AuditEvent, LakeBatch, Person
from linyin.platform.register import SqlRegister

pytestmark = pytest.mark.usefixtures("workspace")

SAME = (
    "test_another_reader_of_delta_tables_reads_the_same_rows",
    "test_a_batch_of_empty_rows_is_void",
    "test_an_exception_inside_a_batch_writes_nothing_and_removes_its_files",
    "test_several_appends_are_one_commit",
    "test_files_that_an_engine_wrote_are_registered_as_they_are",
    "test_files_with_other_columns_are_refused",
    "test_a_truncated_file_is_refused",
    "test_files_outside_the_batchs_folder_are_refused",
    "test_a_commit_that_failed_after_it_was_written_counts_once",
    "test_a_commit_whose_fate_is_unknown_is_left_to_the_sweeper",
    "test_who_writes_past_the_protocol_is_found_before_the_next_batch",
    "test_a_batch_is_written_inside_its_block_only",
    "test_writers_of_two_tables_do_not_wait_for_each_other",
    "test_a_lease_is_free_again_after_a_failed_start",
    "test_batches_sort_by_time",
)
globals().update({name: getattr(test_batches, name) for name in SAME})


@pytest.fixture
def li(workspace):
    return Person.objects.create_user("li@example.org", name="Li")


@pytest.fixture
def lake(li, monkeypatch):
    monkeypatch.setattr(test_batches, "Lake", lambda path: Lake(path, SqlRegister(path, None)))
    lake = workspace_lake(Actor(li, "web"))
    lake.create("entries", test_batches.SCHEMA)
    return lake


def test_a_batch_is_committed_together_with_its_event(lake, li):
    batch = write(lake, ("a", 1))

    (record,) = lake.register.batches()
    assert (record.id, record.state, record.version) == (batch.id, "committed", 1)
    (event,) = AuditEvent.objects.all()
    assert (event.action, event.subject, event.key) == ("lake.commit", "lake.entries", batch.id)
    assert (event.person, event.channel, event.reason) == (li, "web", "test")
    assert event.after == {"version": 1}
    assert list(verify()) == []


def test_without_its_event_a_batch_is_not_committed(lake, li, monkeypatch):
    def full(*_):
        raise OperationalError("database or disk is full")

    broken = workspace_lake(Actor(li, "web"), on_commit=full)
    with pytest.raises(LakeWriteFailed, match="finished when the lake is next opened"):
        write(broken, ("a", 1))

    assert states(lake) == ["open"]
    assert not AuditEvent.objects.exists()
    assert content(lake) == []
    lake.sweep()
    assert content(lake) == [("a", 1)]
    assert AuditEvent.objects.get().who == "Li <li@example.org>"


def test_what_stands_or_falls_with_a_batch_is_written_with_it(li, lake):
    seen = []
    told = workspace_lake(
        Actor(li, "web"),
        on_commit=lambda batch, version: seen.append(
            (batch.id, version, connection.in_atomic_block)
        ),
    )

    batch = write(told, ("a", 1))

    assert seen == [(batch.id, 1, True)]


def test_no_transaction_spans_a_write_to_the_lake(lake):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        write(lake, ("a", 1))

    assert states(lake) == []
    assert lake.delta("entries").latest() == 0


def test_pins_are_kept_once_and_taken_back(lake):
    write(lake, ("a", 1))
    for _ in range(2):
        lake.pin("entries", 1, "run")
    lake.pin("entries", 1, "other")

    assert lake.pins("entries") == {1: frozenset({"run", "other"})}
    lake.unpin("entries", 1, "run")
    assert lake.pins("entries") == {1: frozenset({"other"})}


def test_a_batch_ends_once(lake):
    batch = write(lake, ("a", 1))

    with pytest.raises(LakeError, match="not open"):
        lake.register.commit(batch.id, 2)
    with pytest.raises(LakeError, match="not open"):
        lake.register.void(batch.id, "x")
    assert lake.version("entries") == 1


def test_a_second_writer_waits_for_the_first(lake):
    entered, errors = threading.Event(), []

    def slow():
        try:
            with lake.batch("entries", reason="slow") as batch:
                entered.set()
                batch.append(rows(("slow", 1)))
                threading.Event().wait(0.3)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    entered.wait(10)
    second = write(lake, ("fast", 2), wait=30)
    thread.join()

    assert (errors, second.version) == ([], 2)
    assert content(lake) == [("fast", 2), ("slow", 1)]


def test_a_lake_that_takes_no_file_says_so_and_the_batch_is_void(lake):
    def blocked():
        with lake.batch("entries", reason="test") as batch:
            folder = batch.folder
            folder.rmdir()
            folder.write_text("in the way")
            batch.append(rows(("a", 1)))

    with pytest.raises(LakeWriteFailed):
        blocked()

    assert states(lake) == ["void"]
    assert LakeBatch.objects.get().why
    assert write(lake, ("b", 2)).version == 1


WRITER = Path(__file__).with_name("sql_writer.py")


@pytest.mark.parametrize("step", writer.STEPS)
def test_a_writer_killed_at_any_step_leaves_the_last_good_version_or_the_finished_one(
    other_workspace, step
):
    assert other_workspace.run(WRITER, "prepare").returncode == 0

    killed = other_workspace.run(WRITER, "x", "step", step)

    assert killed.returncode == -9, killed.stderr
    looked = other_workspace.run(WRITER, "look")
    assert looked.returncode == 0, looked.stderr
    before, swept, written = map(ast.literal_eval, looked.stdout.splitlines())
    is_finished = step in {"after-delta-commit", "before-committed", "after-committed"}

    def seen(*numbers):
        return [(number, writer.ROWS, writer.ROWS) for number in numbers]

    is_open = step not in {"before-open", "after-committed"}
    first = seen(1, 99) if step == "after-committed" else seen(1)
    assert before == (first, is_open, len(first), [])
    second = seen(1, 99) if is_finished else seen(1)
    assert swept == (second, False, len(second), [])
    third = seen(1, 2, 99) if is_finished else seen(1, 2)
    assert written == (third, False, len(third), [])


@pytest.mark.skipif(bool(os.environ.get("LINYIN_DATABASE_URL")), reason="SQLite's file is meant")
def test_a_database_that_cannot_be_written_is_named_and_nothing_is_half_done(lake):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = 1")
        try:
            with pytest.raises(LakeWriteFailed, match="readonly database"):
                write(lake, ("a", 1))
        finally:
            cursor.execute("PRAGMA query_only = 0")

    assert (content(lake), states(lake)) == ([], [])
    assert write(lake, ("a", 1)).version == 1
