"""Runs as records: who calculated what, in which state, approved by whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from linyin.inventory import APPROVAL_LEVELS
from linyin.inventory.web.finding_words import finding_told
from linyin.inventory.web.verification.models import (
    Engagement,
    Opinion,
    Sample,
    SampleItem,
    VerificationFinding,
)
from linyin.platform.cutting import cut
from linyin.platform.models.record import Record
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.models import Person

__all__ = [
    "ColumnMapping",
    "Engagement",
    "Import",
    "Opinion",
    "RunFinding",
    "RunRecord",
    "Sample",
    "SampleItem",
    "Settings",
    "VerificationFinding",
]


def _all_levels() -> list[str]:
    return list(APPROVAL_LEVELS)


class RunRecord(Record):
    """A calculated run; its numbers are its bundle's.

    Attributes
    ----------
    name
        Name of the bundle's folder under the workspace's `runs`.
    totals
        Stored roll-ups that pages read: mg CO2e as text by line and scope-2 method.
    levels
        At which it is approved, from below; those that the rules state when it is locked.
    assessment
        Of the base year as it is seen from this run; empty until it is asked for.

    """

    STATES = ("draft", "locked", "approved", "published", "superseded")

    name = models.CharField(max_length=200, unique=True)
    node = models.ForeignKey("organization.Node", on_delete=models.PROTECT, related_name="runs")
    year = models.PositiveIntegerField()
    approach = models.CharField(max_length=40)
    gwp = models.CharField(max_length=20)
    standard = models.CharField(max_length=40)
    begin = models.DateField()
    end = models.DateField()
    state = models.CharField(max_length=12, default="draft", choices=[(s, s) for s in STATES])
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, editable=False)
    entries_hash = models.CharField(max_length=64)
    entries = models.PositiveBigIntegerField(default=0)
    activities_version = models.BigIntegerField(default=0)
    totals = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    restates = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    levels = models.JSONField(default=_all_levels, editable=False)
    assessment = models.JSONField(default=dict, editable=False)

    class Meta:
        ordering = ["-year", "-made_at"]

    def __str__(self) -> str:
        return say("run.title", node=self.node.name(lang()), year=self.year)

    @property
    def path(self) -> Path:
        """Where its bundle is."""
        return Path(settings.WORKSPACE.runs) / self.name

    def is_prepared_by(self, person: Person | None) -> bool:
        """Whether somebody calculated or locked it, and so decides nothing about it."""
        return person is not None and person.pk in (self.prepared_by_id, self.locked_by_id)


class Settings(Record):
    """What the reporter decided: the content of a folder's `linyin.toml`; one row.

    Attributes
    ----------
    config
        Section → key → value, as TOML would hold them.

    """

    NODE_PATH: ClassVar[str] = ""

    config = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "settings"

    def __str__(self) -> str:
        return "settings"

    @classmethod
    def now(cls) -> Settings:
        """Return the one row; empty where nothing has been decided yet."""
        return cls.objects.first() or cls()


class RunFinding(Record):
    """What the calculation or a check found in a run, and how far it is worked off.

    Attributes
    ----------
    finding
        As the library tells it: code, severity, place, fields.

    """

    NODE_PATH: ClassVar[str] = "run__node__code"
    STATES = ("open", "closed")

    run = models.ForeignKey(RunRecord, on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(max_length=80)
    severity = models.CharField(max_length=10)
    finding = models.JSONField()
    state = models.CharField(max_length=10, default="open", choices=[(s, s) for s in STATES])
    comment = models.TextField(blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return cut(finding_told(self.finding))


class Import(Record):
    """A file of activities on its way into the lake: uploaded, mapped, checked, committed.

    Attributes
    ----------
    source
        The source that its rows belong to.
    is_full
        Whether the file is all that its source has: rows it lacks are removed.
    headers
        The file's headers with some of their cells: [{sheet, header, cells}].
    mapping
        Header → column of the schema, or '' to leave it out.
    constants
        Column → value of every row, for columns that the file lacks.
    mended
        Cells mended on the page: sheet → row → header → text; None = the row is left out.
    counts
        What a commit would do, or did: new, revised, unchanged, removed, rows, errors, warnings.
    batches
        Batches of the lake: of the commit, of the undoing.

    """

    STATES = ("uploaded", "mapped", "checked", "committed", "undone")
    FOLDER: ClassVar[str] = "import-"

    node = models.ForeignKey("organization.Node", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=254)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    source = models.CharField(max_length=80)
    is_full = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=10, default="uploaded", choices=[(s, s) for s in STATES])
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    constants = models.JSONField(default=dict)
    mended = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    batches = models.JSONField(default=list)
    lake_version = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def mended_rows(self) -> int:
        """How many rows of the file were mended or left out on the page."""
        return sum(len(rows) for rows in self.mended.values())

    @property
    def folder(self) -> Path:
        """Where its file is kept until it is committed or forgotten."""
        return Path(settings.WORKSPACE.uploads) / f"{self.FOLDER}{self.pk}"

    @property
    def path(self) -> Path:
        """Where its file is."""
        return self.folder / Path(self.name).name


class ColumnMapping(models.Model):
    """How somebody mapped a node's files with these headers: its next one starts with it."""

    NODE_PATH: ClassVar[str] = "node__code"

    node = models.ForeignKey("organization.Node", on_delete=models.CASCADE, related_name="+")
    headers_key = models.CharField(max_length=64)
    mapping = models.JSONField()
    constants = models.JSONField(default=dict)
    source = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "headers_key"], name="one_mapping_a_node")
        ]

    def __str__(self) -> str:
        return self.source
