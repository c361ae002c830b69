"""A disk that is full or cannot be written: told to people as that, wherever it is met."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from typing import Final

from linyin.lake import Finding, LakeReadOnly, LakeWriteFailed, UnsafeFileSystem, Where

__all__ = ["storage_finding"]

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED: Final = {errno.EROFS, errno.EACCES, errno.EPERM}
_IN_WORDS: Final = (*map(os.strerror, _FULL), "database or disk is full")


def storage_finding(error: BaseException) -> Finding | None:
    """Return what is wrong with a disk, if that is why something failed; else None.

    Engines tell of a full disk in the words of the system only.
    """
    for cause in _causes(error):
        if isinstance(cause, LakeReadOnly | LakeWriteFailed | UnsafeFileSystem):
            return cause.finding
        if isinstance(cause, OSError) and cause.errno in _CLOSED and cause.filename:
            return Finding("disk-read-only", "error", Where(file=os.fsdecode(cause.filename)))
        if getattr(cause, "errno", None) in _FULL or any(told in str(cause) for told in _IN_WORDS):
            return Finding("disk-full", "error")
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it was raised from."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
