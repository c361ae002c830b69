"""The demonstration's workspace: the example enterprise as records, rows, runs and people."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from linyin.inventory import Inventory

__all__ = ["STEPS", "make_workspace", "serve_workspace"]

STEPS: Final = ("migrate", "lake", "adopt", "keep")


def make_workspace(
    folder: Path, inventories: Sequence[Inventory], progress: Callable[[str], None]
) -> Path:
    """Make the workspace of a demonstration, or take up the one that is there.

    Parameters
    ----------
    folder : Path
        The example enterprise; the workspace is its folder `workspace`.
    inventories : sequence of Inventory
        Its calculated years, which become runs.
    progress : callable
        Told the name of each step.

    """
    os.environ["LINYIN_DEMO"] = "1"
    from linyin.platform.bootstrap import start

    workspace = start(folder / "workspace")
    from linyin.platform.upgrade import upgrade

    upgrade(lambda step: progress(step) if step in STEPS else None)
    from linyin.organization.web.models import Node

    if not Node.objects.exists():
        from linyin.governance.web.demo import make_governance
        from linyin.inventory.web.adopt import adopt, adopt_runs
        from linyin.platform.actor import Actor
        from linyin.platform.demo import make_people

        actor = Actor(None, "cli", is_operator=True)
        progress("adopt")
        adopt(actor, folder)
        progress("keep")
        adopt_runs(actor, [inventory.path for inventory in inventories])
        make_people()
        make_governance(actor)
    return workspace.root


def serve_workspace(port: int, begun: Callable[[], object]) -> None:
    """Serve the demonstration on this machine until it is stopped."""
    from linyin.platform.upgrade import require_sound
    from linyin.platform.work.serve import require_servable, supervise_web

    require_sound()
    require_servable("127.0.0.1", is_demo=True)
    supervise_web("127.0.0.1", port, processes=2, worker_processes=1, begun=begun)
