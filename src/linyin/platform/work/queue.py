"""Asking for a job, cancelling it, and bringing it to a worker."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.tasks import task
from django.utils import timezone
from django.utils.translation import get_language

from linyin.platform.models import Job
from linyin.platform.work.kinds import kinds

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["again", "cancel", "deliver", "enqueue", "send"]

_LONGEST_KEY: Final = 120


def enqueue(
    actor: Actor,
    kind: str,
    arguments: Mapping[str, Any],
    *,
    key: str = "",
    node: str = "",
    after: timedelta | None = None,
) -> Job:
    """Ask for a job and return its row; it runs once the surrounding transaction is committed.

    Parameters
    ----------
    actor
        Who asks: the job acts as them, confined to the same scopes.
    kind
        Name that `@job` declared.
    arguments
        JSON values by name.
    key
        While a job of the kind with this key waits or runs, that one is returned instead. Of
        any length: a long one is kept as its hash.
    node
        Code of the node that the job is about, for who may see it.
    after
        How long it waits at least.

    Raises
    ------
    KeyError
        If no room declares the kind.

    """
    if kind not in kinds():
        raise KeyError(kind)
    person = actor.person
    if len(key) > _LONGEST_KEY:
        key = hashlib.sha256(key.encode()).hexdigest()
    made = Job(
        kind=kind,
        arguments=dict(arguments),
        person=person,
        scopes=None if actor.scopes is None else sorted(actor.scopes),
        is_operator=actor.is_operator,
        language=person.language if person is not None else (get_language() or "en"),
        key=key,
        node=node,
    )
    while True:
        standing = _standing(kind, key)
        if standing is not None:
            return standing
        try:
            with transaction.atomic():
                made.save(force_insert=True)
                send(made, after=after)
        except IntegrityError:
            if not key or not Job.objects.filter(kind=kind, key=key).exists():
                raise
        else:
            return made


def _standing(kind: str, key: str) -> Job | None:
    if not key:
        return None
    return Job.objects.filter(kind=kind, key=key, state__in=("waiting", "running")).first()


def send(job: Job, *, after: timedelta | None = None) -> None:
    """Give the queue a task that brings a waiting job to a worker."""
    run_after = None if after is None else timezone.now() + after
    kind = kinds().get(job.kind)  # who brings a job to another worker need not know its kind
    delivery = deliver.using(run_after=run_after, priority=0 if kind is None else kind.priority)
    job.delivery = UUID(delivery.enqueue(str(job.pk)).id)
    Job.objects.filter(pk=job.pk).update(delivery=job.delivery)


def cancel(job: Job) -> bool:
    """Cancel a job: at once if it waits, at its next checkpoint if it runs; False if it is over."""
    waiting = Job.objects.filter(pk=job.pk, state="waiting")
    if waiting.update(state="cancelled", ended_at=timezone.now(), is_cancel_asked=True):
        return True
    return bool(Job.objects.filter(pk=job.pk, state="running").update(is_cancel_asked=True))


def again(job: Job) -> bool:
    """Let a failed or cancelled job begin anew, with what it has kept; False if it is neither."""
    with transaction.atomic():
        over = Job.objects.filter(pk=job.pk, state__in=("failed", "cancelled"))
        begun = over.update(
            state="waiting", attempt=0, is_cancel_asked=False, error=None, ended_at=None
        )
        if begun:
            send(job)
    return bool(begun)


@task
def deliver(job: str) -> None:
    """Run a job: what the queue brings to a worker is an id and nothing else."""
    from linyin.platform.work.run import run

    run(UUID(job))
