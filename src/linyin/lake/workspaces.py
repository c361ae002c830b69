"""Scratch folders beside the lake: gone when done, swept when their owner died."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from linyin.lake.store import LakeBusy, Lease

__all__ = ["sweep", "workspace"]

PREFIX: Final = "work-"
LOCK: Final = "owner.lock"
BEGIN: Final = "work.lock"
_WAIT_SECONDS: Final = 600.0


@contextmanager
def workspace(parent: Path) -> Iterator[Path]:
    """Give a folder on the parent's file system that is gone afterwards.

    Folders whose owner was killed are removed first. One process at a time sweeps and begins, so
    one without a lock has lost its owner, too.

    Raises
    ------
    LakeReadOnly
        If nothing can be written there.

    """
    parent.mkdir(parents=True, exist_ok=True)
    with Lease(parent / BEGIN, "begin").acquire(_WAIT_SECONDS):
        _remove_dead(parent)
        work = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        lease = Lease(work / LOCK, "calculate").acquire(0)
    with lease:
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)  # what is left is swept


def sweep(parent: Path) -> None:
    """Remove the folders whose owner was killed."""
    with Lease(parent / BEGIN, "sweep").acquire(_WAIT_SECONDS):
        _remove_dead(parent)


def _remove_dead(parent: Path) -> None:
    for left in parent.glob(f"{PREFIX}*"):
        lock = left / LOCK
        if not lock.exists():
            shutil.rmtree(left, ignore_errors=True)
            continue
        with suppress(LakeBusy), Lease(lock, "sweep").acquire(0):
            shutil.rmtree(left, ignore_errors=True)
