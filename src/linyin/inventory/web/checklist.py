"""What to do next in a workspace that has begun, until a first run has been approved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse

from linyin.inventory.web.beginning import BEGIN
from linyin.inventory.web.models import RunRecord
from linyin.ledger.web.grid_models import SiteMonth, SourceLine
from linyin.organization.web.models import Node
from linyin.platform.derived import current_activities
from linyin.platform.home import Home
from linyin.platform.models import AuditEvent, Person
from linyin.platform.parts import Badge, Button, Column, Link, Notice, Row, Table
from linyin.platform.words import say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["first_steps"]

_SETTLED = ("approved", "published", "superseded")


def first_steps(actor: Actor) -> Home | None:
    """Return the steps to a first approved run and the next of them, None once there is one.

    Who may not edit the organization, enter data and calculate has no such list, nor has a
    workspace that did not begin empty but took over an enterprise with its runs.
    """
    may = ("organization.edit", "activities.edit", "inventory.run")
    if not all(actor.nodes(permission) for permission in may) or not _is_under_way():
        return None
    rows: list[Row] = []
    notices: list[Notice] = []
    for name, href, is_done in _steps(actor):
        state = "done" if is_done else "waiting" if notices else "open"
        title, told = say(f"checklist.{name}"), say(f"checklist.{name}.help")
        if state == "open":
            button = Button(title, href, "arrow-right", "primary")
            notices.append(Notice(say("checklist.next", step=title), told, button=button))
        badge = Badge("status", state, say(f"checklist.{state}"))
        rows.append(Row([Link(title, hint=told), badge], href))
    columns = [Column(say("checklist.step"), is_wide=True), Column(say("checklist.state"))]
    steps = Table(say("checklist.title"), columns, rows)
    return Home(notices=notices, below=[(steps.caption, steps)])


def _is_under_way() -> bool:
    """Whether the workspace began with the first page and no run has been approved."""
    if RunRecord.objects.filter(state__in=_SETTLED).exists():
        return False
    begun = AuditEvent.objects.filter(subject=Person._meta.label_lower, action=BEGIN)
    return begun.exists()


def _steps(actor: Actor) -> Iterator[tuple[str, str, bool]]:
    """Yield each step: its name, where it is done, whether it is."""
    runs = RunRecord.objects.all()
    has_rows = current_activities() is not None
    yield "sites", reverse("nodes-list"), Node.objects.filter(kind="site").exists()
    yield "sources", reverse("lines-list"), has_rows or SourceLine.objects.exists()
    if actor.may("people.manage"):
        granted = Person.objects.filter(is_active=True, grants__isnull=False).distinct()
        yield (
            "people",
            reverse("people-list"),
            granted.count() > 1,
        )
    sent = SiteMonth.objects.exclude(state="draft")
    yield "data", reverse("enter"), has_rows or sent.exists()
    waiting = sent.filter(state="submitted").exists()
    yield "months", reverse("enter"), (has_rows or sent.exists()) and not waiting
    yield "run", reverse("runs-new"), runs.exists()
    yield "approve", reverse("runs-list"), False
