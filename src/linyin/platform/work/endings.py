"""How a job ends before its function does."""

from __future__ import annotations

import threading
from typing import Final

__all__ = ["STOPPING", "JobCancelled", "JobInterrupted", "LeaseLost"]

STOPPING: Final = threading.Event()
"""Set when this process was asked to stop: its job goes back to the queue at a checkpoint."""


class JobCancelled(Exception):
    """Somebody asked for the job to be cancelled."""


class JobInterrupted(Exception):
    """The worker was asked to stop; the job goes back and counts no attempt."""


class LeaseLost(Exception):
    """The lease ran out and another worker may have the job: this one must not go on."""
