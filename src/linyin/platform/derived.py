"""The current rows of activities as one sorted file: what pages list, count and look up.

It can be made again from the lake at any time. A job makes it after every commit; a page that
comes first makes it itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb
from django.conf import settings

from linyin.lake import BatchRecord, FileLease, Lake, current_revisions, sync_file, sync_folder
from linyin.platform.actor import Actor
from linyin.platform.jobs import JobContext, enqueue, job
from linyin.platform.lake import on_lake_commit, workspace_lake

__all__ = ["ACTIVITIES", "current_activities", "derive_activities"]

ACTIVITIES: Final = "activities"
_KEPT: Final = 2
_WAIT_SECONDS: Final = 600.0
_ROWS_A_GROUP: Final = 20_000
_MEMORY: Final = "1GB"
_SORTED: Final = """
    SELECT source || '~' || external_id AS _key, *
    FROM ({current})
    ORDER BY site, source_type, "begin", source, external_id
"""


def current_activities() -> Path | None:
    """Return the Parquet file of the current rows of activities at the last committed version.

    Its columns are those of the table and `_key` (`source~external_id`), which stays the row's
    own through all its revisions. Rows are sorted by site, source type, first day, source and
    external id, in small groups, so that a query on a site or a page reads few of them.

    Returns
    -------
    Path or None
        None while the lake has no table of activities.

    Raises
    ------
    LakeError
        If the lake cannot be read, or another process has been making the file for minutes.

    """
    lake = workspace_lake()
    if ACTIVITIES not in lake.tables():
        return None
    folder = settings.WORKSPACE.derived / ACTIVITIES
    made = _place(folder, lake)
    if not made.exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        with _making(folder):
            made = _place(folder, lake)
            if not made.exists():
                _make(lake, made)
                _forget(folder)
    return made


def _making(folder: Path) -> FileLease:
    return FileLease(folder / "making.lock", "derive activities").acquire(_WAIT_SECONDS)


def _place(folder: Path, lake: Lake) -> Path:
    return folder / f"{lake.version(ACTIVITIES):010}.parquet"


def _make(lake: Lake, made: Path) -> None:
    part = made.with_suffix(".partial")
    query = _SORTED.format(current=current_revisions(lake, ACTIVITIES, int(made.stem)))
    with duckdb.connect(
        config={"memory_limit": _MEMORY, "temp_directory": str(made.parent / "spill")}
    ) as connection:
        connection.sql(query).write_parquet(
            str(part), compression="zstd", row_group_size=_ROWS_A_GROUP
        )
    sync_file(part)
    part.replace(made)
    sync_folder(made.parent)


def _forget(folder: Path) -> None:
    begun = folder.glob("*.partial")  # by who was killed: this process holds the lock
    for old in (*sorted(folder.glob("*.parquet"))[:-_KEPT], *begun):
        old.unlink(missing_ok=True)


@on_lake_commit
def ask_for_derived(_: Actor, batch: BatchRecord, version: int) -> None:
    """Ask for the file anew when activities have changed."""
    if batch.table == ACTIVITIES:
        operator = Actor(None, "job", is_operator=True)
        enqueue(operator, "derive-activities", {}, key=f"version:{version}")


@job("derive-activities")
def derive_activities(context: JobContext) -> None:
    """Make the file, unless a page has; remove earlier ones, also where that was broken off."""
    context.step("derive")
    made = current_activities()
    if made is not None:
        with _making(made.parent):
            _forget(made.parent)
