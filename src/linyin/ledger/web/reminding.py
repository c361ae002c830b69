"""Mails about what is due: data requests, and the steps of the inventory's calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.timezone import localdate

from linyin.governance.web.models import Milestone
from linyin.governance.web.watching import standing_of
from linyin.ledger.web.grid_models import DataRequest, Reminder
from linyin.ledger.web.requests import address_of, months_in_words
from linyin.platform.times import day
from linyin.platform.words import Lang, say

if TYPE_CHECKING:
    from linyin.platform.jobs import JobContext
    from linyin.platform.models import Person

__all__ = ["remind"]

_ORDER: Final = ("asked", "week", "day", "overdue")


@dataclass(frozen=True, slots=True)
class _Due:
    """Something that is due: the record, its day, who is told, the words and fields of the mail."""

    record: DataRequest | Milestone
    due: date
    person: Person
    words: str
    fields: Callable[[Lang], dict[str, Any]]
    is_told_at_once: bool

    @property
    def named(self) -> dict[str, Any]:
        """The record as a field of its reminders."""
        return {self.words: self.record}


def remind(context: JobContext, today: date | None = None) -> int:
    """Send what is due: asked (of a data request), a week before, a day before, overdue.

    Only the most pressing mail about a record is sent; those before it count as sent.

    Returns
    -------
    int
        How many mails were sent.

    """
    day = today or localdate()
    sent = 0
    for due in (*_requests(), *_milestones(day)):
        kind = _due_kind(due.due, day)
        if kind == "asked" and not due.is_told_at_once:
            continue
        earlier = set(Reminder.objects.filter(**due.named).values_list("kind", flat=True))
        if kind in earlier:
            continue
        context.keep(f"{_key(due)}-{kind}", partial(_mail, due, kind))
        passed = _ORDER[: _ORDER.index(kind) + 1]
        Reminder.objects.bulk_create(
            [Reminder(**due.named, kind=one) for one in passed if one not in earlier],
            ignore_conflicts=True,
        )
        sent += 1
        context.checkpoint()
    return sent


def _key(due: _Due) -> str:
    number = str(due.record.pk)
    return number if due.words == "request" else f"{due.words}-{number}"


def _requests() -> Iterator[_Due]:
    """Yield the open data requests."""
    asked = DataRequest.objects.filter(state="open").select_related("site", "assignee", "made_by")
    for request in asked:

        def fields(language: Lang, request: DataRequest = request) -> dict[str, Any]:
            return {
                "site": request.site.name(language),
                "months": months_in_words(request, language),
                "by": str(request.made_by or ""),
                "note": request.note,
                "address": address_of(request),
            }

        yield _Due(request, request.due, request.assignee, "request", fields, True)


def _milestones(day: date) -> Iterator[_Due]:
    """Yield the steps of the calendar that are not done, and for which somebody is reminded."""
    waiting = Milestone.objects.filter(
        done_on=None, person__is_active=True, due__lte=day + timedelta(days=7)
    )
    for milestone in waiting.select_related("node", "person"):
        if milestone.person is None or standing_of(milestone, day).state == "done":
            continue

        def fields(language: Lang, milestone: Milestone = milestone) -> dict[str, Any]:
            return {
                "step": milestone.name(language),
                "node": milestone.node.name(language),
                "year": milestone.year,
                "note": milestone.note,
                "address": reverse("milestones-record", args=[milestone.pk]),
            }

        yield _Due(milestone, milestone.due, milestone.person, "milestone", fields, False)


def _due_kind(due: date, day: date) -> str:
    left = due - day
    if left < timedelta(0):
        return "overdue"
    if left <= timedelta(days=1):
        return "day"
    return "week" if left <= timedelta(days=7) else "asked"


def _mail(due: _Due, kind: str) -> str:
    language: Lang = "zh" if due.person.language.startswith("zh") else "en"
    fields = due.fields(language) | {"name": due.person.name, "due": day(due.due, language)}
    fields["link"] = settings.PUBLIC_URL.rstrip("/") + fields["address"]
    subject = say(f"mail.{due.words}.{kind}.subject", language, **fields)
    text = "\n\n".join(part for part in (
        say("mail.request.dear", language, **fields),
        say(f"mail.{due.words}.{kind}", language, **fields),
        say("mail.request.note", language, **fields) if fields["note"] else "",
        say(f"mail.{due.words}.link", language, **fields),
    ) if part)  # fmt: skip
    EmailMessage(subject, text + "\n", to=[due.person.email]).send()
    return kind
