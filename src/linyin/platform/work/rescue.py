"""Jobs whose worker died, and jobs that no worker was told of: brought to one again."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from linyin.lake import Finding
from linyin.platform.models import Job
from linyin.platform.work.kinds import ATTEMPTS, kinds
from linyin.platform.work.queue import send
from linyin.platform.work.run import fail

__all__ = ["take_up"]

_LOST_AFTER: Final = timedelta(seconds=30)
_log: Final = logging.getLogger("linyin.jobs")


def take_up() -> int:
    """Bring to a worker again what lost its own, and return how many.

    A job that was begun as often as its kind allows has failed; one that was to be cancelled is.
    """
    return _expired() + _undelivered()


def _expired() -> int:
    taken = 0
    for job in Job.objects.filter(state="running", lease_until__lt=timezone.now()):
        kind = kinds().get(job.kind)
        mine = Job.objects.filter(
            pk=job.pk, state="running", attempt=job.attempt, lease_until=job.lease_until
        )
        if job.is_cancel_asked:
            mine.update(state="cancelled", ended_at=timezone.now(), lease_until=None)
        elif job.attempt >= (kind.attempts if kind else ATTEMPTS):
            died = Finding("job-died", "error", fields={"times": job.attempt})
            fail(job, [died])
        else:
            with transaction.atomic():
                if mine.update(state="waiting", worker="", lease_until=None):
                    send(job)
                    taken += 1
            _log.warning("job %s (%s) lost its worker %s", job.pk, job.kind, job.worker)
    return taken


def _undelivered() -> int:
    """Send waiting jobs whose task a worker took and did not live to act on."""
    before = timezone.now() - _LOST_AFTER
    waiting = Job.objects.filter(state="waiting", made_at__lt=before)
    on_their_way = set(
        DBTaskResult.objects.filter(pk__in=waiting.values("delivery"))
        .exclude(status__in=("SUCCESSFUL", "FAILED"))
        .exclude(status="RUNNING", started_at__lt=before)
        .values_list("pk", flat=True)
    )
    lost = [job for job in waiting if job.delivery not in on_their_way]
    for job in lost:
        with transaction.atomic():
            send(job)
    return len(lost)
