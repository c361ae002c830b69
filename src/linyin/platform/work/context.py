"""What a job's function is given: who asked, and how to tell, keep and stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

from django.db import transaction

from linyin.platform.actor import Actor
from linyin.platform.models import Job, JobLine
from linyin.platform.work.endings import STOPPING, JobCancelled, JobInterrupted, LeaseLost
from linyin.platform.work.lease import JobLease

__all__ = ["JobContext"]

_SECONDS_BETWEEN_WRITES: Final = 1.0


class JobContext:
    """A running job, seen from inside; the contract stands at `linyin.platform.jobs.job`.

    Attributes
    ----------
    job
        Its row as it was when this attempt began.

    """

    def __init__(self, job: Job, lease: JobLease) -> None:
        self.job = job
        self._lease = lease
        self._progress: dict[str, Any] = {}
        self._wrote = -_SECONDS_BETWEEN_WRITES

    @cached_property
    def actor(self) -> Actor:
        """Who asked for the job, with what they are granted now."""
        scopes = None if self.job.scopes is None else frozenset(self.job.scopes)
        return Actor(self.job.person, "job", scopes, self.job.is_operator)

    def step(self, name: str, done: int = 0, total: int = 0) -> None:
        """Tell which step the job is at, and how far; written at most once a second.

        Parameters
        ----------
        name
            Name of the step; in `words.csv` it is `job.step.<name>`.
        done, total
            Of whatever the step counts; a total of 0 = not known.

        Raises
        ------
        JobCancelled, JobInterrupted, LeaseLost
            As `checkpoint`.

        """
        self._progress = {"step": name, "done": done, "total": total}
        self.checkpoint()

    def checkpoint(self) -> None:
        """End here if the job was cancelled, the worker was stopped, or the lease was lost.

        Raises
        ------
        JobCancelled, JobInterrupted, LeaseLost
            Let them pass: what runs the job knows what to do.

        """
        self._lease.require()
        if time.monotonic() - self._wrote >= _SECONDS_BETWEEN_WRITES:
            self.flush()
        if self._lease.is_cancel_asked:
            raise JobCancelled
        if STOPPING.is_set():
            raise JobInterrupted

    def flush(self) -> None:
        """Write the progress told so far."""
        self._lease.write(**self._progress)
        self._wrote = time.monotonic()
        self._progress = {}

    def log(self, text: str) -> None:
        """Add a line to the job's log, for people: in the job's language, without secrets."""
        self._lease.require()
        JobLine.objects.create(job=self.job, attempt=self.job.attempt, text=text)

    def kept(self, name: str, default: Any = None) -> Any:
        """Return what an attempt of this job, this one or an earlier, stored under a name."""
        return self._lease.row.values_list("kept", flat=True).get().get(name, default)

    def once[T](self, name: str, function: Callable[[], T]) -> T:
        """Return the result of a function whose effects in SQL happen once, whoever is killed.

        The function and the note of its result are one transaction: short, and without a write to
        the lake, a parse or a request to others in it.

        Parameters
        ----------
        name
            What is done, once a job.
        function
            Called without arguments; its result is JSON.

        Raises
        ------
        LeaseLost
            If another worker has the job; nothing is done then.

        """
        with transaction.atomic(durable=True):
            row = self._locked()
            if name not in row.kept:
                row.kept[name] = function()
                row.save(update_fields=["kept"])
            done: T = row.kept[name]
        return done

    def keep[T](self, name: str, function: Callable[[], T]) -> T:
        """Return the result of a function that need not be repeated once it is stored.

        Between its end and the note of its result a worker may be killed; then it is called again,
        so repeating it must do no harm.
        """
        self.checkpoint()
        known = self._lease.row.values_list("kept", flat=True).first()
        if known is None:
            raise LeaseLost(str(self.job.pk))
        if name in known:
            stored: T = known[name]
            return stored
        result = function()
        return self.once(name, lambda: result)

    def _locked(self) -> Job:
        row = self._lease.row.select_for_update().first()
        if row is None:
            raise LeaseLost(str(self.job.pk))
        return row
