"""The home of who runs the machine: worker, disk, backups, jobs that failed, the audit trail."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

from linyin.platform.audit import BACKUP
from linyin.platform.home import Home, home_of
from linyin.platform.models import AuditEvent, AuditHead, Grant, Job, Person
from linyin.platform.parts import (
    Badge,
    Chart,
    Column,
    Empty,
    Figure,
    Figures,
    Link,
    Row,
    Table,
    stacked_bars,
)
from linyin.platform.parts.bars import BAD, GOOD
from linyin.platform.shell import Page
from linyin.platform.tasks import Task, add_tasks
from linyin.platform.times import day_of_year, moment
from linyin.platform.words import say, words
from linyin.platform.work.beat import worker_seen_at

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["machine_home", "machine_tasks"]

_WORKER_LOST: Final = timedelta(seconds=30)
_BACKUP_OLD: Final = timedelta(days=2)
_RECENT: Final = timedelta(days=7)
_DISK_SHORT: Final = 0.1
_SHOWN: Final = 8
_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class _Check:
    """How one part of the machine is: its state, its figure, what is known of it."""

    name: str
    state: str
    value: str
    unit: str
    told: str
    href: str = ""

    @property
    def row(self) -> Row:
        """Itself as a row."""
        tone = "" if self.state == "good" else self.state
        cells = [Link(say(f"machine.{self.name}")), Badge("health", self.state), self.told]
        return Row(cells, self.href, tone)  # type: ignore[arg-type]

    @property
    def figure(self) -> Figure:
        """Itself as a figure."""
        label = say(f"machine.{self.name}")
        value, unit = (self.value, self.unit) if self.value else (say("machine.never"), "")
        when = say("machine.now") if self.value else ""
        return Figure(label, value, unit, when, "", href=self.href)


@home_of("administrator")
def machine_home(page: Page) -> Home:
    """Show whether the machine is well, how its jobs went, and which failed lately."""
    del page
    failed = Job.objects.filter(state="failed", ended_at__gte=timezone.now() - _RECENT)
    checks = [_worker(), _disk(), _backup(), _failed(failed.count()), _audit()]
    well = sum(check.state == "good" for check in checks)
    headline = Figure(
        say("machine.well"), f"{well} / {len(checks)}", say("machine.checks"), say("machine.now"),
        "", is_headline=True, note=say("machine.well.not") if well < len(checks) else "",
    )  # fmt: skip
    columns = [
        Column(say("machine.what")),
        Column(say("jobs.state")),
        Column(say("machine.told"), is_wide=True),
    ]
    table = Table(say("machine.title"), columns, [check.row for check in checks])
    people = Person.objects.filter(is_active=True).count()
    return Home(
        figures=Figures([headline, *(check.figure for check in checks[:4])]),
        main=_jobs_a_day(),
        trust=[
            (say("machine.audit"), Link(_events(checks[-1].value), checks[-1].href)),
            (say("machine.people"), Link(f"{people:,}", reverse("people-list"))),
            (say("machine.grants"), Link(f"{Grant.objects.count():,}", reverse("grants-list"))),
        ],
        below=[(table.caption, table), (say("machine.failed.jobs"), _jobs(failed))],
    )


def _worker() -> _Check:
    seen = worker_seen_at()
    age = timezone.now() - seen if seen is not None else None
    state = "good" if age is not None and age <= _WORKER_LOST else "bad"
    value = f"{age.total_seconds():,.0f}" if age is not None else ""
    return _Check("worker", state, value, say("machine.seconds"), _when(seen), reverse("jobs-list"))


def _disk() -> _Check:
    disk = shutil.disk_usage(settings.WORKSPACE.root)
    told = say("machine.disk.free", free=_gigabytes(disk.free), total=_gigabytes(disk.total))
    state = "good" if disk.free > _DISK_SHORT * disk.total else "bad"
    return _Check("disk", state, f"{disk.free / 1e9:,.0f}", say("machine.gigabytes"), told)


def _backup() -> _Check:
    last = AuditEvent.objects.filter(action=BACKUP).order_by("-number").first()
    age = timezone.now() - last.at if last is not None else None
    state = "good" if age is not None and age <= _BACKUP_OLD else "warning"
    value = f"{age.total_seconds() / 3600:,.0f}" if age is not None else ""
    told = _when(last.at if last else None)
    return _Check("backup", state, value, say("machine.hours"), told)


def _failed(count: int) -> _Check:
    href = f"{reverse('jobs-list')}?state=failed"
    state = "warning" if count else "good"
    return _Check("failed", state, f"{count:,}", say("machine.week"), f"{count:,}", href)


def _audit() -> _Check:
    head = AuditHead.objects.first()
    checked = Job.objects.filter(kind="verify-audit", state="done").order_by("-ended_at").first()
    faults = checked.result["faults"] if checked and checked.result else 0
    number = f"{head.number if head else 0:,}"
    when = (
        say("machine.audit.checked", when=_when(checked.ended_at))
        if checked
        else say("machine.audit.unchecked")
    )
    state = "bad" if faults else "good" if checked else "warning"
    told = f"{_events(number)} · {when}"
    return _Check("audit", state, number, "", told, reverse("audit-list"))


def _events(number: str) -> str:
    return say("trust.audit.events", number=number)


def _jobs_a_day() -> Chart:
    """Draw how many jobs ended well and how many failed on each of the last days."""
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in range(_DAYS - 1, -1, -1)]
    ended = (
        Job.objects.filter(ended_at__date__gte=days[0], state__in=("done", "failed"))
        .annotate(day=TruncDate("ended_at"))
        .values_list("state", "day")
        .annotate(count=Count("pk"))
        .order_by()
    )
    counts = {(state, day): count for state, day, count in ended}
    series = {
        say(f"jobs.state.{state}"): (colour, [counts.get((state, day), 0) for day in days])
        for state, colour in (("done", GOOD), ("failed", BAD))
    }
    names = [day_of_year(day) for day in days]
    chart = stacked_bars(
        "jobs", say("machine.jobs_a_day"), (say("machine.day"), names), series, say("machine.jobs")
    )
    nothing = Empty(say("machine.jobs.none"), icon="chart-bar")
    return chart if counts else replace(chart, empty=nothing)


def _jobs(failed: QuerySet[Job]) -> Table:
    rows = [
        Row(
            [Link(_kind(job)), str(job.person or ""), _when(job.ended_at)],
            reverse("jobs-record", args=[job.pk]),
        )
        for job in failed.select_related("person").order_by("-ended_at")[:_SHOWN]
    ]
    columns = [
        Column(say("jobs.kind"), is_wide=True),
        Column(say("jobs.person")),
        Column(say("jobs.ended_at")),
    ]
    empty = Empty(say("machine.failed.none"), icon="circle-check")
    return Table(say("machine.failed.jobs"), columns, rows, empty=empty, is_dense=True)


def _kind(job: Job) -> str:
    key = f"jobs.kind.{job.kind}"
    return say(key) if key in words() else job.kind


def _when(at: datetime | None) -> str:
    return moment(at) if at else say("machine.never")


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.0f} GB"


@add_tasks
def machine_tasks(actor: Actor) -> Iterator[Task]:
    """Tell what of the machine is not well to those who run it."""
    if actor.may("settings.manage"):
        for check in (_worker(), _backup(), _disk()):
            if check.state != "good":
                title = say("machine.task", part=say(f"machine.{check.name}"))
                yield Task("machine", title, check.href or reverse("home"), check.told)
