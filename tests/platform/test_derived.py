"""The sorted file of current activities: what is in it, when it is made, what is kept."""

from __future__ import annotations

import threading
import time

import duckdb
import pyarrow as pa
import pytest
from django.db import connection

from linyin.lake import create_revision_table, post_revisions
from linyin.platform.actor import Actor
from linyin.platform.derived import current_activities
from linyin.platform.lake import workspace_lake
from linyin.platform.models import Job
from linyin.platform.reading import reading
from linyin.platform.work.run import run

OPERATOR = Actor(None, "cli", is_operator=True)
COLUMNS = pa.schema(
    [
        ("source", pa.string()),
        ("external_id", pa.string()),
        ("site", pa.string()),
        ("source_type", pa.string()),
        ("begin", pa.date32()),
        ("quantity", pa.float64()),
    ]
)
pytestmark = pytest.mark.usefixtures("workspace")


@pytest.fixture
def post():
    lake = workspace_lake(OPERATOR)
    create_revision_table(lake, "activities", COLUMNS)

    def posted(*rows, full=False):
        table = pa.Table.from_pylist(
            [dict(zip(COLUMNS.names, row, strict=True)) for row in rows], COLUMNS
        )
        return post_revisions(lake, "activities", "erp", table, reason="test", full=full)

    return posted


def row(key, site="B", kind="electricity", quantity=1.0):
    return ("erp", key, site, kind, None, quantity)


def found(path):
    return duckdb.sql(f"SELECT _key, site, quantity FROM read_parquet('{path}')").fetchall()


def test_without_a_table_of_activities_there_is_no_file():
    assert current_activities() is None


def test_it_holds_the_current_rows_in_order_under_keys_that_stay(post):
    post(row("2"), row("1"), row("3", "A"), row("4", "B", "diesel"))
    assert found(current_activities()) == [
        ("erp~3", "A", 1.0), ("erp~4", "B", 1.0), ("erp~1", "B", 1.0), ("erp~2", "B", 1.0),
    ]  # fmt: skip

    post(row("1", quantity=5.0), row("3", "A"), full=True)

    assert found(current_activities()) == [("erp~3", "A", 1.0), ("erp~1", "B", 5.0)]


def test_it_is_made_once_a_version_and_the_last_two_are_kept(post):
    made = []
    for number in range(3):
        post(row(str(number)))
        made.append(current_activities())
        before = made[-1].stat()
        assert current_activities() == made[-1]
        assert made[-1].stat().st_ino == before.st_ino
    assert [path.exists() for path in made] == [False, True, True]
    assert {p.name for p in made[-1].parent.glob("*.p*")} == {p.name for p in made[1:]}


def test_a_commit_asks_for_it_and_the_job_makes_it(post):
    version = post(row("1")).version

    (asked,) = Job.objects.filter(kind="derive-activities", state="waiting")
    assert asked.key == f"version:{version}"
    run(asked.pk)

    asked.refresh_from_db()
    assert asked.state == "done"
    assert current_activities().name == f"{version:010}.parquet"


def test_pages_that_come_at_once_make_it_once(post, monkeypatch):
    from linyin.platform import derived

    post(row("1"))
    made, original, paths = [], derived._make, []
    monkeypatch.setattr(derived, "_make", lambda *a: (made.append(1), original(*a)))

    def page():
        paths.append(current_activities())
        connection.close()

    threads = [threading.Thread(target=page) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(made), len(set(paths)), len(paths)) == (1, 1, 4)


def test_what_breaks_while_it_is_made_leaves_no_file_that_looks_whole(post, monkeypatch):
    from linyin.platform import derived

    post(row("1"))
    monkeypatch.setattr(derived, "_SORTED", "SELECT 1 AS a, * FROM ({current}) ORDER BY nothing")
    with pytest.raises(duckdb.BinderException):
        current_activities()
    monkeypatch.undo()

    assert len(found(current_activities())) == 1


def test_a_page_reads_the_file_of_the_version_that_it_was_given(post):
    post(row("1"))
    first = current_activities()
    with reading() as connection:
        assert connection.sql(f"SELECT count(*) FROM '{first}'").fetchall() == [(1,)]
    post(row("2"))

    second = current_activities()

    with reading() as one, reading() as two:
        assert one.sql(f"SELECT count(*) FROM '{second}'").fetchall() == [(2,)]
        assert two.sql(f"SELECT count(*) FROM '{first}'").fetchall() == [(1,)]


def test_a_file_that_was_made_again_is_read_again(post):
    post(row("1"))
    made = current_activities()
    with reading() as connection:
        assert connection.sql(f"SELECT quantity FROM '{made}'").fetchall() == [(1.0,)]
    time.sleep(1.1)
    duckdb.sql("SELECT 7.0::DOUBLE AS quantity FROM range(3)").write_parquet(str(made))

    with reading() as connection:
        assert connection.sql(f"SELECT quantity FROM '{made}'").fetchall() == [(7.0,)] * 3
