"""Answers of the API that are given again when a request comes twice."""

from __future__ import annotations

from django.db import models

__all__ = ["StoredAnswer"]


class StoredAnswer(models.Model):
    """The answer to a request that named an idempotency key.

    Attributes
    ----------
    caller
        Who asked: `token-<id>` or `person-<id>`.
    request
        sha256 of method, path, query and body: what the key stands for.
    status
        Of the answer; None while the request is worked on.

    """

    caller = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)
    status = models.PositiveIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="one_answer_a_key")]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}: {self.status or '…'}"
