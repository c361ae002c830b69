"""Draw what a command really prints as SVG: `tools/picture.py FILE COMMAND…`.

The picture stops before the list of findings. It names only fonts that machines have, so that
it fetches nothing.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

WIDTH = 108
STOP = re.compile(r"^Findings of ")
FONTS = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"
THEME = TerminalTheme(
    (16, 26, 21),
    (226, 234, 229),
    [
        (16, 26, 21),
        (224, 108, 117),
        (111, 207, 151),
        (229, 192, 123),
        (97, 175, 239),
        (198, 120, 221),
        (86, 182, 194),
        (226, 234, 229),
    ],
)


def printed(command: list[str]) -> str:
    """Run a command as on a terminal of a fixed width; return what it prints, colours included."""
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "LINYIN_LANG": "en"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode("utf-8")


def drawn(text: str, title: str) -> str:
    """Return a terminal with a text in it as SVG."""
    console = Console(record=True, width=WIDTH, file=Path(os.devnull).open("w"))  # noqa: SIM115
    for line in text.splitlines():
        plain = Text.from_ansi(line)
        if STOP.match(plain.plain):
            break
        console.print(plain)
    frame = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    frame = re.sub(r"font-family: Fira Code, monospace", f"font-family: {FONTS}", frame)
    return console.export_svg(title=title, theme=THEME, code_format=frame, unique_id="linyin")


def main(arguments: list[str]) -> int:
    """Write the picture; return an exit code."""
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    target, *command = arguments
    title = " ".join([Path(command[0]).name, *command[1:]])
    Path(target).write_text(drawn(printed(command), title), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
