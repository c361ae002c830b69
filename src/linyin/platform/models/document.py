"""Documents: evidence, its bytes kept once under their sha256."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models

__all__ = ["Document"]


class Document(models.Model):
    """A file that somebody uploaded as evidence of a node; other nodes may have the same bytes."""

    NODE_PATH: ClassVar[str] = "node__code"

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=254)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    node = models.ForeignKey("organization.Node", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "node"], name="one_document_a_node")
        ]
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the bytes are."""
        return Path(settings.WORKSPACE.documents) / self.sha256[:2] / self.sha256
