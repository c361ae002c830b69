"""What verifiers work with: engagements, drawn samples with their items, findings, opinions."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Final

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from linyin.inventory.web.line_names import line_name
from linyin.organization.web.called import node_called
from linyin.platform.cutting import cut
from linyin.platform.models.record import Record
from linyin.platform.words import say

__all__ = [
    "VERIFIABLE",
    "Engagement",
    "Opinion",
    "Sample",
    "SampleItem",
    "VerificationFinding",
]

# States of a run of which samples are drawn.
VERIFIABLE: Final = ("locked", "approved", "published")


class Engagement(Record):
    """An agreement with outsiders who verify runs of a node; they and the carbon office see it.

    Attributes
    ----------
    firm
        Body that the verifiers belong to.
    level
        Level of assurance.
    materiality_pct
        Misstatement of a run's total from which on readers would be misled. [%]
    scope
        What is verified against which criteria.

    """

    LEVELS = ("limited", "reasonable")
    STATES = ("open", "closed")

    name = models.CharField(max_length=200)
    node = models.ForeignKey("organization.Node", on_delete=models.PROTECT, related_name="+")
    firm = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=12, choices=[(v, v) for v in LEVELS])
    materiality_pct = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator("0.01"), MaxValueValidator(100)],
    )
    scope = models.TextField()
    begin = models.DateField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, default="open", choices=[(s, s) for s in STATES])
    verifiers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="engagements")
    runs = models.ManyToManyField("inventory.RunRecord", related_name="engagements")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class Sample(Record):
    """Entries of a run drawn by a stated method from a stated seed: drawn again, it is the same.

    Attributes
    ----------
    population
        `emissions`: entries of zero and above; `reversals`: those below.
    strata
        What divides a stratified sample: `line` or `site`.
    confidence
        One minus the risk of accepting a materially wrong total, where a materiality set the
        size. [-]
    run_hash
        Hash of the entries that it was drawn from.
    population_mg, interval, start
        What was drawn from and how, as the library tells it. [mg CO2e]

    """

    NODE_PATH: ClassVar[str] = "engagement__node__code"
    METHODS = ("pps", "stratified", "simple")
    POPULATIONS = ("emissions", "reversals")
    STRATA = ("line", "site")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="samples")
    run = models.ForeignKey("inventory.RunRecord", on_delete=models.PROTECT, related_name="samples")
    scope2_method = models.CharField(
        max_length=8, default="location", choices=[(m, m) for m in ("location", "market")]
    )
    population = models.CharField(max_length=10, choices=[(p, p) for p in POPULATIONS])
    method = models.CharField(max_length=10, choices=[(m, m) for m in METHODS])
    strata = models.CharField(max_length=4, blank=True, choices=[(s, s) for s in STRATA])
    seed = models.CharField(max_length=120)
    size = models.PositiveIntegerField(null=True)
    materiality_mg = models.DecimalField(max_digits=38, decimal_places=0, null=True)
    confidence = models.DecimalField(max_digits=4, decimal_places=3, null=True)
    run_hash = models.CharField(max_length=64)
    population_count = models.PositiveBigIntegerField()
    population_mg = models.DecimalField(max_digits=38, decimal_places=0)
    described_en = models.TextField()
    described_zh = models.TextField()
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return say("samples.called", engagement=self.engagement, seed=self.seed)


class SampleItem(Record):
    """A drawn entry, and what the verifier found when following it to its evidence.

    Attributes
    ----------
    entry
        `source/external_id@leg`.
    probability
        Chance it had of being drawn, as an exact fraction.
    difference_mg
        Booked less found, where misstated: above zero if too much was booked. [mg CO2e]

    """

    NODE_PATH: ClassVar[str] = "sample__engagement__node__code"
    VERDICTS = ("verified", "misstated", "no_evidence")

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="items")
    entry = models.CharField(max_length=400)
    line = models.CharField(max_length=20)
    site = models.CharField(max_length=80)
    stratum = models.CharField(max_length=80, blank=True)
    weight_mg = models.BigIntegerField()
    probability = models.CharField(max_length=120)
    is_certain = models.BooleanField()
    verdict = models.CharField(max_length=12, blank=True, choices=[(v, v) for v in VERDICTS])
    difference_mg = models.BigIntegerField(null=True)
    note = models.TextField(blank=True)
    ticked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ticked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["entry"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "entry"], name="one_item_an_entry")
        ]

    def __str__(self) -> str:
        return f"{line_name(self.line)} · {node_called(self.site)}"

    @property
    def chance(self) -> float:
        """Chance it had of being drawn. [-]"""
        return float(Fraction(self.probability))


class VerificationFinding(Record):
    """Something a verifier holds against a run: the carbon office answers, the verifier closes.

    Attributes
    ----------
    entry
        The entry it is about, `source/external_id@leg`; empty = the run as a whole.
    amount_mg
        Booked less found. [mg CO2e]

    """

    NODE_PATH: ClassVar[str] = "engagement__node__code"
    KINDS = ("misstatement", "nonconformity", "clarification", "improvement")
    SEVERITIES = ("material", "minor", "observation")
    STATES = ("open", "answered", "closed")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="findings")
    run = models.ForeignKey("inventory.RunRecord", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=[(k, k) for k in KINDS])
    severity = models.CharField(max_length=12, choices=[(s, s) for s in SEVERITIES])
    entry = models.CharField(max_length=400, blank=True)
    amount_mg = models.BigIntegerField(null=True)
    text = models.TextField()
    answer = models.TextField(blank=True)
    conclusion = models.TextField(blank=True)
    state = models.CharField(max_length=8, default="open", choices=[(s, s) for s in STATES])
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    raised_at = models.DateTimeField(auto_now_add=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return cut(self.text)


class Opinion(Record):
    """What the verifiers state on a run; it holds for the entries with this hash and no others.

    Attributes
    ----------
    level, materiality_pct
        As agreed when it was stated.
    coverage
        Share of the run's emissions that was drawn and followed. [-]

    """

    NODE_PATH: ClassVar[str] = "engagement__node__code"
    KINDS = ("unmodified", "modified", "adverse", "disclaimer")

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="opinions")
    run = models.ForeignKey(
        "inventory.RunRecord", on_delete=models.PROTECT, related_name="opinions"
    )
    kind = models.CharField(max_length=12, choices=[(k, k) for k in KINDS])
    level = models.CharField(max_length=12, choices=[(v, v) for v in Engagement.LEVELS])
    materiality_pct = models.DecimalField(max_digits=5, decimal_places=2)
    coverage = models.DecimalField(max_digits=5, decimal_places=4)
    text = models.TextField()
    run_hash = models.CharField(max_length=64)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    stated_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-stated_at"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "run"], name="one_opinion_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.run} · {say(f'opinions.kind.{self.kind}')}"
