"""Jobs: long work, its progress, its lease."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

__all__ = ["Job", "JobLine", "WorkerBeat"]


class Job(models.Model):
    """A piece of long work; this row, not the queue, says how it stands.

    Attributes
    ----------
    scopes
        Permissions of the token that asked for it, to which the job is confined too; None = all
        of the person's.
    is_operator
        Whether the machine's owner or a schedule asked for it.
    lease_until
        Until when its worker has promised to be alive; once past, another takes it up.
    attempt
        How often it was begun.
    key
        What makes two requests the same job; empty = never the same.
    delivery
        The queue's task that brings it to a worker.
    kept
        What `JobContext.once` and `JobContext.keep` stored, by name.

    """

    NODE_PATH: ClassVar[str] = ""

    STATES = ("waiting", "running", "done", "failed", "cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="waiting", choices=[(s, s) for s in STATES])
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="jobs"
    )
    scopes = models.JSONField(null=True)
    is_operator = models.BooleanField(default=False)
    language = models.CharField(max_length=8, default="en")
    node = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=120, blank=True)
    delivery = models.UUIDField(null=True)
    attempt = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True)
    step = models.CharField(max_length=80, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    is_cancel_asked = models.BooleanField(default=False)
    kept = models.JSONField(default=dict)
    result = models.JSONField(null=True)
    error = models.JSONField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=~models.Q(key="") & models.Q(state__in=["waiting", "running"]),
                name="one_job_a_key",
            )
        ]
        indexes = [models.Index(fields=["state", "lease_until"])]
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ("done", "failed", "cancelled")


class JobLine(models.Model):
    """A line of a job's log."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="lines")
    at = models.DateTimeField(auto_now_add=True)
    attempt = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class WorkerBeat(models.Model):
    """A worker process, and when it was last seen alive."""

    name = models.CharField(max_length=120, primary_key=True)
    began_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name
