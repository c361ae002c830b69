"""`linyin upgrade`: the data of a workspace brought to the age of the code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from linyin.cli.command import Answer, command
from linyin.cli.workspace import opened, workspace_option

if TYPE_CHECKING:
    from linyin.cli.session import Session

__all__ = ["upgrade"]


@command("upgrade")
@workspace_option
def upgrade(session: Session, folder: Path) -> Answer:
    """Upgrade a workspace."""
    with session.steps(("check", "migrate", "lake")) as progress:
        workspace = opened(folder, is_current=False)
        from linyin.platform.upgrade import upgrade as bring_up

        applied = bring_up(progress)
    data = {"ok": True, "workspace": str(workspace.root), "applied": applied}
    words = "upgrade.done" if applied else "upgrade.none"
    return Answer(data, [session.say(words, number=len(applied))])
