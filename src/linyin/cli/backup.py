"""`linyin backup`: a workspace as one file, while it is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from linyin.cli.command import Answer, argument, command
from linyin.cli.workspace import opened, workspace_option

if TYPE_CHECKING:
    from linyin.cli.session import Session
    from linyin.platform.backup.save import Saved

__all__ = ["backup"]


@command("backup")
@argument("file", type=click.Path(path_type=Path))
@workspace_option
def backup(session: Session, file: Path, folder: Path) -> Answer:
    """Write a backup."""
    from linyin.cli.paths import shown

    with session.steps(("records", "files")) as progress:
        opened(folder, is_current=False)
        from linyin.platform.backup.save import save
        from linyin.platform.upgrade import require_no_newer

        require_no_newer()
        saved = save(file, progress)
        _record(file, saved)
    data = {
        "ok": not saved.missing,
        "file": str(file),
        "rows": saved.rows,
        "files": saved.files,
        "size": saved.size,
        "missing": list(saved.missing),
    }
    megabytes = f"{saved.size / 1e6:,.1f}"
    view = [session.say("backup.done", path=shown(file), rows=saved.rows, megabytes=megabytes)]
    if saved.missing:
        view.append(session.say("backup.missing", number=len(saved.missing)))
    return Answer(data, view, 1 if saved.missing else 0)


def _record(file: Path, saved: Saved) -> None:
    """Tell the audit trail, from which the administrator's home reads the age of the backup."""
    from django.db import transaction

    from linyin.platform.actor import Actor
    from linyin.platform.audit import BACKUP, record_event

    told = {"rows": saved.rows, "files": saved.files, "bytes": saved.size}
    with transaction.atomic():
        record_event(Actor(None, "cli", is_operator=True), BACKUP, key=file.name, after=told)
