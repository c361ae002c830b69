"""What the platform does by itself every so often."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from linyin.lake import sweep_workspaces
from linyin.platform.audit import verify
from linyin.platform.jobs import JobContext, job
from linyin.platform.lake import workspace_lake
from linyin.platform.models import Document, Job, WorkerBeat
from linyin.platform.receiving import forget_kept
from linyin.platform.resources.exporting import forget_exports

__all__ = ["clean_up", "sweep_lake", "tidy_lake", "verify_audit"]

_SCHEDULED_KEPT: Final = timedelta(days=7)
_OTHERS_KEPT: Final = timedelta(days=400)
_LOCK: Final = "work.lock"  # of scratch folders; stays
_MANY_FILES: Final = 32
"""Commits that leave more files than this behind slow every reader down."""


@job("clean-up", every=timedelta(days=1))
def clean_up(context: JobContext) -> dict[str, Any]:
    """Remove sessions that have run out, delivered tasks, jobs long over, uploads left behind."""
    from django_tasks_db.models import DBTaskResult

    context.step("sessions")
    call_command("clearsessions")
    now = timezone.now()
    context.step("queue")
    old = DBTaskResult.objects.filter(enqueued_at__lt=now - timedelta(days=1))
    tasks, _ = old.exclude(status="READY").delete()
    context.step("jobs")
    over = Job.objects.filter(state__in=("done", "failed", "cancelled"))
    scheduled = over.filter(key__startswith="every:", ended_at__lt=now - _SCHEDULED_KEPT)
    jobs = scheduled.delete()[1].get("platform.Job", 0)
    jobs += over.filter(ended_at__lt=now - _OTHERS_KEPT).delete()[1].get("platform.Job", 0)
    WorkerBeat.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
    context.step("uploads")
    _remove_unfinished(now - timedelta(days=1))
    return {
        "tasks": tasks, "jobs": jobs, "uploads": forget_kept(timedelta(days=1)),
        "exports": forget_exports(timedelta(days=1)),
    }  # fmt: skip


def _remove_unfinished(before: datetime) -> None:
    """Remove uploads whose web process died before anybody took them or their row was kept."""
    place = settings.WORKSPACE
    live = Job.objects.filter(state__in=("waiting", "running"))
    taken = {str(job.arguments.get("path", "")) for job in live}
    taken |= {str(document.path) for document in Document.objects.only("sha256")}
    evidence = (*place.documents.glob(".upload-*"), *place.documents.glob("??/*"))
    for file in (*place.uploads.iterdir(), *evidence):
        is_left = file.is_file() and file.name != _LOCK and str(file) not in taken
        if is_left and file.stat().st_mtime < before.timestamp():  # the same bytes sent now are new
            file.unlink(missing_ok=True)


@job("sweep-lake", every=timedelta(minutes=10))
def sweep_lake(context: JobContext) -> None:
    """Finish or void the batches whose writers died; remove their scratch folders."""
    context.step("sweep")
    workspace_lake().sweep()
    for folder in (settings.WORKSPACE.derived, settings.WORKSPACE.uploads):
        sweep_workspaces(folder)


@job("tidy-lake", every=timedelta(days=1))
def tidy_lake(context: JobContext) -> dict[str, Any]:
    """Merge the small files that commits leave, and remove what nothing has needed for a week.

    What a run was calculated from lies in its bundle, and pinned versions stay.
    """
    lake = workspace_lake()
    merged: list[str] = []
    removed = 0
    for table in sorted(lake.tables()):
        context.step("merge")
        context.checkpoint()
        if len(lake.files(table)) > _MANY_FILES and lake.compact(table) is not None:
            merged.append(table)
        removed += len(lake.vacuum(table))
    return {"merged": merged, "removed": removed}


@job("verify-audit", every=timedelta(days=1))
def verify_audit(context: JobContext) -> dict[str, Any]:
    """Walk the whole audit trail; the administrator's home tells what does not hold."""
    context.step("audit")
    faults = list(verify())
    return {"faults": len(faults), "first": faults[0].number if faults else None}
