"""Keeps processes running: starts the dead again after a pause, and ends all together."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import Final

from linyin.platform.work.endings import Flag

__all__ = ["Child", "Supervisor"]

_TICK_SECONDS: Final = 0.5
_CHORE_SECONDS: Final = 5.0
_GRACE_SECONDS: Final = 25.0
_HEALTHY_SECONDS: Final = 30.0
_LONGEST_PAUSE: Final = 30.0
_log: Final = logging.getLogger("linyin.supervisor")


class Child:
    """A process that is to run; dead, it is started again after a pause that doubles.

    Parameters
    ----------
    name
        For the log.
    command
        What is run, in a session of its own: the terminal's Ctrl-C reaches the supervisor only.
    environment
        Variables of the process.

    """

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name, self.command, self.environment = name, command, environment
        self.process: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._pause = 0.0
        self._not_before = 0.0

    def tend(self) -> None:
        """Start it if it is dead and its pause is over."""
        now = time.monotonic()
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            lived = now - self._began
            self._pause = (
                0.0 if lived > _HEALTHY_SECONDS else min(_LONGEST_PAUSE, max(1.0, 2 * self._pause))
            )
            self._not_before = now + self._pause
            _log.error("%s ended (%s); it starts again in %.0f s", self.name, code, self._pause)
            self.process = None
        if now >= self._not_before:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._began = now

    def end(self) -> None:
        """Ask it to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        """Wait for its end; kill it and its own children when the time is over."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            _log.warning("%s did not end in time and is killed", self.name)
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Runs children until SIGTERM, SIGINT or `stop`.

    Parameters
    ----------
    children
        What is kept running.
    chores
        Called every few seconds; what they raise is logged, and they are called again.

    """

    def __init__(self, children: Sequence[Child], chores: Sequence[Callable[[], object]]) -> None:
        self.children, self.chores = children, chores
        self._stopped = Flag()

    def stop(self) -> None:
        """Let `run` end its children and return."""
        self._stopped.set()

    def run(self, begun: Callable[[], object] = lambda: None) -> None:
        """Keep the children running; return when all have ended.

        `begun` is called once they have been started and whoever ends this process ends them.
        """

        def asked(_: int, __: FrameType | None) -> None:
            self.stop()

        before = {
            number: signal.signal(number, asked) for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            for child in self.children:
                child.tend()
            begun()
            next_chores = 0.0
            while not self._stopped.is_set():
                for child in self.children:
                    child.tend()
                if time.monotonic() >= next_chores:
                    self._do_chores()
                    next_chores = time.monotonic() + _CHORE_SECONDS
                time.sleep(_TICK_SECONDS)
        finally:
            for child in self.children:
                child.end()
            until = time.monotonic() + _GRACE_SECONDS
            for child in self.children:
                child.wait(until)
            for number, handler in before.items():
                signal.signal(number, handler)

    def _do_chores(self) -> None:
        for chore in self.chores:
            try:
                chore()
            except Exception:
                _log.exception("a chore failed and is tried again")
