"""The room of `docs/how-to/add-a-room.md`, made from the page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-room.md"
FILES = re.findall(
    r"<!-- room: (\S+) -->\n```\w+\n(.*?)^```$", GUIDE.read_text("utf-8"), re.M | re.S
)


def run(folder: Path, *command: str, **environment: str) -> str:
    """Run a command that ends well, without the settings of whoever calls; return what it says."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("LINYIN_")}
    done = subprocess.run(
        command, cwd=folder, env=kept | environment, capture_output=True, text=True, timeout=240,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def make_room(folder: Path, workspace: Path) -> dict[str, str]:
    """Write the room's package into a folder; return the settings that switch it on."""
    for name, text in FILES:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "trees" / "__init__.py").touch()
    room = {
        "PYTHONPATH": str(folder),
        "LINYIN_ROOMS": "trees",
        "LINYIN_WORKSPACE": str(workspace),
        "DJANGO_SETTINGS_MODULE": "linyin.platform.settings",
    }
    run(folder, sys.executable, "-m", "django", "makemigrations", "trees", **room)
    return room
