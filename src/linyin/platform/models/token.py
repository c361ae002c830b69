"""Tokens: what a program signs in with in the name of a person."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from linyin.platform.models.record import Record

__all__ = ["ApiToken"]


class ApiToken(Record):
    """A token of a person; its secret is shown once and known by its sha256 alone.

    Attributes
    ----------
    prefix
        Beginning of the secret, by which its owner tells it from others.
    scopes
        Permissions that it is confined to, of those that its owner has at the time of a call.
    read_only
        Whether it changes nothing, whatever its scopes are.
    expires
        First day on which it no longer counts.

    """

    NODE_PATH: ClassVar[str] = ""
    OWNER_PATH: ClassVar[str] = "person_id"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=16)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    read_only = models.BooleanField(default=True)
    expires = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)
    last_used = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        """Whether it no longer counts."""
        return self.expires <= timezone.localdate()
