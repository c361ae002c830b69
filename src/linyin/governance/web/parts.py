"""What the pages of records show beside their facts: members, duties, decisions, standing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import localdate

from linyin.governance.web.about import about_link
from linyin.governance.web.models import Body, Decision, Duty, DutyPart, Member, Milestone
from linyin.governance.web.watching import standing_of
from linyin.platform.grants import visible_to
from linyin.platform.parts import Badge, Button, Column, Empty, Link, Part, Row, Table
from linyin.platform.resources import RecordPart
from linyin.platform.times import day
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = [
    "body_parts",
    "decision_parts",
    "decision_table",
    "duty_parts",
    "milestone_parts",
]

SHOWN: int = 10


def body_parts(actor: Actor, body: Body) -> Iterator[RecordPart]:
    """Yield who sits on a body, what it does, and what it decided last."""
    may_edit = actor.may("governance.edit", body.node.code)
    of_body = urlencode({"body": body.code})
    add = Button(say("members.new"), f"{reverse('members-create')}?body={body.pk}", "plus")
    yield RecordPart(
        say("members.title"),
        _member_table(body.members.select_related("person")),
        f"{reverse('members-list')}?{of_body}",
        add if may_edit else None,
    )
    rows = [
        Row([part.duty.name(lang()), say(f"duty-parts.part.{part.part}")],
            reverse("duties-record", args=[part.duty_id]))
        for part in body.parts.select_related("duty")
    ]  # fmt: skip
    yield RecordPart(
        say("duties.title"),
        Table(say("duties.title"), [Column(say("duties.one"), is_wide=True),
              Column(say("duty-parts.part"))], rows, empty=_empty("bodies.no_duties")),
        f"{reverse('duty-parts-list')}?{of_body}",
    )  # fmt: skip
    yield RecordPart(
        say("decisions.title"),
        decision_table(body.decisions.all()[:SHOWN]),
        f"{reverse('decisions-list')}?{of_body}",
    )


def _member_table(members: Iterable[Member]) -> Table:
    today = localdate()
    shown = sorted(members, key=lambda m: (_is_past(m, today), Member.ROLES.index(m.role)))
    rows = [
        Row(
            [
                Link(member.called, hint=member.position),
                say(f"members.role.{member.role}"),
                member.measured_by,
                term_of(member.begin, member.end),
            ],
            reverse("members-record", args=[member.pk]),
        )
        for member in shown
    ]
    columns = [
        Column(say("members.name"), is_wide=True),
        Column(say("members.role")),
        Column(say("members.measured_by"), is_wide=True, is_minor=True),
        Column(say("members.term")),
    ]
    return Table(say("members.title"), columns, rows, empty=_empty("members.empty"))


def _is_past(member: Member, today: date) -> bool:
    return member.end is not None and member.end <= today


def term_of(begin: date | None, end: date | None) -> str:
    """Return a term in words: its last day is the one before its end."""
    first = day(begin) if begin is not None else ""
    last = day(date.fromordinal(end.toordinal() - 1)) if end is not None else ""
    if not last:
        return say("members.since", begin=first) if first else ""
    return f"{first} – {last}" if first else say("members.until", last=last)


def duty_parts(actor: Actor, duty: Duty) -> Iterator[RecordPart]:
    """Yield which bodies have a part in a duty."""
    found = visible_to(actor, DutyPart, "governance.view").filter(duty=duty)
    rows = [
        Row([one.body.name(lang()), say(f"duty-parts.part.{one.part}")],
            reverse("duty-parts-record", args=[one.pk]))
        for one in found.select_related("body")
    ]  # fmt: skip
    columns = [Column(say("duty-parts.body"), is_wide=True), Column(say("duty-parts.part"))]
    href = f"{reverse('duty-parts-create')}?duty={duty.pk}"
    may_edit = actor.may("governance.edit", duty.node.code)
    button = Button(say("duty-parts.new"), href, "plus") if may_edit else None
    table = Table(say("duty-parts.title"), columns, rows, empty=_empty("duty-parts.empty"))
    yield RecordPart(say("duty-parts.title"), table, button=button)


def decision_table(decisions: Iterable[Decision]) -> Table:
    """Return decisions as a table: number, day, what, what came of it."""
    rows = [
        Row(
            [
                decision.number,
                Link(decision.heading, hint=decision.body.name(lang())),
                day(decision.decided_on),
                Badge("result", "corrected" if _correction(decision) else decision.result),
            ],
            reverse("decisions-record", args=[decision.pk]),
        )
        for decision in decisions
    ]
    columns = [
        Column(say("decisions.number")),
        Column(say("decisions.one"), is_wide=True),
        Column(say("decisions.decided_on"), is_minor=True),
        Column(say("decisions.result")),
    ]
    return Table(say("decisions.title"), columns, rows, empty=_empty("decisions.empty"))


def decision_parts(actor: Actor, decision: Decision) -> Iterator[RecordPart]:
    """Yield what a decision is about, what it corrects and what corrects it, its documents."""
    rows: list[Row] = []
    if decision.about:
        rows.append(Row([say("decisions.about"), about_link(actor, decision.about)]))
    if decision.corrects is not None:
        rows.append(Row([say("decisions.corrects"), _way_to(decision.corrects)]))
    correction = _correction(decision)
    if correction is not None:
        rows.append(Row([say("decisions.corrected_by"), _way_to(correction)], tone="warning"))
    may_open = actor.nodes("documents.view")
    for document in decision.documents.select_related("node"):
        is_seen = document.node.code in may_open
        href = reverse("documents-open", args=[document.sha256]) if is_seen else ""
        rows.append(Row([say("decisions.document"), Link(document.name, href)]))
    columns = [Column(say("decisions.kind")), Column(say("decisions.what"), is_wide=True)]
    title = say("decisions.belongs")
    yield RecordPart(title, Table(title, columns, rows, empty=_empty("decisions.alone")))


def _correction(decision: Decision) -> Decision | None:
    found: Any = getattr(decision, "corrected_by", None)
    return found if isinstance(found, Decision) else None


def _way_to(decision: Decision) -> Part:
    return Link(str(decision), reverse("decisions-record", args=[decision.pk]))


def milestone_parts(actor: Actor, milestone: Milestone) -> Iterator[RecordPart]:
    """Yield how a milestone stands, and what of its work is seen."""
    standing = standing_of(milestone)
    seen = standing.seen
    rows = [Row([say("milestones.state"), Badge("milestone", standing.state)])]
    if seen is not None:
        may_open = not seen.permission or actor.may(seen.permission, milestone.node.code)
        counted = say("milestones.seen", done=seen.done, of=seen.of)
        rows.append(Row([seen.label, Link(counted, seen.href if may_open else "")]))
    columns = [Column(say("decisions.kind")), Column(say("decisions.what"), is_wide=True)]
    title = say("milestones.standing")
    yield RecordPart(title, Table(title, columns, rows))


def _empty(key: str) -> Empty:
    return Empty(say(key), icon="users" if key.startswith("members") else "list-check")
