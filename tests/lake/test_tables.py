from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from linyin.lake import store
from linyin.lake.store import LakeError, LakeReadOnly, UnsafeFileSystem
from linyin.lake.tables import Lake

SCHEMA = pa.schema([("key", pa.string()), ("mass_mg", pa.int64())])
DAY = 86_400


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path / ".linyin" / "lake")
    lake.create("entries", SCHEMA)
    return lake


def write(lake, number):
    with lake.batch("entries", reason=f"batch {number}") as batch:
        batch.append(pa.table({"key": [f"k{number}"], "mass_mg": [number]}, SCHEMA))
    return batch.version


def content(lake, version=None):
    return sorted(duckdb.sql(f"SELECT mass_mg FROM {lake.scan('entries', version)}").fetchall())


def numbers(stop):
    return [(n,) for n in range(stop)]


def age(folder: Path, days: int) -> None:
    then = time.time() - days * DAY
    for path in folder.rglob("*"):
        os.utime(path, (then, then))


def test_a_lake_is_made_with_its_folders_and_opens_again(tmp_path):
    lake = Lake(tmp_path / "a" / "b" / "lake")
    lake.create("entries", SCHEMA)
    lake.create("activities", SCHEMA)

    again = Lake(lake.path)
    assert again.tables() == ["activities", "entries"]
    assert again.schema("entries") == SCHEMA
    assert (again.version("entries"), again.files("entries"), content(again)) == (0, [], [])


def test_tables_are_append_only_and_never_clean_their_log(lake):
    table = DeltaTable(str(lake.path / "entries"))

    assert table.metadata().configuration == {
        "delta.appendOnly": "true",
        "delta.enableExpiredLogCleanup": "false",
    }
    write(lake, 1)
    with pytest.raises(Exception, match="append"):
        DeltaTable(str(lake.path / "entries")).delete("mass_mg = 1")


def test_every_version_reads_as_it_was(lake):
    versions = [write(lake, n) for n in range(4)]

    assert versions == [1, 2, 3, 4]
    for version in range(5):
        assert content(lake, version) == numbers(version)
        assert lake.rows("entries", version) == version
        assert len(lake.files("entries", version)) == version


@pytest.mark.parametrize("version", [-1, 1, 99])
def test_a_version_that_is_not_committed_cannot_be_read(lake, version):
    with pytest.raises(LakeError, match=f"version {version} of entries is not committed"):
        lake.files("entries", version)


@pytest.mark.parametrize("name", ["nothing", "../entries", "Entries", "", "_register"])
def test_a_table_that_is_not_there_is_named(lake, name):
    with pytest.raises(LakeError):
        lake.batch(name, reason="test")


def test_new_columns_are_added_and_are_empty_in_old_rows(lake):
    write(lake, 1)
    wider = pa.schema([*SCHEMA, ("site", pa.string())])
    lake.create("entries", wider)
    with lake.batch("entries", reason="wider") as batch:
        batch.append(pa.table({"key": ["b"], "mass_mg": [2], "site": ["Xi'an"]}, wider))

    found = duckdb.sql(f"SELECT key, site FROM {lake.scan('entries')} ORDER BY key").fetchall()
    assert found == [("b", "Xi'an"), ("k1", None)]
    assert lake.schema("entries", 1) == SCHEMA
    version = lake.version("entries")
    lake.create("entries", wider)
    assert lake.version("entries") == version


def test_a_column_never_changes_its_type(lake):
    with pytest.raises(LakeError, match="mass_mg"):
        lake.create("entries", pa.schema([("key", pa.string()), ("mass_mg", pa.float64())]))

    assert lake.schema("entries") == SCHEMA


def test_columns_that_nobody_asks_for_any_more_stay(lake):
    lake.create("entries", pa.schema([("key", pa.string())]))

    assert lake.schema("entries") == SCHEMA


