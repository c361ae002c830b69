"""The enterprise that a workspace belongs to: what is asked first, once."""

from __future__ import annotations

from django.db import models

from linyin.platform.models.record import Record

__all__ = ["Enterprise"]


class Enterprise(Record):
    """The answers to the first questions; a workspace has one.

    Attributes
    ----------
    node
        The root of the management tree.
    language
        Language of reports and mails where nobody has chosen one.

    """

    APPROACHES = ("operational_control", "financial_control", "equity_share")

    node = models.OneToOneField("organization.Node", on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=80)
    base_year = models.PositiveIntegerField()
    approach = models.CharField(max_length=40, choices=[(a, a) for a in APPROACHES])
    language = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_enterprise_a_workspace")
        ]

    def __str__(self) -> str:
        return str(self.node)
