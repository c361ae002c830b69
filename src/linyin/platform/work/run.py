"""Running one job from claim to end."""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from linyin.lake import Finding
from linyin.platform.models import Job
from linyin.platform.work.context import JobContext
from linyin.platform.work.endings import JobCancelled, JobInterrupted, LeaseLost
from linyin.platform.work.errors import findings_of, may_pass
from linyin.platform.work.kinds import kinds
from linyin.platform.work.lease import JobLease, claim
from linyin.platform.work.queue import send

__all__ = ["fail", "run", "worker_name"]

_log: Final = logging.getLogger("linyin.jobs")
_PAUSE: Final = timedelta(seconds=5)


def worker_name() -> str:
    """Return what this process is called among the workers of all machines."""
    return f"{socket.gethostname()}:{os.getpid()}"


def run(job: UUID) -> None:
    """Run a job unless another worker has it or it is over."""
    claimed = claim(job, worker_name())
    if claimed is None:
        return
    with JobLease(claimed) as lease:
        try:
            _run(claimed, lease)
        except LeaseLost:
            _log.warning("job %s was taken up by another worker", job)


def _run(job: Job, lease: JobLease) -> None:
    kind = kinds().get(job.kind)
    if kind is None:
        _end(lease, "failed", error=_as_error([Finding("job-unknown", "error")]))
        return
    context = JobContext(job, lease)
    try:
        with translation.override(job.language):
            result = kind.function(context, **job.arguments)
        json.dumps(result)
        context.flush()
    except LeaseLost:
        raise
    except JobCancelled:
        _end(lease, "cancelled")
    except JobInterrupted:
        _hand_back(job, lease, attempt=job.attempt - 1)
    except Exception as error:
        if may_pass(error) and job.attempt < kind.attempts:
            _log.warning("job %s (%s) is tried again: %s", job.pk, job.kind, error)
            _hand_back(job, lease, after=_PAUSE * 2**job.attempt)
            return
        findings = findings_of(error)
        if findings is None:
            _log.exception("job %s (%s) broke", job.pk, job.kind)
            findings = (Finding("job-broken", "error", fields={"job": str(job.pk)}),)
        _end(lease, "failed", error=_as_error(findings))
    else:
        _end(lease, "done", result=result)


def fail(job: Job, findings: Iterable[Finding]) -> None:
    """End a job that no worker has."""
    Job.objects.filter(pk=job.pk, state__in=("waiting", "running")).update(
        state="failed", error=_as_error(findings), ended_at=timezone.now(), lease_until=None
    )


def _end(lease: JobLease, state: str, **values: Any) -> None:
    if not lease.row.update(state=state, ended_at=timezone.now(), lease_until=None, **values):
        raise LeaseLost


def _hand_back(
    job: Job, lease: JobLease, *, attempt: int | None = None, after: timedelta | None = None
) -> None:
    with transaction.atomic():
        given = lease.row.update(
            state="waiting",
            worker="",
            lease_until=None,
            attempt=job.attempt if attempt is None else attempt,
        )
        if not given:
            raise LeaseLost
        send(job, after=after)


def _as_error(findings: Iterable[Finding]) -> dict[str, Any]:
    return {"findings": [finding.to_dict() for finding in findings]}
