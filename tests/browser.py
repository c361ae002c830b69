"""The system's Chromium: found, else installed by apt as root, else the one command to run."""

from __future__ import annotations

import os
import shutil
import subprocess

INSTALL = "apt-get install -y chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--force-color-profile=srgb"]


def _found() -> str | None:
    named = os.environ.get("LINYIN_CHROMIUM")
    return named or next((path for path in map(shutil.which, NAMES) if path), None)


def chromium() -> str:
    """Path of the browser; a machine without one fails, since a skipped test proves nothing."""
    path = _found()
    if path is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update"], check=False, capture_output=True)
        subprocess.run(INSTALL.split(), check=False, capture_output=True)
        path = _found()
    if path is None:
        raise RuntimeError(f"The tests of the pages need Chromium. Run: sudo {INSTALL}")
    return path
