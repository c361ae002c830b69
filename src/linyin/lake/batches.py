"""A batch: all rows of one write, or none of them, whatever breaks on the way.

1. The register says `open`. 2. One Delta commit, whose metadata names the batch, adds the files.
3. The register says `committed`. Readers stop at the last committed batch, so what happens between
2 and 3 is invisible until `sweep` finds the commit and finishes the batch, or finds none and voids
it. The lease of the table is held from before 1 to after 3.
"""

from __future__ import annotations

import getpass
import os
import secrets
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import duckdb

from linyin.lake.delta import DeltaFolder
from linyin.lake.literals import quoted
from linyin.lake.register import BatchRecord, BatchRegister
from linyin.lake.scratch import scratch_connection
from linyin.lake.store import LakeError, LakeWriteFailed, Lease, sync_folder

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Batch", "sweep"]


class Batch:
    """One write to one table; use it as a context manager (made by `Lake.batch`).

    Nothing is registered until the first row or file, so a batch without any leaves no trace.

    Attributes
    ----------
    id
        Name of the batch; sorts by time.
    base
        Version of the table that the batch builds on.
    version
        Version that the batch made; None before the end, or when nothing was written.

    """

    def __init__(
        self,
        table: DeltaFolder,
        register: BatchRegister,
        lease: Lease,
        *,
        wait: float,
        reason: str,
        who: str | None,
    ) -> None:
        now = datetime.now(UTC)
        self.id = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
        self.opened_at = now
        self.version: int | None = None
        self.base = 0
        self._table = table
        self._register = register
        self._lease = lease
        self._wait = wait
        self._reason = reason
        self._who = _whoever() if who is None else who
        self._open = False
        self._files: list[Path] = []
        self._operation: Callable[[str], None] | None = None
        self._parts = 0

    @property
    def folder(self) -> Path:
        """The batch's own folder inside the table, where an engine may write Parquet files."""
        folder = self._table.path / self.id
        self._begin()
        try:
            folder.mkdir(exist_ok=True)
            sync_folder(self._table.path)
        except OSError as error:
            raise LakeWriteFailed(f"no folder for the batch ({error})", folder) from error
        return folder

    def _begin(self) -> None:
        if self._open:
            return
        if not self._lease.held:
            raise LakeError("a batch is written inside its `with` block", self._table.path)
        record = BatchRecord(
            id=self.id,
            table=self._table.path.name,
            reason=self._reason,
            who=self._who,
            base=self.base,
            at=self.opened_at.isoformat(timespec="microseconds"),
        )
        self._register.open(record)
        self._open = True

    def append(self, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Write `rows`, which have the table's columns and types in any order.

        Raises
        ------
        LakeWriteFailed
            If the disk does not take them; the table stays as it was.

        """
        with scratch_connection() as connection:
            connection.register("appended_rows", rows)
            self.write(connection, "SELECT * FROM appended_rows")

    def write(self, connection: duckdb.DuckDBPyConnection, query: str) -> int:
        """Write the rows of `query` as Parquet files of this batch.

        Returns
        -------
        int
            Number of rows written; with none, no file is made.

        Raises
        ------
        LakeWriteFailed
            If the disk does not take them; the table stays as it was.

        """
        path = self.folder / f"{self._parts:04}.parquet"
        self._parts += 1
        try:
            counted = connection.execute(
                f"COPY ({query}) TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd)"
            ).fetchone()
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise LakeWriteFailed(f"the rows were not written ({error})", path) from error
        rows = int(counted[0]) if counted else 0
        if rows:
            self._files.append(path)
        else:
            path.unlink(missing_ok=True)
        return rows

    def register(self, files: Iterable[str | Path]) -> None:
        """Take Parquet files that an engine wrote into `folder`; they are not rewritten.

        Raises
        ------
        LakeError
            If a file lies elsewhere.

        """
        for file in map(Path, files):
            path = file if file.is_absolute() else self.folder / file
            if not path.resolve().is_relative_to(self.folder.resolve()):
                raise LakeError(f"the file is not in the batch's folder {self.folder}", path)
            self._files.append(self.folder / path.resolve().relative_to(self.folder.resolve()))

    def operate(self, operation: Callable[[str], None]) -> None:
        """Make `operation` the one commit of this batch, instead of adding files.

        Parameters
        ----------
        operation
            Called with the batch's id at the end of the `with` block; it commits to the table at
            most once under that id, changes no row, and raises `LakeError` if it fails.

        """
        self._begin()
        self._operation = operation

    def __enter__(self) -> Self:
        self._lease.acquire(self._wait)
        try:
            sweep(self._table, self._register)
            self.base = require_own_history(self._table, self._register)
        except BaseException:
            self._lease.release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if not self._open:
                return
            if error is not None:
                self._void(repr(error))
            elif self._operation is not None:
                self._commit(self._operation)
            elif self._files:
                self._commit(lambda batch: self._table.commit(batch, self._files))
            else:
                self._void("nothing to write")
        finally:
            self._lease.release()

    def _commit(self, write: Callable[[str], None]) -> None:
        version = self._table.find(self.id, after=self.base)
        if version is None:
            try:
                write(self.id)
            except LakeError as error:
                version = self._table.find(self.id, after=self.base)
                if version is None:
                    self._void(str(error))
                    raise
            else:
                version = self._table.find(self.id, after=self.base)
        if version is None:
            raise LakeError(f"the commit of batch {self.id} is not in the log", self._table.path)
        self._finish(version)

    def _finish(self, version: int) -> None:
        try:
            self._table.sync(version)
            self._register.commit(self.id, version)
        except LakeWriteFailed as error:
            raise LakeWriteFailed(
                f"batch {self.id} is in the log, but the register could not say so; it is "
                f"finished when the lake is next opened with room to write ({error})",
                self._table.path,
            ) from error
        self.version = version

    def _void(self, why: str) -> None:
        with suppress(LakeWriteFailed):  # on a full disk; then the next sweep voids it
            void(self._table, self._register, self.id, why)


def sweep(table: DeltaFolder, register: BatchRegister) -> None:
    """Finish or void what a crash left open; only for who holds the table's lease.

    A batch whose commit is in the table's history is committed; one without is void, and its
    files are removed.
    """
    for batch in register.open_batches(table.path.name):
        version = table.find(batch.id, after=batch.base)
        if version is None:
            void(table, register, batch.id, "its writer ended before the commit")
        else:
            table.sync(version)
            register.commit(batch.id, version)


def void(table: DeltaFolder, register: BatchRegister, batch: str, why: str) -> None:
    """Void `batch` and remove its files; what cannot be removed now is left to `vacuum`."""
    register.void(batch, why)
    shutil.rmtree(table.path / batch, ignore_errors=True)


def require_own_history(table: DeltaFolder, register: BatchRegister) -> int:
    """Return the table's version, which must be the register's.

    Raises
    ------
    LakeError
        If somebody wrote to the table outside the protocol, or the log has lost versions.

    """
    ours, theirs = register.version(table.path.name), table.latest()
    if ours != theirs:
        raise LakeError(
            f"the log ends at version {theirs}, the register at {ours}: something else wrote to "
            "the table, or a part of the lake was restored; restore the whole folder",
            table.path,
            log=theirs,
            register=ours,
        )
    return ours


def _whoever() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
