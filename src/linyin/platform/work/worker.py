"""A worker process: takes tasks from the queue, one at a time, until it is asked to stop."""

from __future__ import annotations

import logging
import os
import signal
import sys
from types import FrameType
from typing import Final

from linyin.platform.bootstrap import start

__all__ = ["main"]

_POLL_SECONDS: Final = 0.5


def main() -> None:
    """Run a worker of the workspace that the environment names, as a child of its supervisor."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("django.tasks").setLevel(logging.WARNING)
    start()
    from django_tasks_db.management.commands.db_worker import Worker

    from linyin.platform.work.beat import Beat
    from linyin.platform.work.endings import STOPPING
    from linyin.platform.work.run import worker_name

    loop = Worker(
        queue_names=["default"],
        excluded_queue_names=[],
        interval=_POLL_SECONDS,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_name()[:64],
    )

    def stop(_: int, __: FrameType | None) -> None:
        STOPPING.set()
        loop.running = False
        if not loop.running_task:
            sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Beat(worker_name(), os.getppid()):
        loop.run()


if __name__ == "__main__":
    main()
