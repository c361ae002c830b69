"""The register of a lake: which batches were opened, committed, voided; which versions are pinned.

One JSON object a line, only ever appended, each line fsynced before the next step of the protocol.
A line that a crash cut short has no line end: readers do not see it, the next writer removes it.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, Protocol

from linyin.lake.store import LakeError, LakeWriteFailed, sync_folder

__all__ = ["BatchRecord", "BatchRegister", "Register", "State"]

type State = Literal["open", "committed", "void"]
_EVENTS: Final = frozenset({"open", "committed", "void", "pin", "unpin"})


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """What the register knows of one batch.

    Attributes
    ----------
    base
        Version of the table when the batch was opened.
    version
        Version that the batch made; None until it is committed.
    at
        When it was opened, ISO 8601 in UTC.

    """

    id: str
    table: str
    reason: str
    who: str
    base: int
    at: str
    state: State = "open"
    version: int | None = None


class BatchRegister(Protocol):
    """What a lake asks of its register; each write is durable before the call returns."""

    def batches(self, table: str | None = None) -> list[BatchRecord]:
        """Return all batches in the order they were opened, those of `table` if named."""

    def open_batches(self, table: str) -> list[BatchRecord]:
        """Return the batches of `table` that are neither committed nor void."""

    def version(self, table: str) -> int:
        """Return the newest version of `table` that a committed batch made; 0 = only created."""

    def pins(self, table: str) -> dict[int, frozenset[str]]:
        """Return the pinned versions of `table` and the runs that pin each."""

    def open(self, batch: BatchRecord) -> None:
        """Write that `batch` is open."""

    def commit(self, batch: str, version: int) -> None:
        """Write that `batch` made `version`: from now on readers see it."""

    def void(self, batch: str, why: str) -> None:
        """Write that `batch` made nothing and never will."""

    def pin(self, table: str, version: int, run: str) -> None:
        """Write that `run` needs `version` of `table`."""

    def unpin(self, table: str, version: int, run: str) -> None:
        """Write that `run` no longer needs `version` of `table`."""


class Register:
    """The register of a folder: reads and extends a file.

    Parameters
    ----------
    path
        The file; it comes into being with the first event.

    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._batches: dict[str, BatchRecord] = {}
        self._versions: dict[str, int] = {}
        self._pins: dict[tuple[str, int], set[str]] = {}
        self._read_to = 0
        self._lines = 0
        self._guard = threading.Lock()

    def batches(self, table: str | None = None) -> list[BatchRecord]:
        """Return all batches in the order they were opened, those of `table` if named."""
        self._catch_up()
        return [b for b in self._batches.values() if table is None or b.table == table]

    def open_batches(self, table: str) -> list[BatchRecord]:
        """Return the batches of `table` that are neither committed nor void."""
        return [b for b in self.batches(table) if b.state == "open"]

    def version(self, table: str) -> int:
        """Return the newest version of `table` that a committed batch made; 0 = only created."""
        self._catch_up()
        return self._versions.get(table, 0)

    def pins(self, table: str) -> dict[int, frozenset[str]]:
        """Return the pinned versions of `table` and the runs that pin each."""
        self._catch_up()
        return {v: frozenset(runs) for (t, v), runs in self._pins.items() if t == table and runs}

    def open(self, batch: BatchRecord) -> None:
        """Write that `batch` is open."""
        self._append(
            {
                "event": "open",
                "batch": batch.id,
                "table": batch.table,
                "reason": batch.reason,
                "who": batch.who,
                "base": batch.base,
                "at": batch.at,
                "pid": os.getpid(),
            }
        )

    def commit(self, batch: str, version: int) -> None:
        """Write that `batch` made `version`: from now on readers see it."""
        self._append({"event": "committed", "batch": batch, "version": version, "at": _now()})

    def void(self, batch: str, why: str) -> None:
        """Write that `batch` made nothing and never will."""
        self._append({"event": "void", "batch": batch, "why": why, "at": _now()})

    def pin(self, table: str, version: int, run: str) -> None:
        """Write that `run` needs `version` of `table`."""
        self._append({"event": "pin", "table": table, "version": version, "run": run, "at": _now()})

    def unpin(self, table: str, version: int, run: str) -> None:
        """Write that `run` no longer needs `version` of `table`."""
        self._append(
            {"event": "unpin", "table": table, "version": version, "run": run, "at": _now()}
        )

    def _append(self, event: Mapping[str, str | int]) -> None:
        line = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        try:
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX)
                self._append_locked(fd, line)
            finally:
                os.close(fd)
        except OSError as error:
            raise LakeWriteFailed(
                f"the register could not take an event ({error.strerror})", self.path
            ) from error

    def _append_locked(self, fd: int, line: bytes) -> None:
        end = _end_of_last_line(fd)
        os.ftruncate(fd, end)
        try:
            written = 0
            while written < len(line):
                written += os.pwrite(fd, line[written:], end + written)
            os.fsync(fd)
        except OSError:
            os.ftruncate(fd, end)
            raise
        if end == 0:
            sync_folder(self.path.parent)

    def _catch_up(self) -> None:
        with self._guard:
            try:
                with self.path.open("rb") as file:
                    file.seek(self._read_to)
                    news = file.read()
            except FileNotFoundError:
                if self._read_to == 0:
                    return
                raise
            whole = news[: news.rfind(b"\n") + 1]
            for line in whole.splitlines():
                self._lines += 1
                self._apply(line)
            self._read_to += len(whole)

    def _apply(self, line: bytes) -> None:
        try:
            event = json.loads(line)
            self._apply_event(event)
        except (ValueError, KeyError, TypeError) as error:
            raise LakeError(f"line {self._lines} of the register is broken", self.path) from error

    def _apply_event(self, event: dict[str, object]) -> None:
        kind = event["event"]
        if kind not in _EVENTS:
            raise ValueError(f"unknown event {kind!r}")
        if kind == "open":
            batch = BatchRecord(
                id=str(event["batch"]),
                table=str(event["table"]),
                reason=str(event["reason"]),
                who=str(event["who"]),
                base=int(str(event["base"])),
                at=str(event["at"]),
            )
            self._batches[batch.id] = batch
        elif kind in {"pin", "unpin"}:
            runs = self._pins.setdefault((str(event["table"]), int(str(event["version"]))), set())
            (runs.add if kind == "pin" else runs.discard)(str(event["run"]))
        else:
            self._close(self._batches[str(event["batch"])], event)

    def _close(self, batch: BatchRecord, event: dict[str, object]) -> None:
        if event["event"] == "void":
            self._batches[batch.id] = replace(batch, state="void")
            return
        version = int(str(event["version"]))
        self._batches[batch.id] = replace(batch, state="committed", version=version)
        self._versions[batch.table] = max(version, self._versions.get(batch.table, 0))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _end_of_last_line(fd: int) -> int:
    end = os.fstat(fd).st_size
    while end > 0:
        start = max(0, end - 4096)
        found = os.pread(fd, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
