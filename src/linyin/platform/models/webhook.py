"""Webhooks: who is told of what happened, where, and how each telling went."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.validators import MinLengthValidator
from django.db import models

from linyin.platform.models.record import Record
from linyin.platform.words import say

__all__ = ["Delivery", "Destination", "Webhook"]


class SecretField(models.CharField[Any, Any]):
    """A text that forms ask for and never show."""

    def formfield(self, **options: Any) -> Any:
        """Return a field that does not render its value."""
        return super().formfield(**{"widget": forms.PasswordInput, **options})


class Destination(Record):
    """An address that an administrator lets the server talk to.

    Attributes
    ----------
    is_internal
        Whether it is inside the enterprise's own network: only then may it have a private
        address, or be without TLS.

    """

    NODE_PATH: ClassVar[str] = ""

    name = models.CharField(max_length=120, unique=True)
    url = models.URLField(max_length=500)
    purpose = models.CharField(max_length=254)
    is_internal = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Webhook(Record):
    """Events of a part of the organization that are told to a destination.

    Attributes
    ----------
    events
        Names of events, with commas between them.
    secret
        Key of the signature, known to the receiver.

    """

    name = models.CharField(max_length=120)
    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="webhooks")
    node = models.ForeignKey("organization.Node", on_delete=models.PROTECT, related_name="+")
    events = models.CharField(max_length=500)
    secret = SecretField(max_length=128, validators=[MinLengthValidator(16)])
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Delivery(Record):
    """One event on its way to one webhook.

    Attributes
    ----------
    attempts
        How often it was sent.
    status
        HTTP status of the last answer; None without one.
    problem
        Why the last attempt failed: a code, of an answer `HTTP <status>`.

    """

    NODE_PATH: ClassVar[str] = "webhook__node__code"
    STATES = ("waiting", "done", "failed")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=60)
    node = models.CharField(max_length=80, blank=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="waiting", choices=[(s, s) for s in STATES])
    attempts = models.PositiveIntegerField(default=0)
    status = models.PositiveIntegerField(null=True)
    problem = models.CharField(max_length=254, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{say(f'deliveries.event.{self.event}')} → {self.webhook}"
