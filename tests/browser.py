"""The system's Chromium with Chinese type: found, else installed by apt as root, else told."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

INSTALL = "apt-get install -y"
FONTS = "fonts-noto-cjk"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--force-color-profile=srgb"]


@cache
def chromium() -> str:
    """Path of the browser; a machine without it, or without a font for Chinese, fails.

    A skipped test proves nothing, nor does one that looks at pages without their letters.
    """
    path = _browser()
    missing = [*([] if path else ["chromium"]), *([] if _has_chinese() else [FONTS])]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(missing)
        path = _browser()
        missing = [*([] if path else ["chromium"]), *([] if _has_chinese() else [FONTS])]
    if path is None or missing:
        raise RuntimeError(
            f"The tests of the pages need more of the system. Run: "
            f"sudo {INSTALL} {' '.join(missing)}"
        )
    return path


def _browser() -> str | None:
    named = os.environ.get("LINYIN_CHROMIUM")
    return named or next((path for path in map(shutil.which, NAMES) if path), None)


def _has_chinese() -> bool:
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn"], check=True, capture_output=True)
    return bool(listed.stdout.strip())


def _install(packages: list[str]) -> None:
    """Install packages; of several processes of a test run, one at a time."""
    with (Path(tempfile.gettempdir()) / "linyin-apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (["apt-get", "update"], [*INSTALL.split(), *packages]):
            subprocess.run(command, check=False, capture_output=True)