def unsupported(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def replacing_link(source: Path, target: Path) -> None:
    Path(target).write_bytes(Path(source).read_bytes())


@pytest.mark.parametrize(
    ("module", "name", "broken", "message"),
    [
        ("os", "link", unsupported, "no hard links"),
        ("os", "link", replacing_link, "replaced a file"),
        ("fcntl", "flock", lambda *_: None, "locked twice"),
        ("fcntl", "flock", unsupported, "no locks"),
    ],
)
def test_a_file_system_that_cannot_keep_writers_apart_is_refused(
    tmp_path, monkeypatch, module, name, broken, message
):
    monkeypatch.setattr(getattr(store, module), name, broken)

    with pytest.raises(UnsafeFileSystem, match=message) as caught:
        Lake(tmp_path / "lake")

    assert caught.value.finding.code == "lake-file-system-unsafe"


def test_a_file_system_that_creates_a_name_twice_is_refused(tmp_path, monkeypatch):
    opened = os.open
    monkeypatch.setattr(
        store.os,
        "open",
        lambda path, flags, *mode, **at: opened(path, flags & ~os.O_EXCL, *mode, **at),
    )

    with pytest.raises(UnsafeFileSystem, match="created exclusively twice"):
        store.probe(tmp_path)


def test_the_probe_leaves_nothing_behind(lake):
    before = sorted(lake.path.iterdir())

    Lake(lake.path)

    assert sorted(lake.path.iterdir()) == before


def test_no_lake_can_be_made_under_a_file(tmp_path):
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(LakeReadOnly, match="cannot be written"):
        Lake(tmp_path / "file" / "lake")


def test_merging_files_changes_no_row_and_no_old_version(lake):
    for n in range(5):
        write(lake, n)

    version = lake.compact("entries")

    assert version == lake.version("entries") == 6
    assert len(lake.files("entries")) == 1
    assert content(lake) == content(lake, 5) == numbers(5)
    assert lake.compact("entries") is None
    assert lake.version("entries") == 6


def test_vacuum_removes_what_no_kept_version_needs(lake):
    for n in range(6):
        write(lake, n)
    lake.compact("entries")
    lake.pin("entries", 2, "run-1")

    removed = lake.vacuum("entries", keep=[3], retention_hours=0)

    assert len(removed) == 3
    assert content(lake, 2) == numbers(2)
    assert content(lake, 3) == numbers(3)
    assert content(lake) == numbers(6)
    assert not all(Path(f).exists() for f in lake.files("entries", 5))
    version = lake.version("entries")
    assert lake.vacuum("entries", keep=[3], retention_hours=0) == []
    assert lake.version("entries") == version
    write(lake, 6)
    assert content(lake) == numbers(7)


def test_recent_files_stay_for_readers_that_pin_nothing(lake):
    for n in range(3):
        write(lake, n)
    lake.compact("entries")

    assert lake.vacuum("entries") == []
    assert content(lake, 2) == numbers(2)


def test_a_pin_lasts_until_its_run_takes_it_back(lake):
    for n in range(3):
        write(lake, n)
    lake.pin("entries", 2, "run-1")
    lake.pin("entries", 2, "run-2")
    lake.compact("entries")
    lake.unpin("entries", 2, "run-1")
    assert lake.pins("entries") == {2: frozenset({"run-2"})}

    lake.vacuum("entries", retention_hours=0)
    assert content(Lake(lake.path), 2) == numbers(2)

    lake.unpin("entries", 2, "run-2")
    assert lake.pins("entries") == {}
    assert len(lake.vacuum("entries", retention_hours=0)) == 2


def test_a_version_that_is_no_longer_whole_cannot_be_pinned(lake):
    for n in range(3):
        write(lake, n)
    lake.compact("entries")
    lake.vacuum("entries", retention_hours=0)

    with pytest.raises(LakeError, match="version 2 is no longer whole"):
        lake.pin("entries", 2, "late")

    assert lake.pins("entries") == {}


def test_vacuum_removes_what_void_batches_left(lake):
    write(lake, 0)
    with lake.batch("entries", reason="broken") as batch:
        batch.append(SCHEMA.empty_table())
    leftover = lake.path / "entries" / batch.id
    leftover.mkdir()
    (leftover / "0000.parquet").write_bytes(b"left by a crash")

    lake.vacuum("entries", retention_hours=0)

    assert not leftover.exists()
    assert content(lake) == numbers(1)


def test_a_pinned_version_outlives_200_commits_aged_logs_and_vacuum(lake):
    for n in range(3):
        write(lake, n)
    pinned = lake.version("entries")
    lake.pin("entries", pinned, "published-2023")
    files = lake.files("entries")

    for n in range(3, 203):
        write(lake, n)
        if n % 70 == 0:
            age(lake.path, 40)
    lake.compact("entries")
    age(lake.path, 40)
    write(lake, 203)
    removed = lake.vacuum("entries", retention_hours=0)

    assert len(removed) == 200
    reopened = Lake(lake.path)
    assert reopened.files("entries", pinned) == files
    assert content(reopened, pinned) == numbers(3)
    assert content(reopened) == numbers(204)


def test_without_the_lakes_settings_the_same_version_would_be_gone(tmp_path):
    table = str(tmp_path / "plain")
    for n in range(203):
        write_deltalake(table, pa.table({"mass_mg": [n]}), mode="append")
        if n % 70 == 0:
            age(tmp_path, 40)
    age(tmp_path, 40)
    DeltaTable(table).create_checkpoint()
    DeltaTable(table).cleanup_metadata()

    with pytest.raises(Exception, match=r"(?i)version|log"):
        DeltaTable(table, version=3)
