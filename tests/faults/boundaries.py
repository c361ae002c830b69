"""Where a process can be killed: before each lasting effect of what it does.

Lasting effects are found, not listed: whatever writes rows outside a transaction or commits one,
whatever Python opens for writing, makes, moves, links or removes inside the workspace, and what the
engines of the lake write by themselves. So what is added to a job is killed at, too. Of a scratch
folder the first of each kind counts, of a tree that is removed its first file and its root.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

WRITES = ("INSERT", "UPDATE", "DELETE")
OPENED_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
REMOVED = ("os.remove", "os.rmdir")
MADE = ("os.mkdir", *REMOVED)
MOVED = ("os.rename", "os.link", "os.symlink")
PASSED_OVER = re.compile(r"/_probe-|\.lock$|/linyin\.sqlite3|/__pycache__/")
RANDOM = re.compile(
    r"(?<=/)\d{8}T\d{12}-[0-9a-f]{8}"  # a batch
    r"|[0-9a-f]{32}"
    r"|(?<=work-|load-)[a-z0-9_]{8}"
    r"|(?<=/tmp)[a-z0-9_]{8}(?=\.upload)"
    r"|(?<=/\.upload-)[a-z0-9_]{8}"
    r"|(?<=\.)[a-z0-9_]{8}$"
)
SCRATCH = re.compile(r"^derived/work-[^/]*/.")


class Boundaries:
    """The boundaries that this process passes while it is armed: up to `last`, if that is named.

    Parameters
    ----------
    root
        Folder of the workspace.
    kill_at
        Name of the boundary before which the process dies, and how often it is passed before;
        None = none.
    told
        File that is given the names of the boundaries passed, one a line.

    """

    def __init__(self, root: Path, kill_at: tuple[str, int] | None, told: Path) -> None:
        self.root, self.kill_at = f"{root}/", kill_at
        self.told = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        self.passed: Counter[str] = Counter()
        self.is_armed = False
        self.last = ""
        self._written: str | None = None
        self._scratch: set[str] = set()
        self._removed = ""
        self._watch_files()
        self._watch_rows()
        self._watch_lake()

    def reach(self, name: str) -> None:
        """Note a boundary, and die there if this is the one."""
        if not self.is_armed or threading.current_thread() is not threading.main_thread():
            return
        os.write(self.told, f"{name}\n".encode())
        if (name, self.passed[name]) == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.passed[name] += 1
        if name == self.last:
            self.is_armed = False

    def _watch_files(self) -> None:
        sys.addaudithook(self._audited)

    def _audited(self, event: str, given: tuple[Any, ...]) -> None:
        if not self.is_armed:
            return
        if event == "open":
            if given[2] & OPENED_TO_WRITE:
                self._file("open", given[0])
        elif event in MADE:
            self._file(event, given[0], given[-1])
        elif event in MOVED:
            self._file(event, given[1], given[-1])

    def _file(self, event: str, path: Any, folder: int = -1) -> None:
        if isinstance(path, int):
            return
        name = os.fsdecode(path)
        if folder >= 0:
            name = f"{Path(f'/proc/self/fd/{folder}').readlink()}/{name}"
        if not name.startswith(self.root) or PASSED_OVER.search(name):
            return
        if event == "os.mkdir" and os.path.isdir(name):  # noqa: PTH112 - fast, and no new event
            return
        shown = RANDOM.sub("…", name.removeprefix(self.root))
        if SCRATCH.match(shown):
            if event in self._scratch:
                return
            self._scratch.add(event)
        if event in REMOVED:
            top = "/".join(shown.split("/")[:2])
            if self._removed == top and shown != top:
                return
            self._removed = top
        self.reach(f"{event} {shown}")

    def _watch_rows(self) -> None:
        from django.db import connection
        from django.db.backends.base.base import BaseDatabaseWrapper

        commit = BaseDatabaseWrapper.commit

        def watched(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
            if sql.startswith(WRITES):
                words = sql.replace('"', "").split()
                told = " ".join(words[: 2 if words[0] == "UPDATE" else 3])
                if context["connection"].in_atomic_block:
                    self._written = told
                else:
                    self.reach(told)
            return execute(sql, values, many, context)

        def watched_commit(wrapper: BaseDatabaseWrapper) -> None:
            if self._written is not None:
                self.reach(f"commit after {self._written}")
                self._written = None
            commit(wrapper)

        connection.execute_wrappers.append(watched)
        BaseDatabaseWrapper.commit = watched_commit

    def _watch_lake(self) -> None:
        from linyin.lake.batches import Batch
        from linyin.lake.delta import DeltaFolder

        self._before(Batch, "write")
        for name in ("create", "commit", "add_columns"):
            self._before(DeltaFolder, name)

    def _before(self, owner: Any, name: str) -> None:
        original = getattr(owner, name)

        def watched(*given: Any, **named: Any) -> Any:
            self.reach(f"{owner.__name__}.{name}")
            return original(*given, **named)

        setattr(owner, name, watched)
