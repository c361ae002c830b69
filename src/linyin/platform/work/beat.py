"""Signs of life: every worker process tells that it lives; pages warn when none has."""

from __future__ import annotations

import logging
import os
import signal
import threading
from datetime import datetime
from types import TracebackType
from typing import Final, Self

from django.db import Error, connection
from django.db.models import Max
from django.utils import timezone

from linyin.platform.models import WorkerBeat

__all__ = ["Beat", "worker_seen_at"]

_SECONDS: Final = 5.0
_log: Final = logging.getLogger("linyin.jobs")


def worker_seen_at() -> datetime | None:
    """Return when any worker was last seen alive; None if none ever was."""
    seen: datetime | None = WorkerBeat.objects.aggregate(last=Max("seen_at"))["last"]
    return seen


class Beat:
    """Tells every few seconds that this process lives; stops it when its parent is gone.

    Parameters
    ----------
    name
        Name of the worker.
    parent
        Process that started this one.

    """

    def __init__(self, name: str, parent: int) -> None:
        self.name, self.parent = name, parent
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="beat", daemon=True)

    def _run(self) -> None:
        try:
            while True:
                self._tell()
                if os.getppid() != self.parent:
                    os.kill(os.getpid(), signal.SIGTERM)
                    return
                if self._closed.wait(_SECONDS):
                    return
        finally:
            connection.close()

    def _tell(self) -> None:
        try:
            WorkerBeat.objects.update_or_create(
                name=self.name, defaults={"seen_at": timezone.now()}
            )
        except Error as error:
            _log.warning("worker %s could not tell that it lives: %s", self.name, error)
            connection.close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closed.set()
        self._thread.join()
        WorkerBeat.objects.filter(name=self.name).delete()
