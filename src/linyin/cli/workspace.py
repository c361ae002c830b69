"""What commands on a workspace share: where it is, and Django started for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linyin.cli.command import option

if TYPE_CHECKING:
    from linyin.platform.workspace import Workspace

__all__ = ["opened", "workspace_option"]


def workspace_option[F: Callable[..., Any]](function: F) -> F:
    """Give a command the option `--workspace`."""
    made: F = option(
        "--workspace",
        "folder",
        type=click.Path(path_type=Path),
        default=lambda: Path(os.environ.get("LINYIN_WORKSPACE") or "linyin-workspace"),
        help="option.workspace",
    )(function)
    return made


def opened(folder: Path, *, is_current: bool = True) -> Workspace:
    """Start Django for the workspace in a folder.

    Parameters
    ----------
    folder
        Where it is.
    is_current
        Whether its data must be of the age of the code.

    Raises
    ------
    BadInput
        If there is no workspace, or its data are of another age.

    """
    from linyin.lake import BadInput, Finding, Where

    if not (folder / "secret-key").is_file():
        at = Where(str(folder))
        raise BadInput([Finding("workspace-missing", "error", at)])
    from linyin.platform.bootstrap import start

    workspace = start(folder)
    if is_current:
        from linyin.platform.upgrade import require_current

        require_current()
    return workspace
