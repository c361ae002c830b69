"""How long `linyin --help` takes beside `python -c pass`."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path


def startup(times: int = 9) -> dict[str, float]:
    """Return the medians of interleaved starts and their ratio. [s, s, -]"""
    commands = {
        "python_pass": [sys.executable, "-c", "pass"],
        "linyin_help": [str(Path(sys.executable).with_name("linyin")), "--help"],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            taken[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(of) for name, of in taken.items()}
    return medians | {"ratio": medians["linyin_help"] / medians["python_pass"]}
