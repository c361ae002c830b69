"""The calendar of an inventory year: a timeline, the months below it, a file for mail programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate

from linyin.governance import CalendarEvent, Span, days_until, draw_timeline, icalendar
from linyin.governance.web.actions import finish_milestone, plan_year
from linyin.governance.web.models import Milestone
from linyin.governance.web.watching import Seen, standing_of
from linyin.lake import BadInput
from linyin.organization.web.models import Node
from linyin.platform.actor import who_asks
from linyin.platform.findings import finding_text
from linyin.platform.grants import visible_to
from linyin.platform.parts import Badge, Button, Column, Empty, Row, Table
from linyin.platform.sections import MenuPage, add_page
from linyin.platform.shell import Page, Scope
from linyin.platform.signin import signed_in, takes
from linyin.platform.times import day, day_of_year
from linyin.platform.words import lang, lazy_say, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["PlanForm", "calendar", "calendar_answer", "file", "plan"]

add_page(MenuPage("strategy", "calendar.title", "calendar", "governance.view", 15))


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone as a line of the month list."""

    milestone: Milestone
    name: str
    state: Badge
    left: str
    who: str
    seen: Seen | None
    may_open: bool
    may_finish: bool


@signed_in
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the milestones of an inventory year."""
    actor = _reader(request)
    year, years = _year(actor, Scope.of(request).year)
    Page.of(request).shows(year)
    milestones = list(_asked(actor, year, Scope.of(request).node))
    may_edit = actor.may("governance.edit")
    query = {"year": year} | ({"node": Scope.of(request).node} if Scope.of(request).node else {})
    context: dict[str, Any] = {
        "year": year,
        "years": years,
        "node": Scope.of(request).node,
        "nodes": actor.tree.options(actor.nodes("governance.view"), lang()),
        "plan": Button(say("calendar.plan"), f"{reverse('calendar-plan')}?year={year}", "calendar",
                       "plain" if milestones else "primary") if may_edit else None,
        "new": Button(say("milestones.new"), f"{reverse('milestones-create')}?year={year}", "plus",
                      "primary") if may_edit and milestones else None,
        "file": f"{reverse('calendar-file')}?{'&'.join(f'{k}={v}' for k, v in query.items())}",
    }  # fmt: skip
    context["empty"] = Empty(
        say("calendar.empty", year=year), say("calendar.empty.text"), "calendar", context["plan"]
    )
    if milestones:
        steps = [_step(actor, milestone) for milestone in milestones]
        drawn = draw_timeline([_span(step) for step in steps], localdate())
        context |= {
            "timeline": drawn,
            "timeline_months": [
                (date_format(month, "YEAR_MONTH_FORMAT"), x, width, x + width / 2)
                for month, x, width in drawn.months
            ],
            "months": _by_month(steps),
            "table": _table(steps),
            "counts": _counts(steps),
        }
    return render(request, "governance/calendar.html", context)


def _reader(request: HttpRequest) -> Actor:
    actor = who_asks(request)
    if not actor.may("governance.view"):
        raise PermissionDenied("governance.view")
    return actor


def _year(actor: Actor, asked: int | None) -> tuple[int, list[int]]:
    """Return the year that is asked for, else that of the next due day; and all years there are."""
    seen = visible_to(actor, Milestone, "governance.view")
    years = sorted(set(seen.values_list("year", flat=True)))
    if asked is not None and 1990 <= asked <= 2200:
        return asked, sorted({*years, asked})
    coming = seen.filter(due__gte=localdate()).order_by("due").first()
    if coming is not None:
        return coming.year, years
    return (years[-1] if years else localdate().year), years or [localdate().year]


def _asked(actor: Actor, year: int, node: str) -> QuerySet[Milestone]:
    found = visible_to(actor, Milestone, "governance.view").filter(year=year)
    if node:
        found = found.filter(node__code__in=actor.tree.subtree(node))
    return found.select_related("node", "body", "person").order_by("due", "pk")


def _step(actor: Actor, milestone: Milestone) -> Step:
    standing = standing_of(milestone)
    seen = standing.seen
    language = lang()
    who = [milestone.person.name] if milestone.person else []
    who += [milestone.body.name(language)] if milestone.body else []
    return Step(
        milestone,
        milestone.name(language),
        Badge("milestone", standing.state),
        "" if standing.state == "done" else _left(milestone.due),
        " · ".join([milestone.node.name(language), *who]),
        seen,
        seen is not None and (not seen.permission or actor.may(seen.permission)),
        standing.state != "done" and finish_milestone.is_allowed(actor, milestone),
    )


def _left(due: date) -> str:
    days = days_until(due, localdate())
    if days == 0:
        return say("calendar.today")
    return say("calendar.left", days=days) if days > 0 else say("calendar.late", days=-days)


def _span(step: Step) -> Span:
    milestone = step.milestone
    return Span(
        milestone.begin or milestone.due,
        milestone.due,
        f"{step.name} · {day_of_year(milestone.due)}",
        step.state.value,
        reverse("milestones-record", args=[milestone.pk]),
    )


def _by_month(steps: Iterable[Step]) -> list[tuple[str, list[Step]]]:
    months = groupby(steps, key=lambda step: step.milestone.due.replace(day=1))
    return [(date_format(month, "YEAR_MONTH_FORMAT"), list(found)) for month, found in months]


def _table(steps: Iterable[Step]) -> Table:
    rows = [
        Row(
            [step.name, day(step.milestone.begin) if step.milestone.begin else "",
             day(step.milestone.due), step.who, step.state],
            reverse("milestones-record", args=[step.milestone.pk]),
        )
        for step in steps
    ]  # fmt: skip
    names = ("one", "begin", "due", "who", "state")
    columns = [Column(say(f"milestones.{name}"), is_wide=name in ("one", "who")) for name in names]
    return Table(say("calendar.title"), columns, rows, is_dense=True)


def _counts(steps: Sequence[Step]) -> list[tuple[Badge, int]]:
    states = [step.state.value for step in steps]
    return [
        (Badge("milestone", state), states.count(state))
        for state in ("overdue", "soon", "planned", "done")
        if state in states
    ]


@signed_in
def file(request: HttpRequest) -> HttpResponse:
    """Give the milestones of a year as an iCalendar file."""
    scope = Scope.of(request)
    return calendar_answer(request, _reader(request), scope.year, scope.node)


def calendar_answer(
    request: HttpRequest, actor: Actor, asked: int | None, node: str
) -> HttpResponse:
    """Return the milestones of a year, at a node and below, as an iCalendar file.

    Parameters
    ----------
    request
        Whose address the events lead back to.
    actor
        Who sees them.
    asked
        The year; without one that of the next due day.
    node
        Code of the node, empty for all.

    """
    year, _ = _year(actor, asked)
    language, site = lang(), request.build_absolute_uri("/").rstrip("/")
    events = [
        CalendarEvent(
            uid=f"milestone-{milestone.pk}@{request.get_host().partition(':')[0]}",
            begin=milestone.begin or milestone.due,
            last=milestone.due,
            summary=f"{milestone.name(language)} ({milestone.node.name(language)} {year})",
            description=milestone.note,
            changed_at=milestone.changed_at,
            url=site + reverse("milestones-record", args=[milestone.pk]),
        )
        for milestone in _asked(actor, year, node)
    ]
    text = icalendar(say("calendar.of_year", year=year), events)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="linyin-{year}.ics"'
    return answer


class PlanForm(forms.Form):
    """Whose year is planned."""

    node = forms.ModelChoiceField(Node.objects.none(), label=lazy_say("milestones.node"))
    year = forms.IntegerField(
        label=lazy_say("milestones.year"), min_value=1990, max_value=2200, localize=False
    )
    last_day = forms.DateField(
        label=lazy_say("calendar.last_day"),
        required=False,
        help_text=lazy_say("calendar.last_day.help"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        reach = actor.nodes("governance.edit")
        names = dict(actor.tree.options(reach, lang()))
        field: Any = self.fields["node"]
        field.queryset = Node.objects.filter(code__in=reach, kind__in=("group", "entity"))
        field.label_from_instance = lambda node: names.get(node.code, node.code).strip()


@signed_in
@takes("GET", "POST")
def plan(request: HttpRequest) -> HttpResponse:
    """Make the milestones of a year from the template."""
    actor = who_asks(request)
    if not actor.may("governance.edit"):
        raise PermissionDenied("governance.edit")
    node = (
        Node.objects.filter(code=Scope.of(request).node).first()
        or Node.objects.filter(code__in=actor.nodes("governance.edit"), kind="group").first()
    )
    initial = {"node": node, "year": Scope.of(request).year or localdate().year}
    form = PlanForm(actor, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = plan_year(actor, **form.cleaned_data)
        except BadInput as bad:
            for finding in bad.findings:
                form.add_error("last_day", finding_text(finding))
        else:
            messages.success(request, say("calendar.planned", count=len(made)))
            return redirect(f"{reverse('calendar')}?year={form.cleaned_data['year']}")
    context = {
        "title": say("calendar.plan"),
        "form": form,
        "crumbs": [(say("calendar.title"), reverse("calendar"))],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "governance/plan.html", context, status=status)
