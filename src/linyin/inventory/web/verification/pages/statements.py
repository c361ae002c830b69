"""The pages of statements: stating an opinion, and one that was stated."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html

from linyin.inventory.web.verification.access import is_verifier
from linyin.inventory.web.verification.actions import state_opinion
from linyin.inventory.web.verification.forms import OpinionForm
from linyin.inventory.web.verification.models import Engagement, Opinion
from linyin.inventory.web.verification.pages.common import (
    at,
    crumbs_of,
    mass_text,
    run_name,
    seen,
    steps_of,
)
from linyin.inventory.web.verification.parts import matter_parts, sample_table
from linyin.inventory.web.verification.progress import RunProgress, progress_of
from linyin.platform.actor import who_asks
from linyin.platform.findings import finding_text
from linyin.platform.form_pages import form_page
from linyin.platform.history import timeline_of
from linyin.platform.numbers import percent
from linyin.platform.parts import Badge, Column, Empty, Notice, Row, Table
from linyin.platform.signin import signed_in, takes
from linyin.platform.times import moment
from linyin.platform.words import say

__all__ = ["new_statement", "statement"]


@signed_in
@takes("GET", "POST")
def new_statement(request: HttpRequest, key: str) -> HttpResponse:
    """State an opinion on a locked run; beside the form stands what it rests on."""
    engagement = seen(request, Engagement, key)
    actor = who_asks(request)
    if not is_verifier(actor, engagement):
        raise PermissionDenied
    runs = engagement.runs.select_related("node").order_by("-year")
    progress = progress_of((engagement, run) for run in runs)
    ready = [p.run for p in progress if p.obstacle is None]
    form = OpinionForm(request.POST or None, ready=ready, initial={"run": request.GET.get("run")})

    def act(values: dict[str, Any]) -> str:
        made = state_opinion(actor, engagement, **values)
        messages.success(request, say("opinions.stated"))
        return at(request, "opinions-record", made.pk)

    level = say(f"engagements.level.{engagement.level}")
    share = f"{engagement.materiality_pct.normalize():f}"
    return form_page(
        request, form, act, title=say("opinions.new"),
        lead=say("opinions.new.help", level=level, percent=share),
        button=say("opinions.state"), cancel=at(request, "engagements-record", key),
        notices=[] if ready else _obstacles(progress), is_open=bool(ready),
        crumbs=crumbs_of(request, engagement), steps=steps_of(progress, "state"),
        below=[(say("opinions.rests_on"), _basis(progress))],
    )  # fmt: skip


def _obstacles(progress: list[RunProgress]) -> list[Notice]:
    """Tell of each run why nothing can be stated on it."""
    told = ((run_name(p.run), p.obstacle) for p in progress)
    return [Notice(name, finding_text(o), tone="warning") for name, o in told if o is not None]


def _basis(progress: list[RunProgress]) -> Table:
    rows = [
        Row(
            [
                run_name(p.run),
                Badge("state", p.run.state),
                percent(p.coverage) if p.samples else "",
                say("engagements.ticked", ticked=p.items - p.open_items, items=p.items),
                mass_text(p.projected_mg) if p.samples else "",
                mass_text(p.materiality_mg) if p.samples else "",
                str(len(p.open_findings)),
            ]
        )
        for p in progress
    ]
    columns = [
        Column(say("samples.run"), is_wide=True),
        Column(say("runs.state")),
        Column(say("engagements.coverage"), is_number=True),
        Column(say("engagements.items")),
        Column(say("samples.projected"), is_number=True),
        Column(say("samples.materiality_mg"), is_number=True),
        Column(say("engagements.open_findings"), is_number=True),
    ]
    return Table(say("opinions.rests_on"), columns, rows, is_dense=True)


@signed_in
def statement(request: HttpRequest, key: str) -> HttpResponse:
    """Show what was stated, on which entries, at which level of assurance."""
    record = seen(request, Opinion, key)
    engagement = record.engagement
    progress = RunProgress.of(engagement, record.run)
    facts = [
        (say("opinions.run"), run_name(record.run)),
        (say("opinions.level"), say(f"engagements.level.{record.level}")),
        (say("opinions.materiality_pct"), f"{record.materiality_pct.normalize():f} %"),
        (say("opinions.coverage"), percent(float(record.coverage))),
        (say("engagements.scope"), engagement.scope),
        (say("opinions.run_hash"), format_html("<code>{}</code>", record.run_hash)),
        (say("engagements.firm"), engagement.firm),
        (say("opinions.stated_by"), str(record.stated_by)),
        (say("opinions.stated_at"), moment(record.stated_at)),
    ]
    context = {
        "title": say("opinions.titled", run=run_name(record.run)),
        "state": Badge("opinion", record.kind),
        "lead": say(f"opinions.kind.{record.kind}.help"),
        "crumbs": crumbs_of(request, engagement),
        "opinion": record,
        "samples": sample_table(request, [progress]),
        "matters": matter_parts(request, [progress], verifies=False, manages=False),
        "no_matters": Empty(say("verification-findings.none"), icon="circle-check"),
        "facts": [(label, value) for label, value in facts if value],
        "timeline": timeline_of(record),
    }
    return render(request, "inventory/opinion.html", context)
