"""Reports of a run: written by a job, kept beside the bundle, given as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from linyin.inventory.web.actions import request_report
from linyin.inventory.web.pages.common import run_of, with_scope
from linyin.inventory.web.pages.runs import run_context
from linyin.inventory.web.reported import lacking_of, report_file, report_name
from linyin.platform.actor import who_asks
from linyin.platform.parts import Button, Column, Empty, Link, Row, Table
from linyin.platform.signin import signed_in, takes
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.inventory.web.models import RunRecord
    from linyin.platform.actor import Actor

__all__ = ["KINDS", "LANGUAGES", "download", "report"]

KINDS: Final = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
LANGUAGES: Final = ("zh", "en")


@signed_in
@takes("GET", "POST")
def report(request: HttpRequest, key: str) -> HttpResponse:
    """Offer the report in every language and format, and let a job write one."""
    run = run_of(request, key)
    if request.method == "POST":
        language, _, kind = request.POST.get("make", "").partition(".")
        if kind not in KINDS or language not in LANGUAGES:
            raise Http404
        job = request_report(who_asks(request), run, kind=kind, language=language)
        return redirect(with_scope(request, reverse("jobs-record", args=[job.pk])))
    rows = [
        Row([say(f"run.report.{kind}"), *(_offer(request, run, kind, one) for one in LANGUAGES)])
        for kind in KINDS
    ]
    columns = [Column(say("run.report.format"), is_wide=True), Column("中文"), Column("English")]
    context = run_context(request, run, "report") | {
        "table": Table(say("run.tab.report"), columns, rows),
        "lacking": _lacking(who_asks(request), run),
    }
    return render(request, "inventory/report.html", context)


def _lacking(actor: Actor, run: RunRecord) -> Table | None:
    """Return the mandatory items that the reports of a run lack; None before one was written."""
    items = lacking_of(run)
    if items is None:
        return None
    rules = reverse("rules") if actor.may("organization.view") else ""
    rows = [
        Row([
            one.text.of(lang()),
            f"{one.standard}, {one.clause}",
            Link(say("rules.title"), rules) if one.keys and rules else None,
        ])
        for one in items
    ]  # fmt: skip
    columns = [
        Column(say("run.lacking.item"), is_wide=True),
        Column(say("run.lacking.standard")),
        Column(say("run.lacking.mend")),
    ]
    empty = Empty(say("run.lacking.none"), say("run.lacking.none.help"), "circle-check")
    return Table(say("run.lacking"), columns, rows, empty=empty)


def _offer(request: HttpRequest, run: RunRecord, kind: str, language: str) -> Link | Button:
    """Return the way to a report that is there, else the button that has it written."""
    is_whole = kind != "pdf" or lacking_of(run) is not None  # an older version kept no list
    if is_whole and report_file(run, kind, language).exists():
        address = reverse("runs-download", args=[run.pk, language, kind])
        name = say(f"run.report.{language}")
        return Link(name, with_scope(request, address), hint=say("run.report.ready"))
    tone = "primary" if kind == "pdf" and language == lang() else "plain"
    return Button(say("run.report.make"), name="make", value=f"{language}.{kind}", tone=tone)


@signed_in
def download(request: HttpRequest, key: str, lang: str, kind: str) -> HttpResponse | FileResponse:
    """Give a report; where it is not written yet, the page that has it written."""
    run = run_of(request, key)
    if kind not in KINDS or lang not in LANGUAGES:
        raise Http404
    file = report_file(run, kind, lang)
    if not file.exists():
        return redirect(with_scope(request, reverse("runs-report", args=[run.pk])))
    name = report_name(run, kind, lang)
    return FileResponse(
        file.open("rb"), as_attachment=True, filename=name, content_type=KINDS[kind]
    )
