"""`linyin restore`: a backup becomes a workspace."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from linyin.cli.session import Session

__all__ = ["restore"]


@command("restore")
@argument("file", type=click.Path(path_type=Path))
@argument("folder", type=click.Path(path_type=Path))
@option("--database-url", default="", help="option.database_url")
def restore(session: Session, file: Path, folder: Path, database_url: str) -> Answer:
    """Restore a backup."""
    from rich.text import Text

    from linyin.cli.paths import quoted

    if database_url:
        os.environ["LINYIN_DATABASE_URL"] = database_url
    with session.steps(("unpack", "migrate", "records", "check")) as progress:
        from linyin.platform.backup.restore import restore as bring_back

        restored = bring_back(file, folder, progress)
    data = {
        "ok": True,
        "workspace": str(folder.absolute()),
        "rows": restored.rows,
        "files": restored.files,
        "events": restored.events,
        "end": restored.end,
    }
    words = session.say(
        "restore.done", path=quoted(folder), rows=restored.rows, events=restored.events
    )
    return Answer(data, [Text(words, no_wrap=True)])
