"""The month grid as records: source lines, site-months, what is typed, comments, data requests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from linyin.ledger.monthly import STATED, named_by
from linyin.ledger.source_types import load as load_source_types
from linyin.ledger.stated_inputs import inputs_in
from linyin.ledger.web.called import unit_called
from linyin.platform.models.record import Record
from linyin.platform.times import month_name, month_range
from linyin.platform.words import lang

if TYPE_CHECKING:
    from linyin.platform.models import Person

__all__ = ["CellDraft", "CellEvidence", "CellNote", "DataRequest", "Reminder", "SiteMonth",
           "SourceLine"]  # fmt: skip

RELATIONS = (
    "owned", "leased_in_finance", "leased_in_operating", "leased_out_finance",
    "leased_out_operating", "franchised", "outsourced", "third_party", "investee",
)  # fmt: skip
STATUSES = ("measured", "invoiced", "estimated", "default")


class SourceLine(Record):
    """A source of a site that reports every month: a row of the grid.

    Attributes
    ----------
    code
        With the month behind it, the external id of its rows: `HEYUAN-P1` → `HEYUAN-P1-2024-10`.
    series
        Another name under which rows of the lake belong to it; '' = only its code.
    status
        How its quantities are known unless a cell says otherwise.
    inputs
        Named inputs of its rows, such as `distance=1000 km; trips=2`, in their canonical units.
    begin, end
        First day of its first month, and of the first month in which it is no more.

    """

    NODE_PATH: ClassVar[str] = "site__code"

    code = models.CharField(max_length=120, unique=True)
    site = models.ForeignKey(
        "organization.Node", on_delete=models.PROTECT, related_name="source_lines"
    )
    series = models.CharField(max_length=254, blank=True, editable=False)
    label_en = models.CharField(max_length=200, blank=True)
    label_zh = models.CharField(max_length=200, blank=True)
    source_type = models.CharField(
        max_length=40, choices=[(name, name) for name in load_source_types()]
    )
    item = models.CharField(max_length=80)
    technology = models.CharField(max_length=80, blank=True)
    relation = models.CharField(max_length=30, default="owned", choices=[(r, r) for r in RELATIONS])
    method = models.CharField(max_length=80, blank=True)
    counterparty = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=40)
    status = models.CharField(max_length=10, default="invoiced", choices=[(s, s) for s in STATUSES])
    profile = models.CharField(max_length=80, blank=True)
    description = models.CharField(max_length=254, blank=True)
    inputs = models.CharField(max_length=1000, blank=True)
    begin = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL,
        related_name="source_lines",
    )  # fmt: skip
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    needs_evidence = models.BooleanField(default=False)

    class Meta:
        ordering = ["site__code", "source_type", "code"]

    def __str__(self) -> str:
        return self.label(lang())

    @property
    def unit_called(self) -> str:
        """Its unit in the reader's words."""
        return unit_called(self.unit)

    def label(self, lang: str) -> str:
        """Return its name in a language, in the other one where it has none."""
        first, second = self.label_en, self.label_zh
        if lang == "zh":
            first, second = second, first
        return first or second or self.code

    @property
    def named_inputs(self) -> dict[str, float]:
        """Its inputs by name, in their canonical units."""
        return inputs_in(self.inputs)

    @property
    def names(self) -> set[str]:
        """Names of the series of the lake whose rows are its."""
        return {self.code, self.series, self.named_by_what_it_states} - {""}

    @property
    def named_by_what_it_states(self) -> str:
        """Name of its series where the ids of its rows say nothing; '' = they do."""
        if not self.series.startswith("="):
            return ""
        return named_by({name: getattr(self, name) for name in STATED})

    def is_active(self, month: date) -> bool:
        """Whether it reports a month."""
        return (self.begin is None or self.begin <= month) and (
            self.end is None or month < self.end
        )

    def external_id(self, month: date) -> str:
        """Return the external id of its row of a month."""
        return f"{self.code}-{month:%Y-%m}"


