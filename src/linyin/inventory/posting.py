"""A folder's rows into its lake, and out of it what the runs are pinned to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from linyin.inventory.folder import Folder
from linyin.lake import (
    BadInput,
    Finding,
    Lake,
    create_revision_table,
    current_revisions,
    post_revisions,
    scratch_connection,
)
from linyin.ledger import ACTIVITIES, Run, activities_lake_schema

__all__ = ["UNSTATED", "export_activities", "post_activities"]

UNSTATED: Final = "read from the folder"
"""Reason of revisions for which the folder states none."""


def post_activities(folder: Folder, lake: Lake | None = None) -> Lake:
    """Bring the folder's rows into a lake; what the folder no longer has gets a tombstone.

    Into the folder's own, unless another is named.
    """
    lake = Lake(folder.path / ".linyin" / "lake") if lake is None else lake
    named = {
        name
        for _, prepared in folder.activities
        for name in prepared.table.column_names
        if name not in activities_lake_schema(()).names and not name.startswith("_")
    }
    create_revision_table(lake, ACTIVITIES, activities_lake_schema(named))
    rows = (
        pa.concat_tables(
            [prepared.table for _, prepared in folder.activities], promote_options="default"
        )
        if folder.activities
        else activities_lake_schema(()).empty_table()
    )
    gone = _sources(lake) - set(rows["source"].unique().to_pylist())
    post_revisions(lake, ACTIVITIES, "activities", rows, reason=UNSTATED, full=True)
    for source in sorted(gone):
        empty = rows.slice(0, 0)
        post_revisions(lake, ACTIVITIES, source, empty, reason="file removed", full=True)
    return lake


def export_activities(
    lake: Lake, work: Path, runs: Sequence[Run], version: int | None = None
) -> Path:
    """Copy the current rows of the runs' periods to one file: the pinned input of every run.

    Those of a version of the table if it is named, else of the last.

    Raises
    ------
    BadInput
        If no row touches the periods.

    """
    if ACTIVITIES not in lake.tables():
        raise BadInput([Finding("activities-none", "error")])
    first, last = min(run.begin for run in runs), max(run.end for run in runs)
    target = work / "activities.parquet"
    with scratch_connection() as connection:
        rows = connection.sql(
            f"SELECT * EXCLUDE (_batch, _recorded_at, _removed, _content) "
            f"RENAME (_revision AS revision, _reason AS revision_reason) "
            f"FROM ({current_revisions(lake, ACTIVITIES, version)}) "
            f"WHERE begin < DATE '{last}' AND \"end\" > DATE '{first}' "
            f"ORDER BY source, external_id"
        )
        rows.write_parquet(str(target), compression="zstd")
        written = connection.read_parquet(str(target)).aggregate("count(*)").fetchall()
    if written == [(0,)]:
        raise BadInput([Finding("activities-none", "error")])
    return target


def _sources(lake: Lake) -> set[str]:
    with scratch_connection() as connection:
        rows = connection.sql(
            f"SELECT DISTINCT source FROM ({current_revisions(lake, ACTIVITIES)})"
        ).fetchall()
    return {row[0] for row in rows}
