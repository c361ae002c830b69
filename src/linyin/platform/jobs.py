"""Long work: what rooms use of it. The contract of a job stands at `job`."""

from __future__ import annotations

from linyin.platform.work.beat import worker_seen_at
from linyin.platform.work.context import JobContext
from linyin.platform.work.endings import JobCancelled
from linyin.platform.work.kinds import job, kinds
from linyin.platform.work.queue import again, cancel, enqueue

__all__ = [
    "JobCancelled",
    "JobContext",
    "again",
    "cancel",
    "enqueue",
    "job",
    "kinds",
    "worker_seen_at",
]
