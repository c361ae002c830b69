"""`linyin backup`: a workspace as one file, while it is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from linyin.cli.command import Answer, argument, command
from linyin.cli.workspace import opened, workspace_option

if TYPE_CHECKING:
    from linyin.cli.session import Session

__all__ = ["backup"]


@command("backup")
@argument("file", type=click.Path(path_type=Path))
@workspace_option
def backup(session: Session, file: Path, folder: Path) -> Answer:
    """Write a backup."""
    from linyin.cli.paths import shown

    with session.steps(("records", "files")) as progress:
        opened(folder, is_current=False)
        from linyin.platform.backup.save import save, tell
        from linyin.platform.upgrade import require_no_newer

        require_no_newer()
        saved = save(file, progress)
        tell(file, saved)
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
