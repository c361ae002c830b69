"""The lake: a folder of append-only Delta tables that are written in batches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from linyin.lake.batches import Batch, sweep
from linyin.lake.delta import DeltaFolder
from linyin.lake.literals import quoted
from linyin.lake.register import BatchRegister, Register
from linyin.lake.scratch import scratch_connection
from linyin.lake.store import LakeBusy, LakeError, LakeReadOnly, Lease, probe

if TYPE_CHECKING:
    from linyin.lake.object_store import ObjectStore

__all__ = ["Lake"]

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_WAIT_SECONDS: Final = 30.0


class Lake:
    """A folder of Delta tables; readers see committed batches only.

    Opening it probes the file system and finishes or voids the batches that a crash left open. A
    folder that cannot be written (read-only, full) opens for reading.

    Parameters
    ----------
    path
        The lake's folder, usually `FOLDER/.linyin/lake`; made if it is not there.
    register
        The register of its batches; a file in its folder if None.
    sweep
        Whether to sweep now; a batch sweeps its own table in any case.
    store
        Where its tables lie, if not in the folder; that then keeps copies and locks.

    Raises
    ------
    UnsafeFileSystem
        If the file system cannot keep two writers from writing the same version.
    LakeReadOnly
        If there is no lake and none can be made.

    """

    def __init__(
        self,
        path: str | Path,
        register: BatchRegister | None = None,
        *,
        sweep: bool = True,
        store: ObjectStore | None = None,
    ) -> None:
        self.path = Path(path).absolute()
        self.store = store
        self._register = register or Register(self.path / "_register.jsonl")
        self._leases = self.path / "_leases"
        self._probed = False
        try:
            self._require_writable()
        except LakeReadOnly:
            if not self.path.is_dir():
                raise
        else:
            if sweep:
                self.sweep()

    def _require_writable(self) -> None:
        if self._probed:
            return
        try:
            self._leases.mkdir(parents=True, exist_ok=True)
            probe(self.path)
        except OSError as error:
            raise LakeReadOnly(
                f"the lake cannot be written ({error.strerror})", self.path
            ) from error
        if self.store is not None:
            self.store.probe()
        self._probed = True

    def tables(self) -> list[str]:
        """Return the names of the tables, sorted."""
        folders = (p for p in self.path.iterdir() if p.is_dir())
        names = [p.name for p in folders] if self.store is None else self.store.tables()
        return sorted(n for n in names if _NAME.fullmatch(n) and self._delta(n).exists())

    def create(self, table: str, schema: pa.Schema, *, wait: float = _WAIT_SECONDS) -> None:
        """Make `table` with `schema`, or add to it the columns that it does not have yet.

        Columns that only the table has stay; rows that come without them state nothing there.

        Raises
        ------
        LakeError
            If the table has a column of another type.

        """
        delta = self._delta(table)
        with self._lease(table, "create").acquire(wait):
            if not delta.exists():
                delta.create(schema)
                return
        with self.batch(table, reason="add columns", wait=wait) as batch:
            there = delta.schema()
            odd = [
                f.name
                for f in there
                if f.name in schema.names and schema.field(f.name).type != f.type
            ]
            if odd:
                raise LakeError(f"columns are of other types: {', '.join(odd)}", delta.path)
            new = [f for f in schema if f.name not in there.names]
            if new:
                batch.operate(partial(delta.add_columns, columns=pa.schema(new)))

    def schema(self, table: str, version: int | None = None) -> pa.Schema:
        """Return the Arrow schema of `table` at a committed version, the last if None."""
        return self.delta(table).schema(self._committed(table, version))

    def version(self, table: str) -> int:
        """Return the last committed version of `table`; 0 = made, still empty."""
        return self._register.version(table)

    def files(self, table: str, version: int | None = None) -> list[str]:
        """Return the Parquet files of `table` at a committed version, the last if None.

        Raises
        ------
        LakeError
            If there is no such table, or the version is not committed.

        """
        return self.delta(table).files(self._committed(table, version))

    def rows(self, table: str, version: int | None = None) -> int:
        """Return the number of rows of `table` at a committed version, the last if None."""
        return self.delta(table).rows(self._committed(table, version))

    def scan(self, table: str, version: int | None = None) -> str:
        """Return a DuckDB table expression over the rows of `table`, for use after FROM."""
        files = self.files(table, version)
        empty = _empty_scan(self.schema(table, version))
        if not files:
            return f"({empty})"
        names = ", ".join(map(quoted, files))
        return (
            f"({empty} UNION ALL BY NAME "
            f"SELECT * FROM read_parquet([{names}], union_by_name = true))"
        )

    def batch(
        self, table: str, *, reason: str, who: str | None = None, wait: float = _WAIT_SECONDS
    ) -> Batch:
        """Begin a batch: `with lake.batch("activities", reason="import") as batch: ...`.

        Parameters
        ----------
        table
            Name of the table.
        reason, who
            Kept in the register; `who` defaults to the user of the process.
        wait
            How long another writer of the table is waited for. [s]

        Raises
        ------
        LakeBusy
            If another writer holds the table that long.
        LakeReadOnly
            If the folder cannot be written.

        """
        delta, lease = self.delta(table), self._lease(table, reason)
        return Batch(delta, self._register, lease, wait=wait, reason=reason, who=who)

    def _lease(self, table: str, purpose: str) -> Lease:
        self._require_writable()
        return Lease(self._leases / f"{table}.lock", purpose)

    def sweep(self) -> None:
        """Finish or void the open batches of tables that nobody is writing."""
        for table in {b.table for b in self._register.batches() if b.state == "open"}:
            with suppress(LakeBusy), self._lease(table, "sweep").acquire(0):
                sweep(self.delta(table), self._register)

    def pin(self, table: str, version: int, run: str) -> None:
        """Keep `version` of `table` readable for `run`, whatever `vacuum` removes.

        Raises
        ------
        LakeError
            If the version is not committed, or a part of it is gone already.

        """
        with self.pinning(table, f"pin for {run}"):
            gone = [f for f in self.files(table, version) if not Path(f).is_file()]
            if gone:
                raise LakeError(f"version {version} is no longer whole", Path(gone[0]))
            self._register.pin(table, version, run)

    def pinning(self, table: str, purpose: str, wait: float = _WAIT_SECONDS) -> Lease:
        """Take the lock under which versions are pinned and files are removed."""
        return self._lease(f"{table}.pins", purpose).acquire(wait)

    def unpin(self, table: str, version: int, run: str) -> None:
        """Take back what `pin` asked for `run`."""
        self._register.unpin(table, version, run)

    def pins(self, table: str) -> dict[int, frozenset[str]]:
        """Return the pinned versions of `table` and the runs that pin each."""
        return self._register.pins(table)

    def compact(self, table: str, *, wait: float = _WAIT_SECONDS) -> int | None:
        """Merge small files into large ones; see `linyin.lake.vacuum.compact`."""
        from linyin.lake.vacuum import compact

        return compact(self, table, wait=wait)

    def vacuum(
        self,
        table: str,
        *,
        keep: Iterable[int] = (),
        retention_hours: int = 168,
        wait: float = _WAIT_SECONDS,
    ) -> list[str]:
        """Remove files that no kept version needs; see `linyin.lake.vacuum.vacuum`."""
        from linyin.lake.vacuum import vacuum

        return vacuum(self, table, keep=keep, retention_hours=retention_hours, wait=wait)

    def delta(self, table: str) -> DeltaFolder:
        """Return the Delta folder of `table`.

        Raises
        ------
        LakeError
            If there is no such table.

        """
        delta = self._delta(table)
        if not delta.exists():
            raise LakeError("there is no such table", delta.path)
        return delta

    @property
    def register(self) -> BatchRegister:
        """The lake's register of batches and pins."""
        return self._register

    def _delta(self, table: str) -> DeltaFolder:
        if not _NAME.fullmatch(table):
            raise LakeError(f"{table!r} is no name of a table", self.path)
        if self.store is None:
            return DeltaFolder(self.path / table)
        from linyin.lake.object_store import DeltaStore

        return DeltaStore(self.path / table, self.store, table)

    def _committed(self, table: str, version: int | None) -> int:
        last = self.version(table)
        if version is None:
            return last
        if not 0 <= version <= last:
            raise LakeError(f"version {version} of {table} is not committed", self.path)
        return version


@lru_cache(maxsize=64)
def _empty_scan(schema: pa.Schema) -> str:
    """Return a DuckDB query with the columns of `schema` and no row."""
    with scratch_connection() as connection:
        connection.register("empty_rows", schema.empty_table())
        described = connection.execute("DESCRIBE SELECT * FROM empty_rows").fetchall()
    columns = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind, *_ in described)
    return f"SELECT {columns} WHERE false"
