"""The organization as records: nodes, and where each stands and who holds it over time."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from django.db import models
from django.db.models import F

from linyin.platform.models.record import Record
from linyin.platform.times import day
from linyin.platform.words import lang, say, words

__all__ = ["Allocation", "Metric", "Node", "Profile", "Standing"]

KINDS = ("group", "entity", "site", "department")
CONTROLS = ("sole", "joint", "none")


class Node(Record):
    """A group, entity, site or department."""

    NODE_PATH: ClassVar[str] = "code"

    code = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=[(k, k) for k in KINDS])
    name_en = models.CharField(max_length=200, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    opened = models.DateField(null=True, blank=True)
    closed = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name(lang())

    def nodes_to_reach(self) -> Collection[str]:
        """Return its code as it is kept; nothing of a new one, whose place decides."""
        return Node.objects.filter(pk=self.pk).values_list("code", flat=True)

    def name(self, lang: str) -> str:
        """Return its name in a language, in the other one where it has none."""
        first, second = self.name_en, self.name_zh
        if lang == "zh":
            first, second = second, first
        return first or second or self.code


class Standing(Record):
    """What holds of a node for a span of time: its parent, an owner, its operator, its place."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="standings")
    parent = models.ForeignKey(
        Node, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        Node, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ownership_pct = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    control = models.CharField(max_length=5, blank=True, choices=[(c, c) for c in CONTROLS])
    operator = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=80, blank=True)
    begin = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["node__code", F("begin").asc(nulls_first=True), "id"]

    def __str__(self) -> str:
        called = say("standings.called", node=self.node)
        if not self.begin and not self.end:
            return called
        begin, end = (day(one) if one else "…" for one in (self.begin, self.end))
        return f"{called} · {begin} – {end}"

    def nodes_to_reach(self) -> Collection[str]:
        """Return its node and, where one of both is new, the node above; '' above a root."""
        stored = Standing.objects.filter(pk=self.pk).values_list("node_id", "parent_id").first()
        if stored == (self.node_id, self.parent_id):
            return {self.node.code}
        return {self.node.code, self.parent.code if self.parent else ""}


class Metric(Record):
    """A figure of a node over a period: revenue, heads, area, throughput."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="metrics")
    metric = models.CharField(max_length=40)
    item = models.CharField(max_length=80, blank=True)
    begin = models.DateField()
    end = models.DateField()
    value = models.DecimalField(max_digits=24, decimal_places=6)
    unit = models.CharField(max_length=40)
    source = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering = ["node__code", "metric", "begin"]

    def __str__(self) -> str:
        key = f"metrics.metric.{self.metric}"
        named = say(key) if key in words() else self.metric
        return f"{self.node} · {named} · {self.begin.year}"


class Allocation(Record):
    """Who uses a shared meter of a site, by which key."""

    NODE_PATH: ClassVar[str] = "site__code"
    KEYS = ("area", "heads", "submeter", "share")

    site = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="allocations")
    item = models.CharField(max_length=80, blank=True)
    meter = models.CharField(max_length=80, blank=True)
    target = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=10, choices=[(k, k) for k in KEYS])
    value = models.DecimalField(max_digits=24, decimal_places=9, null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    rest = models.CharField(max_length=6, blank=True, choices=[(k, k) for k in ("stays", "spread")])
    begin = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = [
            "site__code", "item", "meter", "target__code", F("begin").asc(nulls_first=True),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.site} → {self.target}"


class Profile(Record):
    """A weight of a span in a curve that splits rows over time."""

    NODE_PATH: ClassVar[str] = ""

    profile = models.CharField(max_length=80)
    begin = models.DateField()
    end = models.DateField()
    weight = models.DecimalField(max_digits=24, decimal_places=9)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["profile", "begin"]

    def __str__(self) -> str:
        return self.profile
