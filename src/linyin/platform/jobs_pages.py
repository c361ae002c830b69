"""The page of a job: how it stands, what it made, how it is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from linyin.lake import Finding
from linyin.platform.actor import who_asks
from linyin.platform.findings import called
from linyin.platform.looking import finding_part
from linyin.platform.models import Job
from linyin.platform.parts import Notice, Progress
from linyin.platform.signin import signed_in, takes
from linyin.platform.times import moment
from linyin.platform.words import enumerated, say, words
from linyin.platform.work.people import cancel_job, job_seen_by, may_manage, repeat_job
from linyin.platform.work.steps import step_called

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from linyin.lake import Where
    from linyin.platform.actor import Actor
    from linyin.platform.parts import Part

__all__ = ["ASKERS_OWN", "PLACES", "RESULTS", "cancel_view", "job_state", "record", "repeat_view"]

# Kind of a job → (result, job) → where what it made opens; rooms add theirs.
RESULTS: Final[dict[str, Callable[[Job], str]]] = {}
# Kinds whose result is for whoever asked for it, and for nobody who looks after jobs.
ASKERS_OWN: Final[set[str]] = set()
# Kind of a job → what tells where the places open at which it found faults; rooms add theirs.
PLACES: Final[dict[str, Callable[[Actor, Sequence[Where]], Mapping[Where, str]]]] = {}


def _job(request: HttpRequest, key: UUID) -> Job:
    job = job_seen_by(who_asks(request), key)
    if job is None:
        raise Http404
    return job


def progress_of(job: Job, actor: Actor) -> Progress:
    """Return how a job stands, to somebody."""
    opens = _result(job, actor)
    return Progress(
        title=_title(job),
        state=job.state,
        step=step_called(job.step),
        done=job.done,
        total=job.total,
        message=say(f"job.{job.state}.help") if job.is_over else "",
        poll_url=reverse("jobs-state", args=[job.pk]),
        cancel_url=reverse("jobs-cancel", args=[job.pk]),
        href=opens,
        link_label=say("job.open") if opens else "",
    )


def _title(job: Job) -> str:
    key = f"jobs.kind.{job.kind}"
    kind = say(key) if key in words() else job.kind
    years = enumerated(job.arguments.get("years", ()))
    return " · ".join(filter(None, [kind, job.node and called("node")(job.node), years]))


def _result(job: Job, actor: Actor) -> str:
    made = RESULTS.get(job.kind)
    if made is None or job.state != "done" or not job.result:
        return ""
    if job.kind in ASKERS_OWN and (actor.person is None or job.person_id != actor.person.pk):
        return ""
    try:
        return made(job)
    except (NoReverseMatch, KeyError, IndexError):
        return ""


@signed_in
def record(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show a job; the page may be closed and opened again."""
    job = _job(request, key)
    return render(request, "platform/job.html", _context(who_asks(request), job))


@signed_in
def job_state(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show how a job stands, for a page that follows it; when it is over the page is read anew."""
    job = _job(request, key)
    answer = HttpResponse(str(progress_of(job, who_asks(request))))
    if job.is_over:
        answer["HX-Refresh"] = "true"
    return answer


@signed_in
@takes("POST")
def cancel_view(request: HttpRequest, key: UUID) -> HttpResponse:
    """Cancel a job of one's own, or one that one may manage."""
    job = _job(request, key)
    cancel_job(who_asks(request), job)
    job.refresh_from_db()
    if request.headers.get("HX-Request"):
        return HttpResponse(str(progress_of(job, who_asks(request))))
    return redirect("jobs-record", key=key)


@signed_in
@takes("POST")
def repeat_view(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let a failed or cancelled job begin anew."""
    repeat_job(who_asks(request), _job(request, key))
    return redirect("jobs-record", key=key)


def _context(actor: Actor, job: Job) -> dict[str, Any]:
    sees_all = actor.may("jobs.view")
    above = (say("jobs.title"), reverse("jobs-list"))
    return {
        "job": job,
        "title": _title(job),
        "crumbs": [above if sees_all else (say("section.home"), reverse("home"))],
        "progress": progress_of(job, actor),
        "notices": _faults(actor, job),
        "lines": job.lines.all()[:200],
        "may_repeat": job.state in ("failed", "cancelled") and may_manage(actor, job),
        "facts": [
            (say("jobs.person"), str(job.person or "–")),
            (say("jobs.made_at"), moment(job.made_at)),
            (say("jobs.attempt"), str(job.attempt)),
        ],
    }


def _faults(actor: Actor, job: Job) -> list[Part]:
    """Return what went wrong, each fault with its row; a program's own says where its log is."""
    if job.state != "failed" or not job.error:
        return []
    found = [Finding.from_dict(row) for row in job.error.get("findings", ())]
    if not found:
        return [Notice(say("job.broken", job=job.pk), tone="bad")]
    opens = PLACES[job.kind](actor, [one.at for one in found]) if job.kind in PLACES else {}
    return [finding_part(one, status="", href=opens.get(one.at, "")) for one in found]
