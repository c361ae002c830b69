"""The platform's own routes: who am I, what is there, search, jobs."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Annotated, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import ConfigDict, Field

from linyin.platform.actor import Actor
from linyin.platform.administration import people
from linyin.platform.api.answers import answer, job_out, made_answer
from linyin.platform.api.idempotency import writes
from linyin.platform.api.problems import ApiProblem
from linyin.platform.api.routes import actor_of, routes, routes_of
from linyin.platform.api.schemas import JobOut, row_schema
from linyin.platform.finding import find_records
from linyin.platform.invitations import invite_person
from linyin.platform.models import Job
from linyin.platform.resources import RESOURCES
from linyin.platform.tasks import tasks_of
from linyin.platform.words import say
from linyin.platform.work.people import cancel_job as cancel_work
from linyin.platform.work.people import job_seen_by
from linyin.platform.work.people import repeat_job as repeat_work

__all__ = ["job_of"]

_FOUND_OF_A_RESOURCE = 10


class Me(Schema):
    """Who calls, and what they may do where."""

    name: str
    email: str
    language: str
    token: str | None = Field(description="Name of the token; null in a session.")
    read_only: bool = Field(description="Whether the token may only read.")
    permissions: dict[str, list[str]] = Field(description="Permission → codes of nodes.")


class ResourceOut(Schema):
    """A resource that the caller may see."""

    name: str
    title: str
    about: str
    columns: dict[str, str] = Field(description="Column → what it is, in the caller's language.")
    filters: list[str]
    is_editable: bool
    actions: list[str]
    self: str


class Found(Schema):
    """A record that a search found."""

    resource: str
    id: str
    title: str
    self: str


class FoundPage(Schema):
    """What a search found."""

    items: list[Found]


class Resources(Schema):
    """The resources that the caller may see."""

    items: list[ResourceOut]


class JobPage(Schema):
    """The caller's last jobs."""

    items: list[JobOut]


class TaskOut(Schema):
    """Something that the caller is to do."""

    kind: str
    title: str = Field(description="In the caller's language.")
    detail: str
    due: date | None
    is_overdue: bool
    page: str = Field(description="Address of the page on which it is done.")


class TaskPage(Schema):
    """What waits for the caller."""

    items: list[TaskOut]


class Invited(Schema):
    """Somebody who is to sign in."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$", max_length=254)]
    name: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*\S[^\x00]*$")]
    language: Literal["en", "zh-hans"] = "en"


@routes.get("/me", response=Me, tags=["api"], summary="Who calls")
def me(request: HttpRequest) -> HttpResponse:
    """Tell who calls, and what they may do on which nodes."""
    actor = actor_of(request)
    token, person = getattr(request, "api_token", None), actor.person
    if person is None:
        raise Http404
    return answer(
        {
            "name": person.name,
            "email": person.email,
            "language": person.language,
            "token": token.name if token else None,
            "read_only": bool(token and token.read_only),
            "permissions": {name: sorted(actor.nodes(name)) for name in sorted(actor.permissions)},
        }
    )


@routes.get("/resources", response=Resources, tags=["api"], summary="What is there")
def resources(request: HttpRequest) -> HttpResponse:
    """List the resources that the caller may see."""
    actor = actor_of(request)
    items = [
        {
            "name": r.name,
            "title": say(f"{r.name}.title"),
            "about": say(f"{r.name}.empty"),
            "columns": {c.name: say(f"{r.name}.{c.name}") for c in r.columns},
            "filters": [f.name for f in r.filters],
            "is_editable": r.is_editable and actor.may(r.edit),
            "actions": [a.name.partition(".")[2] for a in r.actions],
            "self": f"/api/v1/{r.name}",
        }
        for r in RESOURCES.values()
        if r.reach(actor)
    ]
    return answer({"items": items})


@routes.get("/search", response=FoundPage, tags=["api"], summary="Search everything")
def search(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00]*$")],
) -> HttpResponse:
    """Find records by words, at most ten of a resource."""
    actor = actor_of(request)
    items = [
        {
            "resource": r.name,
            "id": row["pk"],
            "title": r.titled(row),
            "self": _self(r.name, row["pk"]),
        }
        for r, rows in find_records(actor, q, _FOUND_OF_A_RESOURCE)
        for row in rows
    ]
    return answer({"items": items})


def _self(name: str, key: str) -> str:
    from urllib.parse import quote

    return f"/api/v1/{name}/{quote(key, safe='~')}"


@routes.get("/me/jobs", response=JobPage, tags=["jobs"], summary="The caller's jobs")
def jobs(request: HttpRequest) -> HttpResponse:
    """List the caller's last 100 jobs."""
    mine = Job.objects.filter(person=actor_of(request).person)[:100]
    return answer({"items": [job_out(found) for found in mine]})


@routes.get("/me/tasks", response=TaskPage, tags=["api"], summary="What the caller is to do")
def tasks(request: HttpRequest) -> HttpResponse:
    """List what waits for the caller, the most pressing first."""
    items = [
        {
            "kind": task.kind,
            "title": task.title,
            "detail": task.detail,
            "due": task.due.isoformat() if task.due else None,
            "is_overdue": task.is_overdue,
            "page": task.href,
        }
        for task in tasks_of(actor_of(request))
    ]
    return answer({"items": items})


@routes_of("people").post("", response={201: row_schema(people)}, operation_id="people-create",
                          summary="Invite a person")  # fmt: skip
@writes
def invite(request: HttpRequest, stated: Invited) -> HttpResponse:
    """Make a person; a mail tells them where to choose a password."""
    actor = actor_of(request)
    if not actor.may(invite_person.permission):
        raise ApiProblem(403, "not-permitted")
    made = invite_person(actor, **stated.model_dump())
    return made_answer(people, actor, made.pk)


@routes.get("/jobs/{uuid:key}", response=JobOut, tags=["jobs"], summary="How a job stands",
            url_name="job")  # fmt: skip
def job(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Tell how a job stands: its progress, then its result or what was wrong."""
    return answer(job_out(job_of(actor_of(request), key)))


@routes.post("/jobs/{uuid:key}/cancel", response=JobOut, tags=["jobs"], summary="Cancel a job")
@writes
def cancel_job(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Cancel a job: at once if it waits, at its next step if it runs."""
    actor = actor_of(request)
    found = job_of(actor, key)
    if not cancel_work(actor, found):
        raise ApiProblem(409, "job-over")
    found.refresh_from_db()
    return answer(job_out(found))


@routes.post("/jobs/{uuid:key}/repeat", response=JobOut, tags=["jobs"], summary="Repeat a job")
@writes
def repeat_job(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Let a failed or cancelled job begin anew, with what it has kept."""
    actor = actor_of(request)
    found = job_of(actor, key)
    if not repeat_work(actor, found):
        raise ApiProblem(409, "job-not-over")
    found.refresh_from_db()
    return answer(job_out(found))


def job_of(actor: Actor, key: uuid.UUID) -> Job:
    """Return a job that the actor may see: their own, or one of a node whose jobs they see.

    Raises
    ------
    Http404
        If there is none.

    """
    found = job_seen_by(actor, key)
    if found is None:
        raise Http404
    return found
