"""What every record has: a version that tells a stale edit from a fresh one."""

from __future__ import annotations

from django.db import models

__all__ = ["Record"]


class Record(models.Model):
    """A row that people maintain.

    Attributes
    ----------
    version
        Counts the changes; a form sends back the one it showed.

    """

    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True
