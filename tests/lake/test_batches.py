from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable, QueryBuilder, write_deltalake

from linyin.lake.messages import messages, placeholders
from linyin.lake.register import Register
from linyin.lake.revisions import RevisedMeanwhile
from linyin.lake.store import LakeBusy, LakeError, LakeWriteFailed, Lease
from linyin.lake.tables import Lake

SCHEMA = pa.schema([("key", pa.string()), ("mass_mg", pa.int64())])


def rows(*pairs: tuple[str, int]) -> pa.Table:
    return pa.table({"key": [k for k, _ in pairs], "mass_mg": [m for _, m in pairs]}, SCHEMA)


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path / "林荫 'lake'")
    lake.create("entries", SCHEMA)
    return lake


def write(lake, *pairs, **options):
    with lake.batch("entries", reason="test", **options) as batch:
        batch.append(rows(*pairs))
    return batch


def content(lake, version=None):
    return sorted(duckdb.sql(f"SELECT * FROM {lake.scan('entries', version)}").fetchall())


def states(lake):
    return [b.state for b in lake.register.batches("entries")]


def test_a_batch_becomes_one_version_that_names_it(lake):
    batch = write(lake, ("a", 1), ("b", 2), who="Wang")

    assert batch.version == lake.version("entries") == 1
    assert content(lake) == [("a", 1), ("b", 2)]
    (record,) = lake.register.batches()
    assert (record.id, record.state, record.version) == (batch.id, "committed", 1)
    assert (record.reason, record.who, record.base) == ("test", "Wang", 0)
    (commit,) = DeltaTable(str(lake.path / "entries")).history(1)
    assert commit["batch"] == batch.id


def test_another_reader_of_delta_tables_reads_the_same_rows(lake):
    write(lake, ("a", 1))
    write(lake, ("b", 2))

    table = DeltaTable(str(lake.path / "entries"))
    found = pa.table(
        QueryBuilder().register("entries", table).execute("SELECT * FROM entries").read_all()
    )

    assert sorted(zip(*found.to_pydict().values(), strict=True)) == content(lake)
    assert table.count() == 2


def test_a_batch_without_rows_leaves_no_trace(lake):
    with lake.batch("entries", reason="nothing") as batch:
        pass

    assert batch.version is None
    assert not lake.register.path.exists()
    assert lake.delta("entries").latest() == 0


def test_a_batch_of_empty_rows_is_void(lake):
    batch = write(lake)

    assert (batch.version, states(lake)) == (None, ["void"])
    assert content(lake) == []


def test_an_exception_inside_a_batch_writes_nothing_and_removes_its_files(lake):
    write(lake, ("a", 1))

    def broken():
        with lake.batch("entries", reason="test") as batch:
            batch.append(rows(("b", 2)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()

    assert content(lake) == [("a", 1)]
    assert states(lake) == ["committed", "void"]
    assert not (lake.path / "entries" / lake.register.batches()[-1].id).exists()
    assert write(lake, ("c", 3)).version == 2


def test_several_appends_are_one_commit(lake):
    with lake.batch("entries", reason="test") as batch:
        batch.append(rows(("a", 1)))
        batch.append(rows(("b", 2)).to_reader())

    assert lake.version("entries") == batch.version == 1
    assert len(lake.files("entries")) == 2
    assert content(lake) == [("a", 1), ("b", 2)]


def test_files_that_an_engine_wrote_are_registered_as_they_are(lake):
    with lake.batch("entries", reason="engine") as batch, duckdb.connect() as engine:
        engine.sql("SELECT 'k' || i AS key, i AS mass_mg FROM range(100000) t(i)").write_parquet(
            str(batch.folder / "part.parquet")
        )
        before = (batch.folder / "part.parquet").stat()
        batch.register(["part.parquet"])

    (file,) = lake.files("entries")
    after = Path(file).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert lake.rows("entries") == 100_000
    assert duckdb.sql(f"SELECT sum(mass_mg) FROM {lake.scan('entries')}").fetchall() == [
        (4_999_950_000,)
    ]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("SELECT 'a' AS key", "mass_mg"),
        ("SELECT 'a' AS key, 1 AS mass_mg", "mass_mg is int32"),
        ("SELECT 'a' AS key, 1::BIGINT AS mass_mg, 2 AS more", "more"),
    ],
)
def test_files_with_other_columns_are_refused(lake, query, named):
    with (
        pytest.raises(LakeError, match=named),
        lake.batch("entries", reason="engine") as batch,
        duckdb.connect() as engine,
    ):
        batch.write(engine, query)

    assert states(lake) == ["void"]
    assert lake.delta("entries").latest() == 0


