"""Scratch folders beside the lake: gone when done, swept when their owner died."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from linyin.lake.store import LakeBusy, Lease

__all__ = ["workspace"]

PREFIX: Final = "work-"
LOCK: Final = "owner.lock"


@contextmanager
def workspace(parent: Path) -> Iterator[Path]:
    """Give a folder on the parent's file system that is gone afterwards.

    Folders whose owner was killed are removed first.
    """
    parent.mkdir(parents=True, exist_ok=True)
    _sweep(parent)
    work = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    try:
        with Lease(work / LOCK, "calculate").acquire(0):
            yield work
    finally:
        shutil.rmtree(work)


def _sweep(parent: Path) -> None:
    for left in parent.glob(f"{PREFIX}*"):
        lock = left / LOCK
        if not lock.exists():
            continue
        try:
            with Lease(lock, "sweep").acquire(0):
                shutil.rmtree(left)
        except LakeBusy:
            continue
