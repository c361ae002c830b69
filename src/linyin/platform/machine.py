"""The home of who runs the machine: worker, disk, backups, jobs that failed, the audit trail."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from linyin.platform.audit import BACKUP
from linyin.platform.home import Home, home_of
from linyin.platform.models import AuditEvent, AuditHead, Grant, Job, Person
from linyin.platform.parts import Badge, Column, Empty, Figure, Figures, Link, Row, Table
from linyin.platform.shell import Page
from linyin.platform.words import say, words
from linyin.platform.work.beat import worker_seen_at

__all__ = ["machine_home"]

_WORKER_LOST: Final = timedelta(seconds=30)
_BACKUP_OLD: Final = timedelta(days=2)
_RECENT: Final = timedelta(days=7)
_DISK_SHORT: Final = 0.1
_SHOWN: Final = 8


@home_of("administrator")
def machine_home(page: Page) -> Home:
    """Show whether the machine is well, and which jobs failed lately."""
    del page
    failed = Job.objects.filter(state="failed", ended_at__gte=timezone.now() - _RECENT)
    people = Person.objects.filter(is_active=True)
    figures = [
        _count("people", people.count(), reverse("people-list")),
        _count("grants", Grant.objects.count(), reverse("grants-list")),
        _count("failed", failed.count(), f"{reverse('jobs-list')}?state=failed"),
    ]
    columns = [
        Column(say("machine.what")),
        Column(say("jobs.state")),
        Column(say("machine.told"), is_wide=True),
    ]
    checks = Table(say("machine.title"), columns, [*_checks()])
    return Home(
        figures=Figures(figures),
        below=[(checks.caption, checks), (say("machine.failed.jobs"), _jobs(failed))],
    )


def _count(name: str, count: int, href: str) -> Figure:
    period = say("machine.week") if name == "failed" else ""
    return Figure(say(f"machine.{name}"), f"{count:,}", "", period, "", href=href)


def _checks() -> Iterator[Row]:
    now = timezone.now()
    seen = worker_seen_at()
    lives = seen is not None and now - seen <= _WORKER_LOST
    yield _row("worker", "good" if lives else "bad", _when(seen), reverse("jobs-list"))

    disk = shutil.disk_usage(settings.WORKSPACE.root)
    free = say("machine.disk.free", free=_gigabytes(disk.free), total=_gigabytes(disk.total))
    yield _row("disk", "good" if disk.free > _DISK_SHORT * disk.total else "bad", free)

    last = AuditEvent.objects.filter(action=BACKUP).order_by("-number").first()
    is_new = last is not None and now - last.at <= _BACKUP_OLD
    yield _row("backup", "good" if is_new else "warning", _when(last.at if last else None))

    head = AuditHead.objects.first()
    checked = Job.objects.filter(kind="verify-audit", state="done").order_by("-ended_at").first()
    faults = checked.result["faults"] if checked and checked.result else 0
    told = say("trust.audit.events", number=f"{head.number if head else 0:,}")
    when = (
        say("machine.audit.checked", when=_when(checked.ended_at))
        if checked
        else say("machine.audit.unchecked")
    )
    state = "bad" if faults else "good" if checked else "warning"
    yield _row("audit", state, f"{told} · {when}", reverse("audit-list"))


def _row(name: str, state: str, told: str, href: str = "") -> Row:
    tone = "" if state == "good" else state
    cells = [Link(say(f"machine.{name}")), Badge("health", state), told]
    return Row(cells, href, tone)  # type: ignore[arg-type]


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
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else say("machine.never")


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.0f} GB"