class SiteMonth(Record):
    """A month of a site on its way from data owner to approver.

    Attributes
    ----------
    typed_by
        Keys of the people whose values were submitted since it was approved last: none of them
        approves it.

    """

    NODE_PATH: ClassVar[str] = "site__code"
    STATES = ("draft", "submitted", "returned", "approved")
    OPEN = ("draft", "returned")

    site = models.ForeignKey("organization.Node", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    state = models.CharField(max_length=10, default="draft", choices=[(s, s) for s in STATES])
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    typed_by = models.JSONField(default=list, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "month"], name="one_record_a_site_month")
        ]
        ordering = ["-month", "site__code"]

    def __str__(self) -> str:
        return f"{self.site} · {month_name(self.month, lang())}"

    @property
    def is_open(self) -> bool:
        """Whether its cells may be typed into."""
        return self.state in self.OPEN

    def is_of(self, person: Person | None) -> bool:
        """Whether somebody submitted it or typed values of it, and so does not approve it."""
        return person is not None and (
            person.pk == self.submitted_by_id or person.pk in self.typed_by
        )


class CellDraft(models.Model):
    """What somebody has typed into a cell and not submitted yet, right or wrong.

    Attributes
    ----------
    text
        As it was typed.
    quantity
        In the line's unit; None while the text cannot be read.
    is_refused
        Whether the ledger refused it when it was typed: it is kept, and counts as missing.
    version
        Counts the changes, so that two people do not write over each other.

    """

    line = models.ForeignKey(SourceLine, on_delete=models.CASCADE, related_name="drafts")
    month = models.DateField()
    text = models.CharField(max_length=80, blank=True)
    quantity = models.FloatField(null=True)
    is_refused = models.BooleanField(default=False)
    status = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "month"], name="one_draft_a_cell")]

    def __str__(self) -> str:
        return f"{self.line} · {month_name(self.month, lang())}: {self.text}"


class CellEvidence(models.Model):
    """A document that shows where a cell's quantity comes from; the first is its activity's."""

    line = models.ForeignKey(SourceLine, on_delete=models.CASCADE, related_name="evidence")
    month = models.DateField()
    document = models.ForeignKey("platform.Document", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "month", "document"], name="one_document_a_cell"
            )
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.line} · {month_name(self.month, lang())}: {self.document}"


class CellNote(models.Model):
    """Why an approver returned a cell; it stands there until the month is submitted again."""

    site_month = models.ForeignKey(SiteMonth, on_delete=models.CASCADE, related_name="notes")
    line = models.ForeignKey(SourceLine, on_delete=models.CASCADE, related_name="notes")
    comment = models.TextField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.line}: {self.comment}"


class DataRequest(Record):
    """Somebody is asked for the months of a site by a day.

    Attributes
    ----------
    begin, end
        First days of the first month and of the month after the last.
    lines
        Only these; none = all lines of the site.
    milestone
        The step of the inventory's calendar that it serves.

    """

    NODE_PATH: ClassVar[str] = "site__code"
    STATES = ("open", "done", "withdrawn")

    site = models.ForeignKey("organization.Node", on_delete=models.PROTECT, related_name="+")
    begin = models.DateField()
    end = models.DateField()
    lines = models.ManyToManyField(SourceLine, blank=True, related_name="requests")
    due = models.DateField()
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="data_requests"
    )
    state = models.CharField(max_length=10, default="open", choices=[(s, s) for s in STATES])
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    milestone = models.ForeignKey(
        "governance.Milestone", null=True, on_delete=models.SET_NULL, related_name="data_requests"
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["due", "site__code"]

    def __str__(self) -> str:
        last = (self.end - timedelta(days=1)).replace(day=1)
        return f"{self.site} · {month_range(self.begin, last, lang())}"


class Reminder(models.Model):
    """A mail about a data request, or about a step of the calendar, that was sent."""

    KINDS = ("asked", "week", "day", "overdue")

    request = models.ForeignKey(
        DataRequest, null=True, on_delete=models.CASCADE, related_name="reminders"
    )
    milestone = models.ForeignKey(
        "governance.Milestone", null=True, on_delete=models.CASCADE, related_name="reminders"
    )
    kind = models.CharField(max_length=8, choices=[(k, k) for k in KINDS])
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "kind"], name="one_reminder_a_kind"),
            models.UniqueConstraint(fields=["milestone", "kind"], name="one_reminder_a_step"),
        ]

    def __str__(self) -> str:
        return f"{self.request or self.milestone}: {self.kind}"
