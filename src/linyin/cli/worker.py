"""`linyin worker`: processes that do the long work of a workspace, until stopped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from linyin.cli.command import Answer, command, option
from linyin.cli.workspace import opened, workspace_option

if TYPE_CHECKING:
    from linyin.cli.session import Session

__all__ = ["worker"]


@command("worker")
@workspace_option
@option("--processes", type=click.IntRange(min=1), default=2, show_default=True,
        help="option.processes")  # fmt: skip
def worker(session: Session, folder: Path, processes: int) -> Answer:
    """Run workers."""
    workspace = opened(folder)
    from linyin.platform.upgrade import require_sound
    from linyin.platform.work.serve import supervise_workers

    require_sound()
    told = session.say("worker.begun", number=processes, path=workspace.root)
    supervise_workers(processes, begun=lambda: session.tell(told))
    data = {"ok": True, "workspace": str(workspace.root), "processes": processes}
    return Answer(data, [session.say("worker.ended")])
