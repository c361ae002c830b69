"""The register of lake batches in SQL: what readers may see."""

from __future__ import annotations

from django.conf import settings
from django.db import models

__all__ = ["LakeBatch", "LakePin"]


class LakeBatch(models.Model):
    """One write to one lake table: open, then committed or void.

    Attributes
    ----------
    who
        How the audit trail names the writer.
    made_for
        What it was written for, by which a repeated attempt finds it; '' = nothing of the kind.
    why
        Why it is void.

    """

    id = models.CharField(max_length=64, primary_key=True)
    table = models.CharField(max_length=80)
    reason = models.TextField(blank=True)
    who = models.CharField(max_length=254)
    made_for = models.CharField(max_length=80, blank=True, db_index=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=8, default="job")
    is_operator = models.BooleanField(default=False)
    base = models.BigIntegerField()
    version = models.BigIntegerField(null=True)
    state = models.CharField(
        max_length=10, default="open", choices=[(s, s) for s in ("open", "committed", "void")]
    )
    at = models.CharField(max_length=40)
    why = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["table", "state", "version"])]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.table} {self.id}: {self.state}"


class LakePin(models.Model):
    """A version of a lake table that a run needs."""

    table = models.CharField(max_length=80)
    version = models.BigIntegerField()
    run = models.CharField(max_length=254)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "version", "run"], name="one_pin_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.version}: {self.run}"
