"""How a job ends before its function does."""

from __future__ import annotations

from typing import Final

__all__ = ["STOPPING", "Flag", "JobCancelled", "JobInterrupted", "LeaseLost"]


class Flag:
    """What the handler of a signal sets.

    A `threading.Event` has a lock; a handler runs in the thread that it interrupts, and would wait
    for ever for a lock which that thread holds.
    """

    def __init__(self) -> None:
        self._is_set = False

    def set(self) -> None:
        """Set it."""
        self._is_set = True

    def clear(self) -> None:
        """Take it back."""
        self._is_set = False

    def is_set(self) -> bool:
        """Whether it is set."""
        return self._is_set


STOPPING: Final = Flag()
"""Set when this process was asked to stop: its job goes back to the queue at a checkpoint."""


class JobCancelled(Exception):
    """Somebody asked for the job to be cancelled."""


class JobInterrupted(Exception):
    """The worker was asked to stop; the job goes back and counts no attempt."""


class LeaseLost(Exception):
    """The lease ran out and another worker may have the job: this one must not go on."""
