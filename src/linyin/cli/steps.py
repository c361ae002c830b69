"""Progress on standard error: a bar a step on a terminal, a line a step elsewhere."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from linyin.cli.session import Session

__all__ = ["Steps"]


class Steps:
    """Progress of named steps; told the name of each step as it begins, as the library does.

    Parameters
    ----------
    session : Session
    names : sequence of str
        Steps expected, in their order, so that the bars to come are seen from the start.

    """

    def __init__(self, session: Session, names: Sequence[str]) -> None:
        self.session, self.names = session, names
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._running = ""
        self._since = time.monotonic()

    def __call__(self, name: str) -> None:
        """Begin a step; the one before is done."""
        if name != self._running:
            self._finish()
            self._running, self._since = name, time.monotonic()
            self._begin(name)

    def part(self, done: int, of: int) -> None:
        """Say how much of the running step is done; until then its bar only shows that it runs."""
        if self._bars is not None and self._running:
            self._bars.update(self._tasks[self._running], total=of, completed=done)

    def note(self, text: str) -> None:
        """Say beside the running step what it dealt with."""
        if self._bars is not None and self._running:
            self._bars.update(self._tasks[self._running], note=text)

    def __enter__(self) -> Self:
        if self.session.err.is_terminal:
            self._bars = self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._finish()
        if self._bars is not None:
            self._bars.stop()
            self.session.err.print()

    def _open(self) -> Progress:
        from rich.progress import Progress

        from linyin.cli.step_columns import columns

        bars = Progress(*columns(self.session.err.width), console=self.session.err)
        bars.start()
        for name in self.names:
            self._tasks[name] = bars.add_task(
                self.session.say(f"step.{name}"), total=None, start=False, note=""
            )
        return bars

    def _begin(self, name: str) -> None:
        if self._bars is None:
            return
        if name not in self._tasks:
            title = self.session.say(f"step.{name}")
            self._tasks[name] = self._bars.add_task(title, total=None, start=False, note="")
        self._bars.start_task(self._tasks[name])

    def _finish(self) -> None:
        if not self._running:
            return
        if self._bars is not None:
            task = self._tasks[self._running]
            self._bars.update(task, total=1, completed=1)
            self._bars.stop_task(task)
        elif not self.session.as_json:
            title = self.session.say(f"step.{self._running}")
            self.session.err.print(f"{title} {time.monotonic() - self._since:.1f} s")
        self._running = ""
