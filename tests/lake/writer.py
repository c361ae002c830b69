"""A writer in a process of its own, which kills itself at a named step: tests start it."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from linyin.lake import batches
from linyin.lake.delta import DeltaFolder
from linyin.lake.register import Register
from linyin.lake.store import LakeError
from linyin.lake.tables import Lake

ROWS = 1000
SCHEMA = pa.schema([("batch", pa.int64()), ("row", pa.int64()), ("text", pa.string())])


def rows(batch: int, count: int = ROWS) -> pa.Table:
    return pa.table(
        {"batch": [batch] * count, "row": range(count), "text": [f"row {i}" for i in range(count)]},
        schema=SCHEMA,
    )


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before(owner: Any, name: str) -> None:
    setattr(owner, name, die)


def after(owner: Any, name: str) -> None:
    original: Callable[..., object] = getattr(owner, name)

    def then_die(*args: object, **kwargs: object) -> None:
        original(*args, **kwargs)
        die()

    setattr(owner, name, then_die)


STEPS: dict[str, Callable[[], None]] = {
    "before-open": lambda: before(Register, "open"),
    "after-open": lambda: after(Register, "open"),
    "after-files": lambda: after(batches.Batch, "write"),
    "before-delta-commit": lambda: before(DeltaFolder, "commit"),
    "after-delta-commit": lambda: after(DeltaFolder, "commit"),
    "before-committed": lambda: before(Register, "commit"),
    "after-committed": lambda: after(Register, "commit"),
}
MAINTENANCE: dict[str, Callable[[], None]] = {
    "before-merge": lambda: before(DeltaFolder, "merge_files"),
    "after-merge": lambda: after(DeltaFolder, "merge_files"),
    "before-committed": lambda: before(Register, "commit"),
}


def write(lake: Lake, number: int, count: int = ROWS) -> None:
    with lake.batch("facts", reason=f"batch {number}", wait=60) as batch:
        batch.append(rows(number, count))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    folder, mode, *rest = sys.argv[1:]
    if mode == "limit":
        size = int(rest[0])
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    if mode == "as":
        os.setuid(int(rest[0]))
    lake = Lake(Path(folder))
    if mode == "step":
        STEPS[rest[0]]()
        write(lake, 99)
    elif mode in {"compact", "vacuum"}:
        MAINTENANCE[rest[0]]()
        lake.compact("facts") if mode == "compact" else lake.vacuum("facts", retention_hours=0)
    elif mode == "loop":
        for number in range(int(rest[0]), int(rest[1])):
            write(lake, number)
            say(str(number))
    elif mode == "hold":
        with lake.batch("facts", reason="a long import") as batch:
            batch.append(rows(99))
            say("holding")
            sys.stdin.read()
    else:
        try:
            say(f"files {len(lake.files('facts'))}")
            write(lake, 99, 300_000)
        except LakeError as error:
            sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
