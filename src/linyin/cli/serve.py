"""`linyin serve`: the web app and its workers, until stopped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linyin.cli.command import Answer, command, option
from linyin.cli.workspace import opened, workspace_option

if TYPE_CHECKING:
    from linyin.cli.session import Session

__all__ = ["serve"]


@command("serve")
@workspace_option
@option("--host", default="127.0.0.1", show_default=True, help="option.host")
@option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True,
        help="option.port")  # fmt: skip
@option("--workers", type=click.IntRange(min=1), default=2, show_default=True,
        help="option.web_workers")  # fmt: skip
@option("--no-worker", is_flag=True, help="option.no_worker")
@option("--demo", "is_demo", is_flag=True, help="option.demo")
def serve(
    session: Session,
    folder: Path,
    host: str,
    port: int,
    workers: int,
    no_worker: bool,
    is_demo: bool,
) -> Answer:
    """Serve the web app."""
    if is_demo:
        os.environ["LINYIN_DEMO"] = "1"
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    os.environ.setdefault("LINYIN_URL", address)  # what links in mails begin with
    workspace = opened(folder)
    from linyin.inventory.web.beginning import is_begun
    from linyin.inventory.web.pages.beginning import begin_key
    from linyin.platform.upgrade import require_sound
    from linyin.platform.work.serve import require_servable, supervise_web

    require_sound()
    require_servable(host, is_demo=is_demo)
    told = session.say("serve.begun", address=address, path=workspace.root)
    if not is_begun():
        told += "\n" + session.say("serve.first", address=f"{address}/begin?key={begin_key()}")
    supervise_web(
        host,
        port,
        processes=workers,
        worker_processes=0 if no_worker else 2,
        begun=lambda: session.tell(told),
    )
    data = {"ok": True, "workspace": str(workspace.root), "address": address}
    return Answer(data, [session.say("serve.ended")])
