"""Paths as people copy them: as short as they can be, quoted where a shell needs it."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

__all__ = ["quoted", "shown"]


def shown(path: Path | str) -> str:
    """Return a path relative to the working directory where that is shorter, else absolute."""
    absolute = os.path.abspath(path)  # noqa: PTH100 - a link keeps the name that was typed
    try:
        relative = os.path.relpath(absolute)
    except ValueError:
        return absolute
    return min(relative, absolute, key=len)


def quoted(path: Path | str) -> str:
    """Return `shown` as one word of a command line."""
    return shlex.quote(shown(path))