def test_a_truncated_file_is_refused(lake):
    def truncated():
        with lake.batch("entries", reason="engine") as batch:
            batch.append(rows(*((str(i), i) for i in range(100))))
            file = batch.folder / "0000.parquet"
            file.write_bytes(file.read_bytes()[:-5])

    with pytest.raises(LakeError, match="not a whole Parquet file"):
        truncated()

    assert content(lake) == []


def test_files_outside_the_batchs_folder_are_refused(lake, tmp_path):
    duckdb.sql("SELECT 'a' AS key, 1::BIGINT AS mass_mg").write_parquet(str(tmp_path / "x.parquet"))

    with (
        pytest.raises(LakeError, match="not in the batch's folder"),
        lake.batch("entries", reason="engine") as batch,
    ):
        batch.register([tmp_path / "x.parquet"])


def test_readers_do_not_see_a_commit_before_its_batch_is_committed(lake, monkeypatch):
    write(lake, ("a", 1))

    def full(*_):
        raise LakeWriteFailed("no space", lake.register.path)

    with monkeypatch.context() as patched:
        patched.setattr(Register, "commit", full)
        with pytest.raises(LakeWriteFailed, match="finished when the lake is next opened"):
            write(lake, ("b", 2))

    assert lake.delta("entries").latest() == 2
    assert content(lake) == [("a", 1)]
    with pytest.raises(LakeError, match="version 2 of entries is not committed"):
        lake.files("entries", 2)
    assert content(Lake(lake.path)) == [("a", 1), ("b", 2)]


def test_a_commit_that_failed_after_it_was_written_counts_once(lake, monkeypatch):
    delta = type(lake.delta("entries"))
    original = delta.commit

    def commit_then_fail(self, batch, files):
        original(self, batch, files)
        raise LakeWriteFailed("the answer was lost", self.path)

    monkeypatch.setattr(delta, "commit", commit_then_fail)
    batch = write(lake, ("a", 1))

    assert (batch.version, states(lake)) == (1, ["committed"])
    assert content(lake) == [("a", 1)]


def test_a_commit_whose_fate_is_unknown_is_left_to_the_sweeper(lake, monkeypatch):
    delta = type(lake.delta("entries"))
    original, finding = delta.commit, delta.find

    def commit_then_lose_the_disk(self, batch, files):
        original(self, batch, files)
        patched.setattr(delta, "find", unreadable)
        raise LakeWriteFailed("the answer was lost", self.path)

    def unreadable(self, batch, after):
        raise LakeError("the log cannot be read", self.path)

    with monkeypatch.context() as patched:
        patched.setattr(delta, "commit", commit_then_lose_the_disk)
        with pytest.raises(LakeError, match="the log cannot be read"):
            write(lake, ("a", 1))

    assert delta.find is finding
    assert states(lake) == ["open"]
    assert content(Lake(lake.path)) == [("a", 1)]


def test_who_writes_past_the_protocol_is_found_before_the_next_batch(lake):
    write(lake, ("a", 1))
    write_deltalake(str(lake.path / "entries"), rows(("stranger", 9)), mode="append")

    assert content(Lake(lake.path)) == [("a", 1)]
    with pytest.raises(LakeError, match="the log ends at version 2, the register at 1"):
        write(lake, ("b", 2))


def test_a_batch_is_written_inside_its_block_only(lake):
    batch = lake.batch("entries", reason="test")

    with pytest.raises(LakeError, match="inside its `with` block"):
        batch.append(rows(("a", 1)))


