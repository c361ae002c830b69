"""The audit trail: events that are only ever appended, each chained to the one before."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

__all__ = ["AuditEvent", "AuditHead"]


class AuditEvent(models.Model):
    """Who did what to which record, from what to what, and why.

    Attributes
    ----------
    hash
        sha256 of the canonical content and of the hash of the event before.

    """

    NODE_PATH: ClassVar[str] = ""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    who = models.CharField(max_length=254)
    channel = models.CharField(max_length=8)
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=254, blank=True)
    node = models.CharField(max_length=80, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["subject", "key"]),
            models.Index(fields=["node"]),
            models.Index(fields=["action"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject} {self.key}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append the event; one that stands is never written again."""
        if not self._state.adding:
            raise TypeError("an event of the audit trail never changes")
        super().save(*args, force_insert=True, **kwargs)

    def delete(self, *_: Any, **__: Any) -> tuple[int, dict[str, int]]:
        """Refuse: an event of the audit trail never goes."""
        raise TypeError("an event of the audit trail never goes")


class AuditHead(models.Model):
    """The end of the chain: one row, locked by whoever appends."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
