"""What must hold of a record of governance before it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.db.models import Q

from linyin.governance.web.models import DutyPart, Member
from linyin.lake import Finding, Where

if TYPE_CHECKING:
    from linyin.governance.web.models import Body, Duty, Milestone

__all__ = ["check_body", "check_duty", "check_member", "check_milestone", "check_part"]


def check_body(body: Body) -> Iterator[Finding]:
    """Check that it has a name, a term with a day, and does not stand under itself."""
    yield from _named(body, "body-without-name")
    yield from _term(body)
    above, seen = body.parent, {body.code}
    while above is not None:
        if above.code in seen:
            yield Finding("body-loop", "error", Where(column="parent"), {"body": str(above)})
            return
        seen.add(above.code)
        above = above.parent


def check_member(member: Member) -> Iterator[Finding]:
    """Check that it is somebody, once at a time; people of the workspace go by their names."""
    if member.person is not None and not member.name:
        member.name = member.person.name
    if not member.name:
        yield Finding("member-nobody", "error", Where(column="name"))
    yield from _term(member)
    same = Q(person=member.person) if member.person is not None else Q(name=member.name)
    others = Member.objects.filter(same, body=member.body).exclude(pk=member.pk)
    if member.end is not None:
        others = others.filter(Q(begin=None) | Q(begin__lt=member.end))
    if member.begin is not None:
        others = others.filter(Q(end=None) | Q(end__gt=member.begin))
    if others.exists():
        fields = {"name": member.name, "body": str(member.body)}
        yield Finding("member-twice", "error", Where(column="begin"), fields)


def check_duty(duty: Duty) -> Iterator[Finding]:
    """Check that it has a name."""
    yield from _named(duty, "duty-without-name")


def check_part(part: DutyPart) -> Iterator[Finding]:
    """One body at most is accountable."""
    if part.part != "accountable":
        return
    others = DutyPart.objects.filter(duty=part.duty, part="accountable").exclude(pk=part.pk)
    for other in others.select_related("body"):
        fields = {"duty": str(part.duty), "body": str(other.body)}
        yield Finding("duty-accountable-twice", "error", Where(column="part"), fields)


def check_milestone(milestone: Milestone) -> Iterable[Finding]:
    """Check that it begins before it is due; one of no kind has a name."""
    if milestone.begin is not None and milestone.begin > milestone.due:
        yield Finding("milestone-begins-late", "error", Where(column="begin"))
    if milestone.kind == "other":
        yield from _named(milestone, "milestone-without-name")


def _named(record: Body | Duty | Milestone, code: str) -> Iterator[Finding]:
    if not (record.name_en or record.name_zh):
        yield Finding(code, "error", Where(column="name_en"))


def _term(record: Body | Member) -> Iterator[Finding]:
    if record.begin is not None and record.end is not None and record.end <= record.begin:
        yield Finding("term-empty", "error", Where(column="end"))
