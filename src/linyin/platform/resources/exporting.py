"""Long lists as files: written by a job, so nobody waits before a page that does not answer."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, QueryDict
from django.urls import reverse

from linyin.platform.actor import who_asks
from linyin.platform.jobs import enqueue, job
from linyin.platform.jobs_pages import ASKERS_OWN, RESULTS
from linyin.platform.models import Job
from linyin.platform.resources.asked import query_of
from linyin.platform.resources.files import FILE_KINDS, write_rows
from linyin.platform.resources.resource import RESOURCES
from linyin.platform.signin import signed_in

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.jobs import JobContext
    from linyin.platform.resources.resource import Resource
    from linyin.platform.resources.source import Query, Row

__all__ = ["export_file", "forget_exports", "has_many_rows", "request_export", "write_export"]

MANY_ROWS: Final = 10_000
"""Lists with more rows than this are written by a job."""
_KIND: Final = "export"
_ROWS_A_STEP: Final = 1000


def has_many_rows(resource: Resource, nodes: Collection[str], query: Query) -> bool:
    """Whether a list is so long that a job writes its file."""
    return resource.rows.count(nodes, query, MANY_ROWS + 1) > MANY_ROWS


def request_export(actor: Actor, resource: Resource, asked: QueryDict, kind: str) -> Job:
    """Ask for the rows of a list, as they are filtered and ordered, as a file."""
    arguments = {"resource": resource.name, "asked": asked.urlencode(), "kind": kind}
    return enqueue(actor, _KIND, arguments)


@job(_KIND)
def write_export(context: JobContext, *, resource: str, asked: str, kind: str) -> dict[str, Any]:
    """Write what its asker may see when it is written; half a file never is."""
    actor, listed = context.actor, RESOURCES[resource]
    query = query_of(QueryDict(asked), listed.filters, actor.tree)
    nodes = listed.reach(actor)
    context.step("count")
    total = listed.rows.count(nodes, query, 10**9)
    file = _file(context.job.pk, kind)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    try:
        write_rows(part, listed, _told(context, listed.rows.every(nodes, query), total), kind)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return {"rows": total}


def _told(context: JobContext, rows: Iterable[Row], total: int) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number % _ROWS_A_STEP == 0:
            context.step("rows", number, max(number, total))
        yield row


def _file(key: UUID, kind: str) -> Path:
    return _folder() / f"{key}.{kind}"


def _folder() -> Path:
    return Path(settings.WORKSPACE.derived) / "exports"


def _address(done: Job) -> str:
    return reverse("export-file", args=[done.pk])


RESULTS[_KIND] = _address
ASKERS_OWN.add(_KIND)


@signed_in
def export_file(request: HttpRequest, key: UUID) -> FileResponse:
    """Give the file that a job has written to whoever asked for it, and to nobody else.

    What the asker may see is in it; whoever looks after jobs may see less.
    """
    actor = who_asks(request)
    done = Job.objects.filter(pk=key, kind=_KIND, state="done", person=actor.person).first()
    if done is None or actor.person is None:
        raise Http404
    kind, listed = done.arguments["kind"], RESOURCES[done.arguments["resource"]]
    file = _file(key, kind)
    if not listed.reach(actor) or not file.exists():
        raise Http404
    name = f"{listed.name}.{kind}"
    return FileResponse(
        file.open("rb"), as_attachment=True, filename=name, content_type=FILE_KINDS[kind]
    )


def forget_exports(age: timedelta) -> int:
    """Remove files older than that; asked for again they are written anew."""
    before, gone = time.time() - age.total_seconds(), 0
    for file in _folder().glob("*"):
        if file.stat().st_mtime < before:
            file.unlink(missing_ok=True)
            gone += 1
    return gone
