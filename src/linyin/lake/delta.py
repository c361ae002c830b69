"""One Delta table in a folder: create, look for a batch, commit files, list files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties
from deltalake import Schema as DeltaSchema
from deltalake.exceptions import DeltaError
from deltalake.transaction import AddAction, RemoveAction

from linyin.lake.store import LakeError, LakeWriteFailed, sync_file, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CONFIGURATION", "DeltaFolder"]

CONFIGURATION: Final = {
    "delta.appendOnly": "true",
    "delta.enableExpiredLogCleanup": "false",
}
_NO_CLEANUP: Final = PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False)


class DeltaFolder:
    """A Delta table on a local file system.

    Parameters
    ----------
    path
        Folder of the table.

    Attributes
    ----------
    uri, options
        Where deltalake finds it.

    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.uri = str(path)
        self.options: dict[str, str] = {}

    def exists(self) -> bool:
        """Whether there is a Delta table."""
        return DeltaTable.is_deltatable(self.uri, self.options)

    def create(self, schema: pa.Schema) -> None:
        """Make the empty table as version 0.

        Raises
        ------
        LakeWriteFailed
            If the folder cannot be written.

        """
        try:
            self.path.mkdir(exist_ok=True)
            DeltaTable.create(
                self.uri, schema, configuration=CONFIGURATION, storage_options=self.options
            )
            self._sync_log(0)
        except (OSError, DeltaError) as error:
            raise LakeWriteFailed(f"the table could not be made ({error})", self.path) from error

    def latest(self) -> int:
        """Return the newest version in the log, whether its batch is committed or not."""
        return self.at().version()

    def schema(self, version: int | None = None) -> pa.Schema:
        """Return the table's Arrow schema at `version`."""
        return pa.schema(self.at(version).schema().to_arrow())

    def files(self, version: int | None = None) -> list[str]:
        """Return the paths of the Parquet files that make up `version`, sorted."""
        actions = pa.table(self.at(version).get_add_actions(flatten=True))
        return sorted(str(self.path / unquote(p)) for p in actions.column("path").to_pylist())

    def rows(self, version: int | None = None) -> int:
        """Return the number of rows at `version`, from the log alone."""
        return self.at(version).count()

    def find(self, batch: str, after: int) -> int | None:
        """Return the last version above `after` whose commit names `batch`, None without one."""
        return max((v for v, name in self.batches_after(after) if name == batch), default=None)

    def batches_after(self, version: int) -> Iterator[tuple[int, str | None]]:
        """Yield each newer version and the batch its commit names, newest first."""
        table = self.at()
        newer = table.version() - version
        if newer > 0:
            for commit in table.history(newer):
                yield commit["version"], commit.get("batch")

    def commit(self, batch: str, files: Sequence[Path]) -> None:
        """Add `files` to the table in one Delta commit that names `batch`.

        Parameters
        ----------
        batch
            Id of the batch.
        files
            Parquet files already in the table's folder, with the table's columns and types.

        Raises
        ------
        LakeError
            If a file is not whole or does not fit the table.
        LakeWriteFailed
            If the commit could not be written; nothing was added.

        """
        table = self.at()
        expected = pa.schema(table.schema().to_arrow())
        actions: list[AddAction | RemoveAction] = [self._add(path, expected) for path in files]
        self._sync_files(files)
        try:
            table.create_write_transaction(
                actions,
                "append",
                table.schema(),
                commit_properties=commit_properties(batch),
                post_commithook_properties=_NO_CLEANUP,
            )
        except (OSError, DeltaError) as error:
            raise LakeWriteFailed(f"the commit was not written ({error})", self.path) from error

    def merge_files(self, batch: str) -> None:
        """Merge small files into large ones in one commit that names `batch`.

        Raises
        ------
        LakeWriteFailed
            If the commit could not be written.

        """
        try:
            self.at().optimize.compact(
                commit_properties=commit_properties(batch),
                post_commithook_properties=_NO_CLEANUP,
            )
            self._sync_files([Path(file) for file in self.files()])
        except (OSError, DeltaError) as error:
            raise LakeWriteFailed(f"files were not merged ({error})", self.path) from error

    def remove_files(
        self, batch: str, keep: Sequence[int], retention_hours: int, *, dry_run: bool
    ) -> list[str]:
        """Remove files that neither the newest version nor those of `keep` need.

        Parameters
        ----------
        batch
            Id of the batch that the commits name.
        keep
            Versions whose files stay.
        retention_hours
            Files that were needed within this time stay. [h]
        dry_run
            Only name the files.

        Returns
        -------
        list of str
            The files, relative to the table's folder, sorted; with `dry_run` they are only named.

        Raises
        ------
        LakeWriteFailed
            If the log could not be written or a file not be removed.

        """
        try:
            gone = self.at().vacuum(
                retention_hours,
                dry_run,
                enforce_retention_duration=False,
                full=True,
                keep_versions=list(keep),
                commit_properties=commit_properties(batch),
                post_commithook_properties=_NO_CLEANUP,
            )
        except (OSError, DeltaError) as error:
            raise LakeWriteFailed(f"files were not removed ({error})", self.path) from error
        return sorted(name for name in gone if not dry_run or self._is_there(name))

    def _is_there(self, name: str) -> bool:
        return (self.path / unquote(name)).exists()

    def log(self) -> list[Path]:
        """Return the files of the log, sorted."""
        return sorted((self.path / "_delta_log").iterdir())

    def add_columns(self, batch: str, columns: pa.Schema) -> None:
        """Add `columns`, empty in the rows so far, in one commit that names `batch`.

        Raises
        ------
        LakeWriteFailed
            If the commit could not be written.

        """
        fields = DeltaSchema.from_arrow(columns).fields
        try:
            self.at().alter.add_columns(
                fields,
                commit_properties=commit_properties(batch),
                post_commithook_properties=_NO_CLEANUP,
            )
        except (OSError, DeltaError) as error:
            raise LakeWriteFailed(f"columns were not added ({error})", self.path) from error

    def sync(self, version: int) -> None:
        """Make the log entry of `version` survive a loss of power."""
        try:
            self._sync_log(version)
        except OSError as error:
            raise LakeWriteFailed(f"the log is not safe on disk ({error})", self.path) from error

    def _sync_files(self, files: Sequence[Path]) -> None:
        for file in files:
            sync_file(file)
        for folder in {file.parent for file in files}:
            sync_folder(folder)
        sync_folder(self.path)

    def _sync_log(self, version: int) -> None:
        log = self.path / "_delta_log"
        sync_file(log / f"{version:020}.json")
        sync_folder(log)

    def _add(self, path: Path, expected: pa.Schema) -> AddAction:
        try:
            footer = pq.read_metadata(path)
        except (OSError, pa.ArrowInvalid) as error:
            raise LakeError(f"this is not a whole Parquet file ({error})", path) from error
        _require_same_columns(path, footer.schema.to_arrow_schema(), expected)
        stat = path.stat()
        return AddAction(
            path=path.relative_to(self.path).as_posix(),
            size=stat.st_size,
            partition_values={},
            modification_time=stat.st_mtime_ns // 1_000_000,
            data_change=True,
            stats=json.dumps({"numRecords": footer.num_rows}),
        )

    def at(self, version: int | None = None) -> DeltaTable:
        """Open the table at `version`, the newest of the log if None."""
        try:
            return DeltaTable(self.uri, version=version, storage_options=self.options)
        except DeltaError as error:
            asked = "the table" if version is None else f"version {version} of the table"
            raise LakeError(f"{asked} cannot be read ({error})", self.path) from error


def commit_properties(batch: str) -> CommitProperties:
    """Name `batch` in a commit; the lease excludes rivals, so a conflict is never retried."""
    return CommitProperties(custom_metadata={"batch": batch}, max_commit_retries=0)


def _require_same_columns(path: Path, found: pa.Schema, expected: pa.Schema) -> None:
    wrong = sorted(set(found.names) ^ set(expected.names))
    if wrong:
        raise LakeError(f"columns do not fit the table: {', '.join(wrong)}", path)
    for field in expected:
        column = found.field(field.name).type
        if not _same_type(column, field.type):
            raise LakeError(f"column {field.name} is {column}, the table's is {field.type}", path)


def _same_type(found: pa.DataType, expected: pa.DataType) -> bool:
    if pa.types.is_timestamp(found) and pa.types.is_timestamp(expected):
        same_unit: bool = found.unit == expected.unit
        return same_unit and (found.tz is None) == (expected.tz is None)
    same: bool = found == expected
    return same
