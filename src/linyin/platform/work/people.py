"""Who may see, cancel and repeat a job; the only way by which pages and the API do it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from linyin.platform.audit import record_event
from linyin.platform.models import Job
from linyin.platform.work.queue import again, cancel

if TYPE_CHECKING:
    from collections.abc import Callable

    from linyin.platform.actor import Actor

__all__ = ["cancel_job", "job_seen_by", "may_manage", "repeat_job"]


def job_seen_by(actor: Actor, key: UUID) -> Job | None:
    """Return a job that somebody may see: their own, or one of a node whose jobs they see.

    A job of no node is seen by whoever sees the jobs of the whole organization.
    """
    seen = Q(pk__in=[]) if actor.person is None else Q(person=actor.person)
    seen |= Q(node__in=actor.nodes("jobs.view") - {""})
    if actor.may_everywhere("jobs.view"):
        seen |= Q(node="")
    return Job.objects.filter(seen, pk=key).first()


def may_manage(actor: Actor, job: Job) -> bool:
    """Whether somebody may cancel and repeat a job: their own, or one that they look after."""
    if job.person_id is not None and job.person == actor.person:
        return True
    if job.node:
        return actor.may("jobs.manage", job.node)
    return actor.may_everywhere("jobs.manage")


def cancel_job(actor: Actor, job: Job) -> bool:
    """Cancel a job: at once if it waits, at its next step if it runs; False if it is over.

    Raises
    ------
    PermissionDenied
        If the actor may not.

    """
    return _done(actor, job, "jobs.cancel", cancel)


def repeat_job(actor: Actor, job: Job) -> bool:
    """Let a failed or cancelled job begin anew; False if it is neither.

    Raises
    ------
    PermissionDenied
        If the actor may not.

    """
    return _done(actor, job, "jobs.repeat", again)


def _done(actor: Actor, job: Job, action: str, does: Callable[[Job], bool]) -> bool:
    if not may_manage(actor, job):
        raise PermissionDenied(action)
    with transaction.atomic():
        is_done = does(job)
        if is_done:
            record_event(
                actor, action, subject=job._meta.label_lower, key=str(job.pk), node=job.node,
                before={"state": job.state}, after={"kind": job.kind},
            )  # fmt: skip
    return is_done
