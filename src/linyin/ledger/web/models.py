"""What the ledger needs to know beside activities: instruments, rates, an enterprise's factors."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linyin.ledger.web.called import item_called, place_called
from linyin.ledger.web.factor_models import OwnFactor
from linyin.ledger.web.grid_models import (
    CellDraft,
    CellEvidence,
    CellNote,
    DataRequest,
    Reminder,
    SiteMonth,
    SourceLine,
)
from linyin.platform.models.record import Record
from linyin.platform.words import say

__all__ = [
    "CellDraft",
    "CellEvidence",
    "CellNote",
    "DataRequest",
    "Instrument",
    "OwnFactor",
    "Rate",
    "Reminder",
    "SiteMonth",
    "SourceLine",
]


class Instrument(Record):
    """A contract, a certificate or a supplier's claim about energy bought."""

    NODE_PATH: ClassVar[str] = "owner__code"
    KINDS = ("contract", "certificate", "supplier")
    ENERGIES = ("electricity", "heat", "steam", "cooling")

    instrument = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=[(k, k) for k in KINDS])
    owner = models.ForeignKey("organization.Node", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(
        "organization.Node", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    market = models.CharField(max_length=80)
    energy = models.CharField(
        max_length=12, default="electricity", choices=[(e, e) for e in ENERGIES]
    )
    quantity = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=40, default="MWh")
    co2_kg_per_kwh = models.DecimalField(max_digits=18, decimal_places=9, default=0)
    begin = models.DateField()
    end = models.DateField()
    registry = models.CharField(max_length=120, blank=True)
    retired_on = models.DateField(null=True, blank=True)
    technology = models.CharField(max_length=80, blank=True)
    evidence_file = models.CharField(max_length=254, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-begin", "instrument"]

    def __str__(self) -> str:
        return self.instrument


class Rate(Record):
    """An exchange rate, price index, tax or margin of a year."""

    NODE_PATH: ClassVar[str] = ""
    KINDS = ("exchange", "price_index", "vat", "margin")

    kind = models.CharField(max_length=12, choices=[(k, k) for k in KINDS])
    origin = models.CharField(max_length=80, blank=True)
    target = models.CharField(max_length=80, blank=True)
    year = models.PositiveIntegerField()
    item = models.CharField(max_length=80, blank=True)
    value = models.DecimalField(max_digits=24, decimal_places=9)
    source = models.TextField()
    evidence = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["kind", "origin", "target", "item", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "origin", "target", "year", "item"], name="one_rate_a_year"
            )
        ]

    def __str__(self) -> str:
        kind = say(f"rates.kind.{self.kind}")
        span = " → ".join(place_called(code) for code in (self.origin, self.target) if code)
        item = item_called(self.item) if self.item else ""
        return " · ".join(filter(None, (kind, span, item, str(self.year))))
