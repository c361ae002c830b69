"""A run of the workspace replays whatever has happened to the lake since."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from linyin.inventory import replay_bundle
from linyin.inventory.web.calculating import calculate
from linyin.platform.actor import Actor
from linyin.platform.lake import workspace_lake
from linyin.platform.models import Job
from linyin.platform.work.queue import enqueue
from linyin.platform.work.run import run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]

OPERATOR = Actor(None, "cli", is_operator=True)


def test_a_run_replays_after_300_commits_compaction_and_vacuum(enterprise):
    (record,) = calculate(OPERATOR, "G", [2023])
    lake = workspace_lake(OPERATOR)
    with duckdb.connect() as connection:
        row = connection.sql(f"SELECT * FROM {lake.scan('activities')} LIMIT 1").to_arrow_table()
    for number in range(300):
        with lake.batch("activities", reason="a further commit") as batch:
            moved = row.set_column(
                row.schema.get_field_index("external_id"), "external_id", pa.array([f"x{number}"])
            )
            batch.append(moved)
    rows = lake.rows("activities")
    asked = enqueue(OPERATOR, "tidy-lake", {})
    run(asked.pk)

    tidied = Job.objects.get(pk=asked.pk)
    assert (tidied.state, tidied.result["merged"]) == ("done", ["activities"])
    assert tidied.result["removed"] == 0, "a reader may still be in what a week has needed"
    assert len(lake.vacuum("activities", retention_hours=0)) >= 300
    assert len(lake.files("activities")) < 10
    assert lake.rows("activities") == rows
    assert replay_bundle(record.path).same
    (again,) = calculate(OPERATOR, "A", [2023])
    assert again.state == "draft"
