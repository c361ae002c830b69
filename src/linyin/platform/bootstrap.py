"""Django, started for a workspace: what a command line or a script calls before it uses a room."""

from __future__ import annotations

import os
from pathlib import Path

from linyin.platform.workspace import Workspace

__all__ = ["start"]


def start(root: Path | str | None = None) -> Workspace:
    """Start Django for a workspace and return it; a second call for the same one does nothing.

    Raises
    ------
    RuntimeError
        If Django already runs for another workspace: one process serves one.

    """
    if root is not None:
        os.environ["LINYIN_WORKSPACE"] = str(Path(root).absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linyin.platform.settings")
    wanted = Workspace.from_environment()
    wanted.make()
    from django.apps import apps
    from django.conf import settings

    if apps.ready:
        if wanted != settings.WORKSPACE:
            raise RuntimeError(f"this process serves {settings.WORKSPACE.root}")
        return wanted
    import django

    django.setup()
    return wanted
