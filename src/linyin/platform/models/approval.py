"""Approvals: who agreed to what, at which level."""

from __future__ import annotations

from django.conf import settings
from django.db import models

__all__ = ["Approval"]


class Approval(models.Model):
    """A decision about a record by somebody who did not prepare it."""

    subject = models.CharField(max_length=80)
    key = models.CharField(max_length=254)
    level = models.CharField(max_length=40)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approvals"
    )
    is_granted = models.BooleanField()
    comment = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "key"])]
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.subject} {self.key}: {self.level}"
