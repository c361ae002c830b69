"""Grants: who may do what on which part of the management tree."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from linyin.platform.models.record import Record
from linyin.platform.words import say

__all__ = ["Grant"]


class Grant(Record):
    """A role of a person on a node, with or without all that is below it today."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants"
    )
    role = models.CharField(max_length=40)
    node = models.ForeignKey("organization.Node", on_delete=models.PROTECT, related_name="+")
    subtree = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "role", "node"], name="one_grant_a_role")
        ]
        ordering = ["person__name", "role", "node__code"]

    def __str__(self) -> str:
        return f"{self.person} · {say(f'grants.role.{self.role}')} · {self.node}"

    def clean(self) -> None:
        """Refuse a role that no room knows."""
        from django.core.exceptions import ValidationError

        from linyin.platform.roles import roles

        if self.role not in roles():
            fields: dict[str, Any] = {"role": self.role}
            raise ValidationError({"role": "%(role)s"}, params=fields)
