"""A lake in an object store: Delta tables at a URL, their files fetched through fsspec.

The rows of a table lie in files that never change, so a copy of one, once fetched, stays good. The
local folder of the lake keeps these copies, what a batch writes before it is uploaded, and the
locks of the writers, who must share that folder. A version is put if it is absent: the store itself
decides between two writers.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError

from linyin.lake.delta import DeltaFolder, commit_properties
from linyin.lake.store import LakeError, LakeReadOnly, LakeWriteFailed, UnsafeFileSystem

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

__all__ = ["DeltaStore", "ObjectStore", "is_object_store"]


def is_object_store(place: str) -> bool:
    """Whether a place of a lake is a URL of an object store, not a folder."""
    return "://" in place and urlsplit(place).scheme != "file"


class ObjectStore:
    """Where the tables of a lake lie.

    Credentials and the region come from the environment, as the store's own tools read them
    (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`).

    Parameters
    ----------
    url
        `s3://bucket/prefix`, or any other that fsspec and deltalake both know.

    Attributes
    ----------
    names
        Names of the files of a table at a version, which never change, by its URL and version.

    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.names: dict[tuple[str, int], tuple[str, ...]] = {}
        self._is_proved = False

    @cached_property
    def files(self) -> AbstractFileSystem:
        """The store as a file system.

        Raises
        ------
        LakeError
            If the package for this kind of store is not installed.

        """
        import fsspec

        try:
            return fsspec.url_to_fs(self.url)[0]
        except (ImportError, ValueError) as error:
            raise LakeError(f"this kind of store cannot be read ({error})", self.url) from error

    @cached_property
    def options(self) -> dict[str, str]:
        """What deltalake needs to know besides the environment."""
        is_plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
        return {"AWS_ALLOW_HTTP": "true"} if is_plain else {}

    def tables(self) -> list[str]:
        """Return the names of the folders at the URL.

        Raises
        ------
        LakeError
            If the store does not answer.

        """
        try:
            self.files.invalidate_cache()
            found = self.files.ls(self.url, detail=True)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise LakeError(f"the store does not answer ({error})", self.url) from error
        return [
            one["name"].rstrip("/").rpartition("/")[2]
            for one in found
            if one["type"] == "directory"
        ]

    def upload(self, folder: Path) -> None:
        """Put the tables of a local lake into the store, of each the log last.

        Raises
        ------
        LakeWriteFailed
            If the store does not take a file.

        """
        files = (p for p in folder.glob("*/**/*") if p.is_file())
        for file in sorted(files, key=lambda p: ("_delta_log" in p.parts, p)):
            name = file.relative_to(folder).as_posix()
            try:
                self.files.put_file(str(file), f"{self.url}/{name}")
            except OSError as error:
                raise LakeWriteFailed(f"a file was not uploaded ({error})", file) from error

    def probe(self) -> None:
        """Prove that of two writers of one version the store refuses the second.

        Raises
        ------
        UnsafeFileSystem
            If both are taken.
        LakeReadOnly
            If nothing can be written.

        """
        if self._is_proved:
            return
        uri = f"{self.url}/_probe-{secrets.token_hex(8)}"
        columns = pa.schema([("n", pa.int64())])
        try:
            DeltaTable.create(uri, columns, storage_options=self.options)
            rivals = [DeltaTable(uri, storage_options=self.options) for _ in range(2)]
            refused = 0
            for rival in rivals:
                try:
                    rival.alter.set_table_properties(
                        {"delta.appendOnly": "true"}, commit_properties=commit_properties("probe")
                    )
                except CommitFailedError:
                    refused += 1
        except (OSError, DeltaError) as error:
            raise LakeReadOnly(f"nothing can be written ({error})", self.url) from error
        finally:
            self._forget(uri)
        if refused != 1:
            raise UnsafeFileSystem("two writers could write the same version", self.url)
        self._is_proved = True

    def _forget(self, uri: str) -> None:
        try:
            self.files.rm(uri, recursive=True)
        except FileNotFoundError:
            return


class DeltaStore(DeltaFolder):
    """A Delta table in an object store.

    Parameters
    ----------
    path
        Local folder of its copies.
    store, name
        Where the table lies.

    """

    def __init__(self, path: Path, store: ObjectStore, name: str) -> None:
        super().__init__(path)
        self.uri, self.options = f"{store.url}/{name}", store.options
        self.store = store

    def files(self, version: int | None = None) -> list[str]:
        """Return local copies of the files that make up `version`, sorted; fetch what lacks."""
        wanted = self.latest() if version is None else version
        known = self.store.names
        if (self.uri, wanted) not in known:
            actions: Any = pa.table(self.at(wanted).get_add_actions(flatten=True))
            known[self.uri, wanted] = tuple(actions.column("path").to_pylist())
        return sorted(str(self._fetched(name)) for name in known[self.uri, wanted])

    def log(self) -> list[Path]:
        """Return local copies of the files of the log."""
        folder = f"{self.uri}/_delta_log"
        self.store.files.invalidate_cache()
        for found in self.store.files.ls(folder, detail=False):
            self._fetched(f"_delta_log/{found.rpartition('/')[2]}")
        return super().log()

    def _fetched(self, name: str) -> Path:
        path = self.path / unquote(name)
        if not path.exists():
            part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.partial")
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self.store.files.get_file(f"{self.uri}/{unquote(name)}", str(part))
                part.replace(path)
            except OSError as error:
                part.unlink(missing_ok=True)
                raise LakeError(f"a file cannot be fetched ({error})", path) from error
        return path

    def commit(self, batch: str, files: Sequence[Path]) -> None:
        """Upload `files` and add them in one commit; see :meth:`DeltaFolder.commit`."""
        for file in files:
            name = file.relative_to(self.path).as_posix()
            try:
                self.store.files.put_file(str(file), f"{self.uri}/{name}")
            except OSError as error:
                raise LakeWriteFailed(f"a file was not uploaded ({error})", file) from error
        super().commit(batch, files)

    def _is_there(self, name: str) -> bool:
        return bool(self.store.files.exists(f"{self.uri}/{unquote(name)}"))

    def remove_files(
        self, batch: str, keep: Sequence[int], retention_hours: int, *, dry_run: bool
    ) -> list[str]:
        """Remove files that no kept version needs, and their copies."""
        gone = super().remove_files(batch, keep, retention_hours, dry_run=dry_run)
        if not dry_run:
            for name in gone:
                (self.path / unquote(name)).unlink(missing_ok=True)
        return gone

    def _sync_files(self, files: Sequence[Path]) -> None:
        """Nothing: what the store has answered is safe there."""

    def _sync_log(self, version: int) -> None:
        """Nothing: what the store has answered is safe there."""
