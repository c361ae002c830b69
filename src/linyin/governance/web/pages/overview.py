"""Governance at a glance: the bodies as a picture, what was decided, what is due, who does what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate

from linyin.governance import Unit, draw_across, draw_down
from linyin.governance.web.models import Body, Decision, Duty, DutyPart, Member, Milestone
from linyin.governance.web.parts import decision_table
from linyin.governance.web.watching import standing_of
from linyin.platform.actor import who_asks
from linyin.platform.grants import visible_to
from linyin.platform.parts import Badge, Button, Column, Empty, Link, Row, Table
from linyin.platform.sections import MenuPage, add_page
from linyin.platform.shell import Scope
from linyin.platform.signin import signed_in
from linyin.platform.times import day
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["duty_table", "overview", "units_of"]

DECISIONS: int = 6
MILESTONES: int = 5
add_page(
    MenuPage("strategy", "governance.title", "governance", "governance.view", 10, "governance")
)


@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Show the bodies in reach, or those of the page's node, below it and above."""
    actor = who_asks(request)
    codes = actor.nodes("governance.view")
    if not codes:
        raise PermissionDenied("governance.view")
    node = Scope.of(request).node
    if node:
        codes = codes & (actor.tree.subtree(node) | set(actor.tree.path_to(node)))
    today = localdate()
    bodies = [
        body
        for body in visible_to(actor, Body, "governance.view")
        .filter(node__code__in=codes)
        .select_related("parent", "node")
        .order_by(F("begin").asc(nulls_first=True), "pk")
        if body.end is None or body.end > today
    ]
    may_edit = actor.may("governance.edit")
    context = {
        "bodies": bodies,
        "table": _body_table(bodies),
        "duties": duty_table(actor, bodies),
        "decisions": decision_table(
            visible_to(actor, Decision, "governance.view")
            .filter(body__in=bodies)
            .select_related("body", "corrected_by")[:DECISIONS]
        ),
        "next": _next(actor, codes),
        "may_edit": may_edit,
        "record": Button(say("decisions.new"), reverse("decisions-new"), "rubber-stamp", "primary")
        if may_edit and bodies
        else None,
        "empty": Empty(
            say("governance.empty"),
            say("governance.empty.text"),
            "users",
            Button(say("bodies.new"), reverse("bodies-create"), "plus", "primary")
            if may_edit
            else None,
        ),
    }
    if bodies:
        units = units_of(bodies)
        context["drawings"] = [("across", draw_across(units)), ("down", draw_down(units))]
    return render(request, "governance/overview.html", context)


def units_of(bodies: Sequence[Body]) -> list[Unit]:
    """Return bodies as boxes of the picture: name, kind, who leads it and how many sit on it."""
    today, language = localdate(), lang()
    seated: dict[int, list[Member]] = {}
    members = Member.objects.filter(body__in=bodies).select_related("person")
    for member in members:
        begun = member.begin is None or member.begin <= today
        if begun and (member.end is None or member.end > today):
            seated.setdefault(member.body_id, []).append(member)
    units = []
    for body in bodies:
        here = seated.get(body.pk, [])
        lead = next((member.called for member in here if member.role == "chair"), "")
        counted = say("bodies.seats", count=len(here)) if here else ""
        units.append(
            Unit(
                str(body.pk),
                str(body.parent_id or ""),
                body.name(language),
                " · ".join(filter(None, (say(f"bodies.kind.{body.kind}"), counted))),
                lead,
                body.kind,
                reverse("bodies-record", args=[body.pk]),
            )
        )
    return units


def _body_table(bodies: Sequence[Body]) -> Table:
    language = lang()
    seats = {unit.key: unit for unit in units_of(bodies)}
    rows = [
        Row(
            [
                body.name(language),
                seats[str(body.pk)].kind,
                body.parent.name(language) if body.parent else "",
                seats[str(body.pk)].detail,
                body.meets,
                body.node.name(language),
            ],
            reverse("bodies-record", args=[body.pk]),
        )
        for body in bodies
    ]
    names = ("one", "kind", "parent", "seats.head", "meets", "node")
    columns = [Column(say(f"bodies.{name}"), is_wide=name == "one") for name in names]
    return Table(say("governance.picture"), columns, rows, is_dense=True)


def duty_table(actor: Actor, bodies: Sequence[Body]) -> Table:
    """Return the duties down, the bodies across, and the part of each body in each duty."""
    language = lang()
    parts: dict[int, dict[int, str]] = {}
    for part in DutyPart.objects.filter(body__in=bodies):
        parts.setdefault(part.duty_id, {})[part.body_id] = part.part
    duties = visible_to(actor, Duty, "governance.view").filter(pk__in=parts)
    across = [body for body in bodies if any(body.pk in of for of in parts.values())]
    rows = [
        Row(
            [
                duty.name(language),
                *(_part(parts[duty.pk].get(body.pk)) for body in across),
            ],
            reverse("duties-record", args=[duty.pk]),
        )
        for duty in duties
    ]
    columns = [
        Column(say("duties.one"), is_wide=True),
        *(Column(body.name(language)) for body in across),
    ]
    empty = Empty(say("duties.title"), say("duties.empty"), "list-check")
    return Table(say("governance.duties"), columns, rows, empty=empty, is_dense=True)


def _part(part: str | None) -> Badge | None:
    return Badge("duty", part) if part is not None else None


def _next(actor: Actor, codes: Iterable[str]) -> Table:
    open_ = (
        visible_to(actor, Milestone, "governance.view")
        .filter(node__code__in=codes, done_on=None)
        .select_related("node", "body")
    )
    standings = [(milestone, standing_of(milestone)) for milestone in open_]
    waiting = [pair for pair in standings if pair[1].state != "done"][:MILESTONES]
    rows = [
        Row(
            [
                Link(
                    milestone.name(lang()),
                    hint=f"{day(milestone.due)} · {milestone.node.name(lang())} {milestone.year}",
                ),
                Badge("milestone", standing.state),
            ],
            reverse("milestones-record", args=[milestone.pk]),
        )
        for milestone, standing in waiting
    ]
    columns = [
        Column(say("milestones.one"), is_wide=True),
        Column(say("milestones.state")),
    ]
    empty = Empty(say("calendar.nothing"), icon="calendar")
    return Table(say("governance.next"), columns, rows, empty=empty, is_dense=True)