def test_a_second_writer_waits_for_the_first(lake):
    entered = threading.Event()

    def slow():
        with lake.batch("entries", reason="slow") as batch:
            entered.set()
            batch.append(rows(("slow", 1)))
            threading.Event().wait(0.3)

    thread = threading.Thread(target=slow)
    thread.start()
    entered.wait(10)
    with pytest.raises(LakeBusy, match="slow"):
        write(lake, ("fast", 2), wait=0)
    second = write(lake, ("fast", 2), wait=30)
    thread.join()

    assert second.version == 2
    assert content(lake) == [("fast", 2), ("slow", 1)]


def test_writers_of_two_tables_do_not_wait_for_each_other(lake):
    lake.create("readings", SCHEMA)

    with lake.batch("readings", reason="one", wait=0) as batch:
        batch.append(rows(("r", 1)))
        write(lake, ("e", 1), wait=0)

    assert (lake.version("readings"), lake.version("entries")) == (1, 1)


def test_a_lease_is_free_again_after_a_failed_start(lake, monkeypatch):
    monkeypatch.setattr(type(lake.delta("entries")), "latest", lambda self: 7)
    with pytest.raises(LakeError, match="ends at version 7"):
        write(lake, ("a", 1))
    monkeypatch.undo()

    assert write(lake, ("a", 1), wait=0).version == 1


def test_a_lease_held_here_cannot_be_taken_twice(tmp_path):
    lease = Lease(tmp_path / "x.lock", "test")
    with lease.acquire(0):
        assert lease.held
        with pytest.raises(LakeBusy):
            lease.acquire(0)
        with pytest.raises(LakeBusy, match=f'"pid": {os.getpid()}'):
            Lease(lease.path, "other").acquire(0)
    assert not lease.held
    Lease(lease.path, "other").acquire(0).release()


def test_a_line_that_a_crash_cut_short_is_not_read_and_is_removed_by_the_next(lake):
    write(lake, ("a", 1))
    with lake.register.path.open("ab") as file:
        file.write(b'{"event":"open","batch":"torn","tab')

    assert [b.state for b in Lake(lake.path).register.batches()] == ["committed"]
    write(lake, ("b", 2))

    lines = lake.register.path.read_text().splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["open", "committed"] * 2
    assert content(Lake(lake.path)) == [("a", 1), ("b", 2)]


def test_a_register_cut_at_any_byte_opens_or_says_that_the_lake_was_tampered_with(lake):
    for n in range(3):
        write(lake, (str(n), n))
    whole = lake.register.path.read_bytes()
    full = content(lake)

    for cut in range(0, len(whole), 37):
        lake.register.path.write_bytes(whole[:cut])
        reopened = Lake(lake.path)
        assert content(reopened) in [full[:n] for n in range(4)]
        lake.register.path.write_bytes(whole)
    assert content(Lake(lake.path)) == full


def test_a_broken_line_of_the_register_stops_everything(lake):
    write(lake, ("a", 1))
    text = lake.register.path.read_text().replace('"committed"', '"commited"')
    lake.register.path.write_text(text)

    with pytest.raises(LakeError, match="line 2 of the register is broken"):
        Lake(lake.path)


def test_batches_sort_by_time(lake):
    ids = [write(lake, (str(n), n)).id for n in range(5)]

    assert ids == sorted(ids)
    assert len(set(ids)) == 5


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        *(
            (kind.code, {"problem", "rows" if kind is RevisedMeanwhile else "owner"})
            for kind in (LakeError, *LakeError.__subclasses__())
        ),
        ("row-without-key", set()),
        (
            "row-twice",
            {"source", "external_id", "first_file", "first_sheet", "first_row"},
        ),
        *((f"supersedes-{what}", {"supersedes"}) for what in ("circle", "no-estimate", "unknown")),
    ],
)
def test_every_finding_of_the_lake_has_a_text_that_its_fields_fill(code, fields):
    message = messages()[code]

    for text in message.texts.values():
        assert placeholders(text) <= fields


def test_a_message_is_also_a_finding(lake):
    with pytest.raises(LakeError) as caught:
        lake.files("entries", 5)

    finding = caught.value.finding
    assert (finding.code, finding.severity) == ("lake-broken", "error")
    assert finding.at.file == str(lake.path)
    assert "not committed" in str(finding.fields["problem"])
