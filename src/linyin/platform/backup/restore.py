"""`restore`: a backup becomes a workspace, in a new folder, on SQLite or PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linyin.lake import BadInput, Finding, ObjectStore, Where, is_object_store
from linyin.platform.backup.archive import unpack
from linyin.platform.bootstrap import start

if TYPE_CHECKING:
    from linyin.platform.workspace import Workspace

__all__ = ["Restored", "restore"]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored.

    Attributes
    ----------
    rows, files
        Their numbers.
    events, end
        Number of events of the audit trail, all verified, and the hash of the last.

    """

    rows: int
    files: int
    events: int
    end: str


def restore(path: Path, folder: Path, progress: Callable[[str], None] = lambda _: None) -> Restored:
    """Make a workspace of a backup; call it before Django has started.

    Parameters
    ----------
    path
        The backup.
    folder
        The workspace's folder, empty or not there. Its database is the one that
        `LINYIN_DATABASE_URL` names, without rows; a file in the folder by default.

    Raises
    ------
    BadInput
        If the file is broken or newer than the code, the folder or the database is in use, or
        the audit trail does not hold. Nothing is left in the folder then.

    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput([Finding("path-exists", "error", Where(str(folder)))])
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as work:
        progress("unpack")
        place = Path(work) / "workspace"
        place.mkdir(mode=0o700)
        manifest = unpack(path, place)
        folder.mkdir(mode=0o700, exist_ok=True)
        for part in place.iterdir():
            part.rename(folder / part.name)
    try:
        restored = _load(folder, manifest, progress)
    except BaseException:
        shutil.rmtree(folder)
        raise
    shutil.rmtree(folder / "rows")
    return restored


def _load(folder: Path, manifest: dict[str, Any], progress: Callable[[str], None]) -> Restored:
    workspace = start(folder)
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from linyin.platform.audit import verify
    from linyin.platform.backup.rows import contents_of, models_at, read_rows
    from linyin.platform.models import AuditHead
    from linyin.platform.upgrade import upgrade

    _place_lake(folder / "lake", workspace)
    _require(not _has_rows(), "restore-database-used")
    progress("migrate")
    stated: list[tuple[str, str]] = [(app, name) for app, name in manifest["migrations"]]
    executor = MigrationExecutor(connection)
    unknown = [".".join(node) for node in stated if node not in executor.loader.graph.nodes]
    _require(not unknown, "data-newer", newer=", ".join(unknown))
    executor.migrate(_last(executor, stated))
    progress("records")
    read_rows(models_at(stated), folder / "rows")
    found, saved = contents_of(models_at(stated)), manifest["rows"]
    differ = sorted(name for name in {*found, *saved} if found.get(name) != saved.get(name))
    _require(not differ, "restore-rows-differ", tables=", ".join(differ))
    progress("check")
    upgrade()
    faults = list(verify())
    _require(not faults, "restore-audit-broken", event=faults[0].number if faults else 0)
    head = AuditHead.objects.filter(pk=1).first()
    return Restored(
        rows=sum(content["rows"] for content in saved.values()),
        files=len(manifest["files"]),
        events=head.number if head else 0,
        end=head.hash if head else "",
    )


def _place_lake(unpacked: Path, workspace: Workspace) -> None:
    if is_object_store(workspace.lake_url):
        store = ObjectStore(workspace.lake_url)
        _require(not store.tables(), "path-exists", Where(workspace.lake_url))
        store.upload(unpacked)
    elif workspace.lake_folder != unpacked.absolute():
        lake = workspace.lake_folder
        _require(not lake.exists(), "path-exists", Where(str(lake)))
        shutil.move(unpacked, lake)


def _require(holds: bool, code: str, at: Where | None = None, **fields: Any) -> None:
    if not holds:
        raise BadInput([Finding(code, "error", at or Where(), fields)])


def _has_rows() -> bool:
    from django.apps import apps
    from django.db import connection

    there = set(connection.introspection.table_names())
    models = (apps.get_model("platform", name) for name in ("Person", "AuditEvent", "LakeBatch"))
    return any(m._meta.db_table in there and m._base_manager.exists() for m in models)


def _last(executor: Any, stated: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the migrations of a backup that no other of it builds on, app by app."""
    graph = executor.loader.graph
    return [
        node
        for node in stated
        if not any(child.key[0] == node[0] and child.key in stated
                   for child in graph.node_map[node].children)
    ]  # fmt: skip
