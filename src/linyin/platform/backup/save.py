"""`backup`: one moment of a workspace as one file, while others write.

The rows come from one snapshot of the database. The lake is then that of the snapshot: the last
version committed in it, and the versions that runs pin; their files never change, and pins keep
them while they are copied. Runs and evidence are files that never change either: they are linked
aside first. What was written after the snapshot is not in the backup, nor is half of anything.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from linyin.lake import FileLease, Lake
from linyin.platform.actor import Actor
from linyin.platform.audit import BACKUP, record_event
from linyin.platform.backup.archive import ArchiveWriter
from linyin.platform.backup.rows import applied, models_at, snapshot, write_rows
from linyin.platform.lake import workspace_lake

if TYPE_CHECKING:
    from django.apps.registry import Apps

__all__ = ["Saved", "save", "tell"]

_PIN: Final = "backup"
_LOG: Final = re.compile(r"(\d{20})\.(?:json|checkpoint.*\.parquet)")
_LINKED: Final = ("runs", "documents", "uploads")


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds.

    Attributes
    ----------
    rows, files, size
        Numbers of rows and of files; bytes of the file.
    missing
        Evidence that the database names and the folder lacks: it was lost before.

    """

    rows: int
    files: int
    size: int
    missing: tuple[str, ...]


def save(path: Path, progress: Callable[[str], None] = lambda _: None) -> Saved:
    """Write a backup of the workspace to a file, readable by its owner alone.

    Raises
    ------
    BadInput
        If the file is there already.
    LakeBusy
        If another backup is being written.

    """
    workspace = settings.WORKSPACE
    with (
        FileLease(workspace.root / "backup.lock", "backup").acquire(0),
        tempfile.TemporaryDirectory(prefix="backup-", dir=workspace.root) as work,
        ArchiveWriter(path) as archive,
    ):
        scratch = Path(work)
        lake = workspace_lake()
        migrations = applied()
        apps = models_at(migrations)
        progress("records")
        rows = scratch / "rows"
        rows.mkdir()
        with _pins(lake):
            with ExitStack() as standing:
                with _nothing_removed(lake):
                    alias = standing.enter_context(snapshot(scratch))
                    kept = _versions(apps, alias)
                    for table, versions in kept.items():
                        for version in versions:
                            lake.register.pin(table, version, _PIN)
                contents = write_rows(apps, alias, rows)
                evidence = set(
                    apps.get_model("platform", "Document")
                    .objects.using(alias)
                    .values_list("sha256", flat=True)
                )
            progress("files")
            _link(scratch)
            for file in sorted(rows.iterdir()):
                archive.add(f"rows/{file.name}", file)
            for table, versions in kept.items():
                for file in _lake_files(lake, table, versions):
                    archive.add(f"lake/{file.relative_to(lake.path).as_posix()}", file)
        for name in _LINKED:
            for file in _files(scratch / name):
                archive.add(file.relative_to(scratch).as_posix(), file)
        archive.add("secret-key", workspace.secret_file)
        archive.finish(
            {
                "linyin": version_of("linyin"),
                "made_at": timezone.now().isoformat(timespec="seconds"),
                "database": connection.vendor,
                "migrations": migrations,
                "lake": kept,
                "rows": contents,
            }
        )
        there = {Path(name).name for name in archive.files if name.startswith("documents/")}
        return Saved(
            rows=sum(int(content["rows"]) for content in contents.values()),
            files=len(archive.files),
            size=path.stat().st_size,
            missing=tuple(sorted(evidence - there)),
        )


def tell(path: Path, saved: Saved) -> None:
    """Tell the audit trail of a backup; the administrator's home reads its age there."""
    told = {"rows": saved.rows, "files": saved.files, "bytes": saved.size}
    with transaction.atomic():
        record_event(Actor(None, "cli", is_operator=True), BACKUP, key=path.name, after=told)


def _versions(apps: Apps, alias: str) -> dict[str, list[int]]:
    """Return the versions of every table that the snapshot needs, the last one last."""
    batches = apps.get_model("platform", "LakeBatch").objects.using(alias)
    pins = apps.get_model("platform", "LakePin").objects.using(alias)
    needed: dict[str, set[int]] = {}
    last: dict[str, int] = {}
    for table, version in batches.filter(state="committed").values_list("table", "version"):
        last[table] = max(int(version or 0), last.get(table, 0))
    for table, version in pins.values_list("table", "version"):
        needed.setdefault(table, set()).add(version)
    return {table: sorted({*needed.get(table, ()), last.get(table, 0)}) for table in _tables(last)}


def _tables(last: Mapping[str, int]) -> list[str]:
    return sorted({*workspace_lake().tables(), *last})


@contextmanager
def _nothing_removed(lake: Lake) -> Iterator[None]:
    """Let no file of the lake be removed between the snapshot and the pins of what it needs."""
    with ExitStack() as held:
        for table in sorted(lake.tables()):
            held.enter_context(lake.pinning(table, "backup"))
        yield


@contextmanager
def _pins(lake: Lake) -> Iterator[None]:
    """Take back the pins of this backup when it ends, and of one that was killed before."""
    _unpin_all(lake)
    try:
        yield
    finally:
        _unpin_all(lake)


def _unpin_all(lake: Lake) -> None:
    for table in lake.tables():
        for version, runs in lake.pins(table).items():
            if _PIN in runs:
                lake.unpin(table, version, _PIN)


def _lake_files(lake: Lake, table: str, versions: list[int]) -> Iterator[Path]:
    data = {file for version in versions for file in lake.files(table, version)}
    yield from map(Path, sorted(data))
    for file in lake.delta(table).log():
        found = _LOG.fullmatch(file.name)
        if found and int(found[1]) <= versions[-1]:
            yield file


def _link(scratch: Path) -> None:
    for name in _LINKED:
        source = settings.WORKSPACE.root / name
        for file in _files(source):
            target = scratch / name / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(file, target)
            except FileNotFoundError:
                continue
            except OSError:
                shutil.copyfile(file, target)


def _files(folder: Path) -> Iterator[Path]:
    """Yield what is finished: no locks, and nothing in a scratch folder."""
    for path in sorted(folder.rglob("*")):
        is_scratch = path.relative_to(folder).parts[0].startswith("work-")
        if path.is_file() and path.suffix != ".lock" and not is_scratch:
            yield path
