"""An enterprise's own factors: proposed, approved by a second person, revised, withdrawn."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Final, Self

from django.conf import settings
from django.db import models

from linyin.lake import BadInput, Finding
from linyin.platform.models.record import Record
from linyin.platform.words import lang

__all__ = ["COLUMNS", "OwnFactor"]

USES: Final = (
    "fuel", "process", "fugitive", "grid", "heat", "goods", "spend", "freight", "storage", "waste",
    "water", "travel", "hotel", "commuting", "telework", "product_use", "end_of_life",
    "processing", "leased", "franchise", "investment",
)  # fmt: skip
BOUNDARIES: Final = ("combustion", "upstream", "losses", "total")
BASES: Final = ("average", "residual", "marginal", "supplier")
GWP_SETS: Final = (
    "AR4-100", "AR5-100", "AR6-100", "AR4-20", "AR5-20", "AR6-20", "unknown",
)  # fmt: skip
PRICES: Final = ("purchaser", "producer")
COLUMNS: Final = (
    "factor_id", "name_en", "name_zh", "use", "item", "technology", "unit", "boundary", "basis",
    "place", "supplier", "product", "co2_kg", "co2_biogenic_kg", "ch4_kg", "n2o_kg", "species",
    "co2e_kg", "gwp_set", "uncertainty_pct", "data_year", "published", "valid_from", "valid_to",
    "currency_year", "price_basis", "publisher", "release", "source", "licence", "note",
)  # fmt: skip
"""Columns of the factors' schema that people state; the others stand in `further`."""


class OwnFactor(Record):
    """A factor of the enterprise's own; it counts once a second person has approved it.

    Its fields are the columns of the factors' schema; numbers are kept as they were written.

    Attributes
    ----------
    further
        Other columns of the schema, as the texts of a file.
    evidence, evidence_sha256
        How its value is known, and the document that says so.
    revises
        The approved factor in whose place it comes with its own approval.

    """

    NODE_PATH: ClassVar[str] = "node__code"
    STATES = ("draft", "proposed", "approved", "rejected", "withdrawn")
    OPEN: ClassVar[tuple[str, ...]] = ("draft", "rejected")

    factor_id = models.CharField(max_length=120, unique=True)
    name_en = models.CharField(max_length=200, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    use = models.CharField(max_length=20, choices=[(u, u) for u in USES])
    item = models.CharField(max_length=80)
    technology = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=40)
    boundary = models.CharField(
        max_length=12, default="combustion", choices=[(b, b) for b in BOUNDARIES]
    )
    basis = models.CharField(max_length=12, default="average", choices=[(b, b) for b in BASES])
    place = models.CharField(max_length=80, default="world")
    supplier = models.CharField(max_length=120, blank=True)
    product = models.CharField(max_length=120, blank=True)
    co2_kg = models.CharField(max_length=40, blank=True)
    co2_biogenic_kg = models.CharField(max_length=40, blank=True)
    ch4_kg = models.CharField(max_length=40, blank=True)
    n2o_kg = models.CharField(max_length=40, blank=True)
    species = models.CharField(max_length=400, blank=True)
    co2e_kg = models.CharField(max_length=40, blank=True)
    gwp_set = models.CharField(max_length=8, blank=True, choices=[(g, g) for g in GWP_SETS])
    uncertainty_pct = models.CharField(max_length=20, blank=True)
    data_year = models.PositiveIntegerField()
    published = models.DateField()
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    currency_year = models.PositiveIntegerField(null=True, blank=True)
    price_basis = models.CharField(max_length=10, blank=True, choices=[(p, p) for p in PRICES])
    publisher = models.CharField(max_length=200)
    release = models.CharField(max_length=120)
    source = models.TextField()
    licence = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    further = models.JSONField(default=dict)
    evidence = models.CharField(max_length=10, default="read")
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, default="draft", choices=[(s, s) for s in STATES])
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    revises = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="revisions"
    )
    node = models.ForeignKey("organization.Node", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["item", "place", "-data_year"]

    def __str__(self) -> str:
        names = {"en": self.name_en, "zh": self.name_zh}
        name = names[lang()] or self.name_en or self.name_zh
        return f"{name} · {self.data_year}" if name else self.factor_id

    @property
    def row(self) -> dict[str, str]:
        """The factor as the texts of a file; its status is `approved` only once it is."""
        stated = {name: _text(getattr(self, name)) for name in COLUMNS}
        known = {"evidence": self.evidence, "evidence_sha256": self.evidence_sha256}
        status = "approved" if self.state == "approved" else "draft"
        return {**self.further, **stated, **known, "status": status}

    def delete(self, *args: object, **options: object) -> tuple[int, dict[str, int]]:
        """Remove it while it is open; what was submitted or decided stays.

        Raises
        ------
        BadInput
            If it is not open.

        """
        if self.state not in self.OPEN:
            fields = {"factor": self.factor_id}
            raise BadInput([Finding("factor-not-open", "error", fields=fields)])
        return super().delete(*args, **options)  # type: ignore[arg-type]

    def again(self, factor_id: str) -> Self:
        """Return an unsaved draft of the same content under another id."""
        stated = {name: getattr(self, name) for name in COLUMNS}
        return type(self)(
            **{**stated, "factor_id": factor_id}, further=self.further, node=self.node,
            evidence="read", revises=self,
        )  # fmt: skip


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
