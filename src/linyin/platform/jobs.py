"""Long work: the face that rooms use, and the platform's own jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from linyin.platform.models import Job, WorkerBeat
from linyin.platform.work import checks as _checks  # noqa: F401 - Django finds it by its import
from linyin.platform.work.beat import worker_seen_at
from linyin.platform.work.context import JobContext
from linyin.platform.work.endings import JobCancelled
from linyin.platform.work.kinds import job, kinds
from linyin.platform.work.queue import again, cancel, enqueue

__all__ = ["JobCancelled", "JobContext", "again", "cancel", "enqueue", "job", "kinds",
           "worker_seen_at"]  # fmt: skip

SCHEDULED_KEPT = timedelta(days=7)
OTHERS_KEPT = timedelta(days=400)


@job("clean-up", every=timedelta(days=1))
def clean_up(context: JobContext) -> dict[str, Any]:
    """Remove sessions that have run out, delivered tasks, and jobs that are long over."""
    context.step("sessions")
    call_command("clearsessions")
    context.step("queue")
    from django_tasks_db.models import DBTaskResult

    now = timezone.now()
    old = DBTaskResult.objects.filter(enqueued_at__lt=now - timedelta(days=1))
    tasks, _ = old.exclude(status="READY").delete()
    context.step("jobs")
    over = Job.objects.filter(state__in=("done", "failed", "cancelled"))
    scheduled = over.filter(key__startswith="every:", ended_at__lt=now - SCHEDULED_KEPT)
    jobs = scheduled.delete()[1].get("platform.Job", 0)
    jobs += over.filter(ended_at__lt=now - OTHERS_KEPT).delete()[1].get("platform.Job", 0)
    WorkerBeat.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
    return {"tasks": tasks, "jobs": jobs}
