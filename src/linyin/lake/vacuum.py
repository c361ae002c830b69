"""Merge small files, remove files that nothing needs; a pinned version always stays readable."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from linyin.lake.store import LakeError

if TYPE_CHECKING:
    from linyin.lake.delta import DeltaFolder
    from linyin.lake.tables import Lake

__all__ = ["compact", "vacuum"]


def compact(lake: Lake, table: str, *, wait: float) -> int | None:
    """Merge the small files of `table` into large ones, in a batch of its own.

    Rows stay what they are. The old files stay on disk until `vacuum` finds no kept version that
    needs them.

    Returns
    -------
    int or None
        The version that was made; None if there was nothing to merge.

    Raises
    ------
    LakeBusy, LakeReadOnly, LakeWriteFailed
        As for any batch.

    """
    with lake.batch(table, reason="compact", wait=wait) as batch:
        if len(lake.files(table)) > 1:
            batch.operate(lake.delta(table).merge_files)
    return batch.version


def vacuum(
    lake: Lake, table: str, *, keep: Iterable[int], retention_hours: int, wait: float
) -> list[str]:
    """Remove files of `table` that no kept version needs.

    Kept are the last committed version, all pinned versions and those of `keep`. No batch of the
    table can be open meanwhile: its lease is held here, and what a crash left open is swept first.

    Parameters
    ----------
    lake, table
        Where.
    keep
        Further versions to keep.
    retention_hours
        Files that were needed within this time stay, for readers that pin nothing. [h]
    wait
        How long another writer of the table is waited for. [s]

    Returns
    -------
    list of str
        The files removed, relative to the table's folder, sorted.

    Raises
    ------
    LakeError
        If a kept version could not be kept; nothing is removed then.
    LakeBusy, LakeReadOnly, LakeWriteFailed
        As for any batch.

    """
    with (
        lake.pinning(table, "vacuum", wait),
        lake.batch(table, reason="vacuum", wait=wait) as batch,
    ):
        delta = lake.delta(table)
        for void in lake.register.batches(table):
            if void.state == "void":
                shutil.rmtree(delta.path / void.id, ignore_errors=True)
        kept = sorted({lake.version(table), *lake.pins(table), *keep})
        doomed = delta.remove_files(batch.id, kept, retention_hours, dry_run=True)
        needed = {file for version in kept for file in lake.files(table, version)}
        lost = sorted(needed.intersection(str(delta.path / name) for name in doomed))
        if lost:
            raise LakeError("a file to remove is needed by a kept version", Path(lost[0]))
        if doomed:
            batch.operate(partial(_remove, delta, kept, retention_hours))
    return doomed


def _remove(delta: DeltaFolder, kept: list[int], retention_hours: int, batch: str) -> None:
    delta.remove_files(batch, kept, retention_hours, dry_run=False)
