"""A lake in an S3 object store: moto's server on a port of its own."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import test_batches
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError
from test_batches import SCHEMA, content, rows, states, write

from linyin.lake import Lake, LakeReadOnly, LakeWriteFailed, ObjectStore, UnsafeFileSystem
from linyin.lake.delta import commit_properties
from s3 import bucket, s3_server

__all__ = ["bucket", "s3_server"]

SAME = (
    "test_an_exception_inside_a_batch_writes_nothing_and_removes_its_files",
    "test_several_appends_are_one_commit",
    "test_files_with_other_columns_are_refused",
    "test_a_batch_is_written_inside_its_block_only",
    "test_a_batch_of_empty_rows_is_void",
)
globals().update({name: getattr(test_batches, name) for name in SAME})
URL = "s3://carbon/of/linyin"


@pytest.fixture
def lake(bucket, tmp_path):
    lake = Lake(tmp_path / "copies", store=ObjectStore(URL))
    lake.create("entries", SCHEMA)
    return lake


def keys(bucket):
    return sorted(o.key for o in bucket.objects.all())


def test_rows_lie_in_the_store_and_another_reader_of_delta_tables_reads_them(lake, bucket):
    write(lake, ("a", 1))
    batch = write(lake, ("b", 2))

    assert content(lake) == [("a", 1), ("b", 2)]
    assert content(lake, 1) == [("a", 1)]
    other = DeltaTable(f"{URL}/entries", storage_options={"AWS_ALLOW_HTTP": "true"})
    assert sorted(other.to_pyarrow_table()["key"].to_pylist()) == ["a", "b"]
    (commit,) = other.history(1)
    assert commit["batch"] == batch.id
    assert not [key for key in keys(bucket) if "_probe" in key]
    assert not (lake.path / "entries" / "_delta_log").exists()


def test_another_machine_fetches_what_it_lacks_once(lake, tmp_path, monkeypatch):
    write(lake, ("a", 1))
    (tmp_path / "elsewhere").mkdir()
    other = Lake(tmp_path / "elsewhere", lake.register, store=ObjectStore(URL), sweep=False)

    assert other.tables() == ["entries"]
    assert content(other) == [("a", 1)]

    monkeypatch.setattr(other.store.files, "get_file", None)
    assert content(other) == [("a", 1)]


def test_two_who_write_the_same_version_are_one_too_many(lake):
    first, second = (lake.delta("entries").at() for _ in range(2))
    change = {
        "properties": {"delta.appendOnly": "true"},
        "commit_properties": commit_properties("x"),
    }
    first.alter.set_table_properties(**change)

    with pytest.raises(CommitFailedError):
        second.alter.set_table_properties(**change)


def test_a_store_that_takes_both_of_two_writers_is_refused(bucket, tmp_path, monkeypatch):
    store = ObjectStore(URL)
    monkeypatch.setattr(
        ObjectStore, "options", {"AWS_ALLOW_HTTP": "true", "aws_s3_allow_unsafe_rename": "true",
                                 "aws_conditional_put": "disabled"},
    )  # fmt: skip

    with pytest.raises((UnsafeFileSystem, LakeReadOnly)):
        store.probe()


def test_merging_and_vacuum_keep_the_rows_and_what_is_pinned(lake, bucket):
    for number in range(4):
        write(lake, (f"r{number}", number))
    lake.pin("entries", 2, "run-1")

    lake.compact("entries")
    before = len(keys(bucket))
    gone = lake.vacuum("entries", retention_hours=0)

    assert len(gone) == 2
    assert len([k for k in keys(bucket) if k.endswith(".parquet")]) == 3
    assert len(keys(bucket)) < before + 5
    assert content(lake) == [(f"r{n}", n) for n in range(4)]
    assert content(lake, 2) == [("r0", 0), ("r1", 1)]
    assert not [name for name in gone if (lake.path / "entries" / name).exists()]


def test_a_store_that_is_away_is_told_and_leaves_nothing_half_done(lake, bucket, monkeypatch):
    write(lake, ("a", 1))
    put = lake.store.files.put_file

    def away(*_, **__):
        raise OSError("connection refused")

    monkeypatch.setattr(lake.store.files, "put_file", away)
    with pytest.raises(LakeWriteFailed, match="connection refused"):
        write(lake, ("b", 2))
    monkeypatch.setattr(lake.store.files, "put_file", put)

    assert states(lake) == ["committed", "void"]
    assert content(lake) == [("a", 1)]
    assert write(lake, ("b", 2)).version == 2


def test_a_store_that_does_not_exist_is_told(bucket, tmp_path):
    lake = Lake(tmp_path / "copies", store=ObjectStore("s3://nowhere/at/all"), sweep=False)

    with pytest.raises(LakeReadOnly, match="nothing can be written"):
        lake.create("entries", SCHEMA)


def test_a_local_lake_is_taken_into_the_store(bucket, tmp_path):
    local = Lake(tmp_path / "local")
    local.create("entries", SCHEMA)
    with local.batch("entries", reason="test") as batch:
        batch.append(rows(("a", 1)))

    ObjectStore(URL).upload(local.path)

    moved = Lake(tmp_path / "copies", local.register, store=ObjectStore(URL), sweep=False)
    assert content(moved) == [("a", 1)]
    log = [Path(f).name for f in moved.delta("entries").log()]
    assert log == [f"{n:020}.json" for n in range(2)]


def test_revisions_are_kept_in_a_store_too(lake):
    from linyin.lake import create_revision_table, current_revisions, post_revisions

    columns = [("source", "string"), ("external_id", "string"), ("quantity", "double")]
    import pyarrow as pa

    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in columns])
    create_revision_table(lake, "activities", schema)
    for quantity in (1.0, 2.0):
        delivered = pa.table(
            {"source": ["erp"], "external_id": ["1"], "quantity": [quantity]}, schema
        )
        post_revisions(lake, "activities", "erp", delivered, reason="test", full=False)

    now = duckdb.sql(f"SELECT quantity FROM ({current_revisions(lake, 'activities')})").fetchall()
    assert now == [(2.0,)]
