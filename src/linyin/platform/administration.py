"""The platform's own resources: people, grants, audit trail, jobs, documents."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.timezone import localdate

from linyin.lake import Finding, Where
from linyin.platform.audit_record import records_called, told
from linyin.platform.grants import people_who_may
from linyin.platform.history import done_of, subject_of
from linyin.platform.invitations import invite_again
from linyin.platform.models import AuditEvent, Document, Grant, Job, Person
from linyin.platform.parts import Link
from linyin.platform.people import activate_person, deactivate_person
from linyin.platform.reasons import reason_said
from linyin.platform.resources import Column, Filter, RecordPart, Resource
from linyin.platform.roles import roles
from linyin.platform.words import lang, say
from linyin.platform.work.steps import step_called

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["audit", "documents", "grants", "jobs", "people"]

people = Resource(
    name="people",
    section="home",
    model=Person,
    columns=[
        Column("name"),
        Column("email", "code"),
        Column("language", "choice"),
        Column("is_active", "flag"),
        Column("joined_at", "time"),
        Column("last_login", "time"),
    ],
    view="people.view",
    filters=[Filter("language")],
    search=["name", "email"],
    order="name",
    actions=[invite_again, deactivate_person, activate_person],
    offers={
        invite_again.name: lambda person: not person.has_usable_password(),
        deactivate_person.name: lambda person: person.is_active,
        activate_person.name: lambda person: not person.is_active,
    },
    new="people-invite",
    new_permission="people.manage",
    rank=60,
    group="administration",
)


def _called(role: str) -> str:
    """Return what a role is called in the reader's language."""
    return roles()[role].names[lang()] if role in roles() else role


def _to_oneself(actor: Actor, grant: Grant) -> Iterator[Finding]:
    """Refuse a grant to oneself where somebody else could give it."""
    if actor.person is None or grant.person_id != actor.person.pk:
        return
    able = people_who_may("people.manage", grant.node.code, actor.tree)
    others = [person.name for person in able if person != actor.person]
    if others:
        fields = {"others": ", ".join(others[:3])}
        yield Finding("grant-to-oneself", "error", Where(column="person"), fields)


grants = Resource(
    name="grants",
    section="home",
    model=Grant,
    columns=[
        Column("person", "text", "person__name"),
        Column("email", "code", "person__email"),
        Column("role", "choice", says=_called),
        Column("node", "node", "node__code"),
        Column("subtree", "flag"),
        Column("changed_at", "time", listed=False),
    ],
    view="people.view",
    edit="people.manage",
    filters=[
        Filter("node", "node", "node__code"),
        Filter("role", choices=lambda: list(roles())),
    ],
    search=["person__name", "person__email", "node__code"],
    order="person",
    fields=["person", "role", "node", "subtree"],
    check_actor=_to_oneself,
    sight_day=lambda _: localdate(),
    not_imported="each decides who sees what, so who gains and loses sight is looked at first",
    title="person",
    rank=61,
    group="administration",
)
audit = Resource(
    name="audit",
    section="home",
    model=AuditEvent,
    columns=[
        Column("number", "integer"),
        Column("at", "time"),
        Column("who"),
        Column("channel", "choice"),
        Column("action", "choice", says=done_of),
        Column("subject", "choice", says=subject_of),
        Column("key", "code", rows_say=records_called),
        Column("node", "node"),
        Column("reason", says=reason_said),
        Column("before", listed=False, sortable=False, shown=False),
        Column("after", listed=False, sortable=False, shown=False),
        Column("hash", "code", listed=False),
    ],
    view="audit.view",
    filters=[
        Filter("channel"),
        Filter("action"),
        Filter("since", "since", "at__date"),
        Filter("until", "until", "at__date"),
    ],
    search=["who", "action", "key", "reason"],
    order="-number",
    title="action",
    parts=told,
    rank=80,
    group="administration",
)
jobs = Resource(
    name="jobs",
    section="home",
    model=Job,
    columns=[
        Column("kind", "choice"),
        Column("state", "choice", badge="status"),
        Column("person", "text", "person__name"),
        Column("node", "node"),
        Column("step", "choice", says=step_called),
        Column("made_at", "time"),
        Column("ended_at", "time"),
        Column("attempt", "integer"),
    ],
    view="jobs.view",
    filters=[Filter("kind"), Filter("state")],
    search=["kind", "person__name"],
    order="-made_at",
    title="kind",
    rank=70,
    group="administration",
)


def _kind_called(media_type: str) -> str:
    """Return what a kind of file is called: its ending, such as PDF."""
    ending = mimetypes.guess_extension(media_type) or media_type
    return ending.removeprefix(".").upper()


def _file_of(document: Document) -> RecordPart:
    """Return the way to the bytes of a document."""
    file = Link(document.name, reverse("documents-open", args=[document.sha256]))
    return RecordPart(say("documents.file"), file)


documents = Resource(
    name="documents",
    section="inventory",
    model=Document,
    columns=[
        Column("name"),
        Column("node", "node", "node__code"),
        Column("media_type", "code", says=_kind_called),
        Column("size", "integer", says=filesizeformat),
        Column("person", "text", "person__name"),
        Column("at", "time"),
        Column("sha256", "code", listed=False),
    ],
    view="documents.view",
    parts=lambda _, document: [_file_of(document)],
    filters=[Filter("node", "node", "node__code"), Filter("media_type")],
    search=["name", "sha256"],
    order="-at",
    title="name",
    rank=45,
    group="activities",
)
