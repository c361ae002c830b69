"""Answers of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse

from linyin.lake import Finding
from linyin.platform.api.problems import findings_out
from linyin.platform.api.values import json_row

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.models import Job
    from linyin.platform.resources.resource import Resource

__all__ = ["answer", "job_answer", "job_out", "made_answer", "row_answer"]


def answer(body: Any = None, status: int = 200, *, location: str = "") -> HttpResponse:
    """Return a body as JSON, or nothing with status 204."""
    if status == 204:
        return HttpResponse(status=204)
    response = JsonResponse(body, status=status, safe=False)
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    if location:
        response["Location"] = location
    return response


def made_answer(resource: Resource, actor: Actor, key: object) -> HttpResponse:
    """Return a record that was made, as its resource gives it, and where it is."""
    row = resource.row(actor, str(key))
    place = f"/api/v1/{resource.name}/{quote(str(key), safe='~')}"
    return answer(json_row(resource, row) if row else None, 201, location=place)


def row_answer(resource: Resource, actor: Actor, key: object) -> HttpResponse:
    """Return a record as its resource gives it now."""
    row = resource.row(actor, str(key))
    if row is None:
        raise Http404
    return answer(json_row(resource, row))


def job_answer(job: Job) -> HttpResponse:
    """Return that work was accepted, and where to ask how it stands."""
    return answer(job_out(job), 202, location=job_address(job))


def job_address(job: Job) -> str:
    """Return where the API tells how a job stands."""
    return reverse("api:job", args=[str(job.pk)])


def job_out(job: Job) -> dict[str, Any]:
    """Return a job as the API gives it."""
    stamps = {n: getattr(job, n) for n in ("made_at", "began_at", "ended_at")}
    listed = (job.error or {}).get("findings", [])
    return {
        "id": str(job.pk),
        "kind": job.kind,
        "state": job.state,
        "step": job.step,
        "done": job.done,
        "total": job.total,
        "is_cancel_asked": job.is_cancel_asked,
        "result": job.result,
        "findings": findings_out(Finding.from_dict(found) for found in listed),
        "self": job_address(job),
    } | {name: at.isoformat() if at else None for name, at in stamps.items()}
