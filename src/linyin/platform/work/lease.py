"""The lease of a job: who may work on it, renewed while the worker lives."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID

from django.conf import settings
from django.db import Error, connection, models
from django.db.models.functions import Coalesce
from django.utils import timezone

from linyin.platform.models import Job
from linyin.platform.work.endings import LeaseLost

__all__ = ["JobLease", "claim"]

_BEATS_A_LEASE: Final = 4
_log: Final = logging.getLogger("linyin.jobs")


def claim(job: UUID, worker: str) -> Job | None:
    """Take a job that waits, or whose lease has run out; None if there is no such job to take.

    One statement decides, so of two workers one gets it. The clocks of machines that share a
    database may differ by less than the lease.
    """
    now = timezone.now()
    free = models.Q(state="waiting") | models.Q(state="running", lease_until__lt=now)
    taken = Job.objects.filter(free, pk=job).update(
        state="running",
        worker=worker,
        lease_until=_until(now),
        attempt=models.F("attempt") + 1,
        began_at=Coalesce("began_at", now),
    )
    return Job.objects.get(pk=job) if taken else None


def _until(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.JOB_LEASE_SECONDS)


class JobLease:
    """The lease of a claimed job; while it is open a thread renews it.

    The number of the attempt fences the row: whoever lost the lease can write nothing to it.

    Attributes
    ----------
    is_cancel_asked
        Whether somebody asked for the job to be cancelled, as of the last look.

    """

    def __init__(self, job: Job) -> None:
        self.is_cancel_asked = job.is_cancel_asked
        self._job, self._attempt = job.pk, job.attempt
        self._ends = time.monotonic() + settings.JOB_LEASE_SECONDS
        self._is_lost = False
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease of {job.pk}", daemon=True)

    @property
    def row(self) -> models.QuerySet[Job]:
        """The job's row, as long as the lease is ours."""
        return Job.objects.filter(pk=self._job, attempt=self._attempt, state="running")

    def write(self, **values: Any) -> None:
        """Write to the row and renew the lease.

        Raises
        ------
        LeaseLost
            If the lease is no longer ours; nothing is written.

        """
        began = time.monotonic()
        if not self.row.update(lease_until=_until(timezone.now()), **values):
            self._is_lost = True
        self.require()
        self._ends = began + settings.JOB_LEASE_SECONDS
        asked = self.row.values_list("is_cancel_asked", flat=True).first()
        self.is_cancel_asked = bool(asked)

    def require(self) -> None:
        """Raise `LeaseLost` if the lease was lost, or may have been, since it ran out."""
        if self._is_lost or time.monotonic() > self._ends:
            raise LeaseLost(str(self._job))

    def _beat(self) -> None:
        try:
            while not self._closed.wait(settings.JOB_LEASE_SECONDS / _BEATS_A_LEASE):
                try:
                    self.write()
                except LeaseLost:
                    return
                except Error as error:
                    _log.warning("the lease of job %s was not renewed: %s", self._job, error)
                    connection.close()
        finally:
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
