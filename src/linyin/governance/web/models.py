"""Governance as records: bodies, who sits on them, who does what, what was decided, and by when."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from linyin.governance import MILESTONE_KINDS
from linyin.platform.models.record import Record
from linyin.platform.words import lang, say

__all__ = ["Body", "Decision", "Duty", "DutyPart", "Member", "Milestone"]

PERSON = settings.AUTH_USER_MODEL


def _in_words(name_en: str, name_zh: str, language: str) -> str:
    """Return a name in a language, in the other one where there is none."""
    return (name_zh or name_en) if language == "zh" else (name_en or name_zh)


class Body(Record):
    """A board, committee, steering group, project team or department."""

    KINDS = ("board", "committee", "steering_group", "project_team", "department", "other")

    code = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=16, choices=[(k, k) for k in KINDS])
    name_en = models.CharField(max_length=200, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="below"
    )
    node = models.ForeignKey("organization.Node", on_delete=models.PROTECT, related_name="+")
    charter = models.TextField(blank=True)
    meets = models.CharField(max_length=120, blank=True)
    begin = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name(lang())

    def name(self, language: str) -> str:
        """Return its name in a language, in the other one where it has none."""
        return _in_words(self.name_en, self.name_zh, language) or self.code

    def members_on(self, day: date) -> QuerySet[Member]:
        """Return who sits on it on a day."""
        return self.members.filter(
            Q(begin=None) | Q(begin__lte=day), Q(end=None) | Q(end__gt=day)
        ).select_related("person")


class Member(Record):
    """Somebody's seat on a body for a term: a person of the workspace, or an outsider by name.

    Attributes
    ----------
    position
        What they are beside it: chief strategy officer, plant manager, independent expert.
    measured_by
        What their performance on it is measured by.
    begin, end
        The term; `end` is the first day after it.

    """

    NODE_PATH: ClassVar[str] = "body__node__code"
    ROLES = ("chair", "deputy_chair", "member", "secretary", "adviser", "observer")
    VOTING = ("chair", "deputy_chair", "member")

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="seats"
    )
    name = models.CharField(max_length=200, blank=True)
    position = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=12, choices=[(r, r) for r in ROLES])
    measured_by = models.CharField(max_length=300, blank=True)
    begin = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["body__code", "pk"]

    def __str__(self) -> str:
        return say("members.called", person=self.called, body=self.body)

    @property
    def called(self) -> str:
        """Name of who sits there."""
        return self.person.name if self.person is not None else self.name


class Duty(Record):
    """Something that must be done, decided or known: a row of the table of duties."""

    code = models.CharField(max_length=80, unique=True)
    name_en = models.CharField(max_length=200, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    node = models.ForeignKey("organization.Node", on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveIntegerField(default=100)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["rank", "code"]
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return self.name(lang())

    def name(self, language: str) -> str:
        """Return its name in a language, in the other one where it has none."""
        return _in_words(self.name_en, self.name_zh, language) or self.code


class DutyPart(Record):
    """The part of a body in a duty: responsible, accountable, consulted or informed."""

    NODE_PATH: ClassVar[str] = "duty__node__code"
    PARTS = ("responsible", "accountable", "consulted", "informed")

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="parts")
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="parts")
    part = models.CharField(max_length=12, choices=[(p, p) for p in PARTS])

    class Meta:
        ordering = ["duty__rank", "duty__code", "body__code"]
        constraints = [
            models.UniqueConstraint(fields=["duty", "body"], name="one_part_a_duty_and_body")
        ]

    def __str__(self) -> str:
        return f"{self.duty} · {self.body}"


class Decision(Record):
    """What a body has decided. It never changes: a later decision corrects it.

    Attributes
    ----------
    number
        Counts a body's decisions of a year: `2024-03`.
    way
        By `votes`, by `consent` in a meeting, or in `writing`.
    votes_for, votes_against, abstained
        Where it was put to the vote.
    about
        The record that it decided on, as `<resource>/<key>`: `runs/3`; empty = none.
    corrects
        The decision in whose place it stands.

    """

    NODE_PATH: ClassVar[str] = "body__node__code"
    WAYS = ("votes", "consent", "writing")
    RESULTS = ("adopted", "rejected", "deferred")

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="decisions")
    number = models.CharField(max_length=20)
    decided_on = models.DateField()
    heading = models.CharField(max_length=200)
    text = models.TextField()
    way = models.CharField(max_length=8, choices=[(w, w) for w in WAYS])
    result = models.CharField(max_length=8, choices=[(r, r) for r in RESULTS])
    votes_for = models.PositiveIntegerField(null=True)
    votes_against = models.PositiveIntegerField(null=True)
    abstained = models.PositiveIntegerField(null=True)
    about = models.CharField(max_length=254, blank=True)
    documents = models.ManyToManyField("platform.Document", related_name="+")
    corrects = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    recorded_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["body", "number"], name="one_decision_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.heading}"

    def save(self, **options: Any) -> None:
        """Keep it once.

        Raises
        ------
        TypeError
            If it is kept already.

        """
        if not self._state.adding:
            raise TypeError("a decision never changes; record one that corrects it")
        super().save(**options)

    def delete(self, *_: Any, **__: Any) -> tuple[int, dict[str, int]]:
        """Refuse: a decision stays.

        Raises
        ------
        TypeError
            Always.

        """
        raise TypeError("a decision stays; record one that corrects it")


class Milestone(Record):
    """A step of the inventory of a year: by when it is done, who answers for it.

    Attributes
    ----------
    year
        The inventory year it serves.
    begin, due
        When work on it begins (empty: on its due day), and the last day for it.
    person, body
        Who is told and reminded, and the body that answers for it.
    done_on
        When somebody said it is done.

    """

    KINDS = MILESTONE_KINDS

    node = models.ForeignKey("organization.Node", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[(k, k) for k in KINDS])
    name_en = models.CharField(max_length=200, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    begin = models.DateField(null=True, blank=True)
    due = models.DateField()
    body = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="milestones"
    )
    person = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_on = models.DateField(null=True, editable=False)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["due", "pk"]

    def __str__(self) -> str:
        return f"{self.name(lang())} · {self.year}"

    def name(self, language: str) -> str:
        """Return its name in a language; one of the template is called by its kind."""
        named = _in_words(self.name_en, self.name_zh, language)
        return named or say(f"milestones.kind.{self.kind}", "zh" if language == "zh" else "en")
