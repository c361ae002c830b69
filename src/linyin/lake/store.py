"""What the lake asks of a file system: put-if-absent, locks that die with their owner, fsync."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from linyin.lake.findings import Finding, Value, Where

__all__ = [
    "LakeBusy",
    "LakeError",
    "LakeReadOnly",
    "LakeWriteFailed",
    "Lease",
    "UnsafeFileSystem",
    "probe",
    "sync_file",
    "sync_folder",
]

_POLL_SECONDS: Final = 0.05


class LakeError(Exception):
    """The lake cannot do what was asked; it stays at its last good version.

    Attributes
    ----------
    finding
        The same news as data, for reports in other languages.

    """

    code = "lake-broken"

    def __init__(self, message: str, path: Path | str, **fields: Value) -> None:
        super().__init__(f"{path}: {message}")
        self.finding = Finding(
            self.code, "error", Where(file=str(path)), {"problem": message, **fields}
        )


class UnsafeFileSystem(LakeError):
    """Two writers could both believe that they wrote the same version here."""

    code = "lake-file-system-unsafe"


class LakeBusy(LakeError):
    """Somebody else writes the table and did not finish in the time allowed."""

    code = "lake-busy"


class LakeReadOnly(LakeError):
    """The lake can be read, and nothing can be written into its folder."""

    code = "lake-read-only"


class LakeWriteFailed(LakeError):
    """A write broke off (disk full, file too large, device gone)."""

    code = "lake-write-failed"


def probe(folder: Path) -> None:
    """Prove that `folder` can hold Delta tables with one winner for each version.

    deltalake writes a version under a temporary name and hard-links it to its own; the batch
    protocol adds locks. So three things must hold: a second exclusive create of a name fails, a
    hard link onto an existing name fails and leaves it as it was, and a second lock of a file
    is refused.

    Raises
    ------
    UnsafeFileSystem
        If one of the three does not hold.
    OSError
        If nothing can be written at all (read-only, full).

    """
    with tempfile.TemporaryDirectory(prefix="_probe-", dir=folder) as name:
        here = Path(name)
        _require_exclusive_create(folder, here / "created")
        _require_link_without_replace(folder, here / "first", here / "second", here / "target")
        _require_locks(folder, here / "locked")


def _require_exclusive_create(folder: Path, path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except FileExistsError:
        return
    raise UnsafeFileSystem("the same file name could be created exclusively twice", folder)


def _require_link_without_replace(folder: Path, first: Path, second: Path, target: Path) -> None:
    first.write_bytes(b"first")
    second.write_bytes(b"second")
    try:
        os.link(first, target)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
            raise
        raise UnsafeFileSystem(
            f"the file system makes no hard links ({error.strerror}); "
            "put the folder on a local disk",
            folder,
        ) from error
    try:
        os.link(second, target)
    except FileExistsError:
        if target.read_bytes() == b"first":
            return
    raise UnsafeFileSystem("a hard link replaced a file that was already there", folder)


def _require_locks(folder: Path, path: Path) -> None:
    with path.open("wb") as mine, path.open("wb") as other:
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UnsafeFileSystem(
                f"the file system has no locks ({error.strerror})", folder
            ) from error
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
    raise UnsafeFileSystem("the same file could be locked twice", folder)


class Lease:
    """The right to be the one writer of something, held as a lock on a file.

    The kernel ends the lock with its process, so no lease outlives a killed owner and none has to
    be judged stale by a clock. The file names the owner for the message to who waits.

    Parameters
    ----------
    path
        File of the lease; made if it is not there.
    purpose
        What the owner does, for the message.

    """

    def __init__(self, path: Path, purpose: str) -> None:
        self.path = path
        self.purpose = purpose
        self._fd: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lease now."""
        return self._fd is not None

    def acquire(self, wait: float) -> Self:
        """Take the lease, waiting up to `wait` seconds.

        Raises
        ------
        LakeBusy
            If somebody else still holds it then; names them.
        LakeReadOnly
            If the file cannot be written.

        """
        if self._fd is not None:
            raise LakeBusy("this lease is already held here", self.path, owner="this process")
        try:
            self._fd = self._acquire(time.monotonic() + wait)
        except OSError as error:
            raise LakeReadOnly(f"no lock to be had ({error.strerror})", self.path) from error
        return self

    def _acquire(self, deadline: float) -> int:
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            self._lock(fd, deadline)
            self._sign(fd)
        except BaseException:
            os.close(fd)
            raise
        return fd

    def _lock(self, fd: int, deadline: float) -> None:
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    owner = os.pread(fd, 4096, 0).decode(errors="replace").strip()
                    raise LakeBusy(
                        f"somebody else is writing ({owner or 'unknown'}); try again later",
                        self.path,
                        owner=owner,
                    ) from None
                time.sleep(_POLL_SECONDS)
            else:
                return

    def _sign(self, fd: int) -> None:
        owner = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
            "purpose": self.purpose,
        }
        os.ftruncate(fd, 0)
        os.pwrite(fd, json.dumps(owner, ensure_ascii=False).encode(), 0)

    def release(self) -> None:
        """Give the lease back; children forked meanwhile lose it too."""
        if self._fd is not None:
            fd, self._fd = self._fd, None
            try:
                os.ftruncate(fd, 0)
                fcntl.flock(fd, fcntl.LOCK_UN)
            finally:
                os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def sync_file(path: Path) -> None:
    """Make the bytes of `path` survive a loss of power."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_folder(path: Path) -> None:
    """Make the names inside `path` survive a loss of power."""
    sync_file(path)
