"""The pages of one run: figures, findings, entries, factors, approvals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from linyin.inventory.web import run_factors
from linyin.inventory.web.actions import (
    approve_run,
    assess_base_year,
    deciders_of,
    may_decide,
    next_level,
    reopen_finding,
    request_runs,
    return_run,
    settle_finding,
)
from linyin.inventory.web.called import gwp_called, run_called
from linyin.inventory.web.entries import FILTERS, columns_of, entries_of, reached_in
from linyin.inventory.web.figures import figures_in, figures_of, published_beside
from linyin.inventory.web.gaps import where_entered
from linyin.inventory.web.models import RunFinding, RunRecord
from linyin.inventory.web.pages.common import (
    asked_method,
    run_of,
    run_tabs,
    seen_of,
    told_of_part,
    told_of_run,
    with_scope,
)
from linyin.inventory.web.pages.overview import headline, line_table
from linyin.inventory.web.resources import runs as run_resource
from linyin.inventory.web.run_factors import factors_of
from linyin.inventory.web.verification.told import verification_of
from linyin.lake import Finding
from linyin.ledger.web.row_places import rows_at
from linyin.platform.actor import who_asks
from linyin.platform.grants import visible_to
from linyin.platform.history import timeline_of
from linyin.platform.looking import finding_part
from linyin.platform.models import Approval
from linyin.platform.numbers import MassScale, percent
from linyin.platform.parts import Badge, Button, Column, Empty, Notice, Row, Table, digest
from linyin.platform.parts import Finding as FindingPart
from linyin.platform.parts.cells import Printed
from linyin.platform.resources.asked import Listing
from linyin.platform.signin import signed_in
from linyin.platform.times import day, moment
from linyin.platform.words import enumerated, lang, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linyin.platform.actions import Action
    from linyin.platform.actor import Actor

__all__ = ["approvals", "entries", "factors", "findings", "record", "run_context"]

_NAMED: Final = 5
SEVERITIES: Final = ("error", "warning", "question")


def run_context(
    request: HttpRequest, run: RunRecord, opened: str, part: str = ""
) -> dict[str, Any]:
    """Return what the head of every page of a run, or of a node's part of it, shows."""
    actor, level = who_asks(request), next_level(run)
    is_whole = not part or visible_to(actor, RunRecord, "inventory.view").filter(pk=run.pk).exists()
    allowed = [a for a in run_resource.actions_for(actor, run) if _fits(a, run, actor)]
    buttons = [
        Button(
            say(f"action.{a.name}"),
            with_scope(request, reverse("runs-act", args=[run.pk, a.name])),
            tone="primary" if a.name in _FORWARD else "plain",
        )
        for a in allowed
    ]
    if run.state == "published" and request_runs.is_allowed(actor, run.node):
        new = with_scope(request, reverse("runs-new"), restates=str(run.pk))
        buttons.append(Button(say("runs.restate.button"), new, "refresh"))
    return {
        "run": run,
        "title": _title(actor, run, part),
        "state": Badge("state", run.state),
        "lead": " · ".join(
            [
                say(f"runs.approach.{run.approach}"),
                gwp_called(run.gwp),
                run.standard,
                *([say("run.waits_for", level=say(f"run.level.{level}"))] if level else []),
            ]
        ),
        "buttons": buttons,
        "tabs": run_tabs(request, run, opened, is_whole=is_whole),
        "crumbs": [(say("runs.title"), with_scope(request, reverse("runs-list")))],
    }


def _title(actor: Actor, run: RunRecord, part: str) -> str:
    if not part:
        return say("run.title", node=run.node.name(lang()), year=run.year)
    return say("inventory.part_title", node=actor.tree.names(lang())[part], year=run.year)


_FORWARD: Final = ("inventory.lock_run", "inventory.approve_run", "inventory.publish_run")


def _fits(action: Action, run: RunRecord, actor: Actor) -> bool:
    """Whether the reader in person can do what fits the run, so that no button leads nowhere."""
    if action in (approve_run, return_run):
        return may_decide(actor, run)
    return action is not assess_base_year  # its own page has the button


@signed_in
def record(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a run amounts to, or the part of it that the context's node is."""
    run, part = seen_of(request, key)
    actor = who_asks(request)
    method = asked_method(request)
    now = figures_in(actor, run, part, method)
    several = {
        year: figures
        for year in sorted({run.year - 2, run.year - 1})
        if (figures := figures_of(actor, now.node, year, method))
    }
    several[run.year] = now
    scale = MassScale.of([f.total for f in several.values()])
    pinned = [
        (say("runs.made_at"), moment(run.made_at)),
        (say("run.prepared_by"), str(run.prepared_by or "–")),
        (say("run.period"), f"{day(run.begin)} – {day(run.end - timedelta(days=1))}"),
        (say("runs.entries"), Printed(f"{run.entries:,}")),
        (say("runs.activities_version"), str(run.activities_version)),
        (say("runs.entries_hash"), digest(run.entries_hash)),
        (say("run.estimated"), Printed(percent(now.estimated_share))),
    ]
    if run.reason and not part:
        pinned.append((say("runs.reason"), run.reason))
    context = run_context(request, run, "record", part) | {
        "notices": [
            *([] if part else _beside(request, run)),
            *told_of_run(run, told_of_part(run, is_part=now.is_part), now.is_part),
        ],
        "figures": headline(request, now, several, scale),
        "lines": line_table(request, now, several, scale),
        "facts": pinned,
        "timeline": None if part else timeline_of(run),
        "verification": [] if part else verification_of(actor, run),
        "method": method,
    }
    return render(request, "inventory/run.html", context)


def _beside(request: HttpRequest, run: RunRecord) -> Iterator[Notice]:
    """Tell of a draft that another run already stands published where it would."""
    other = published_beside(run) if run.state == "draft" else None
    if other is not None:
        restate = with_scope(request, reverse("runs-new"), restates=str(other.pk))
        may = request_runs.is_allowed(who_asks(request), run.node)
        button = Button(say("runs.restate.button"), restate, "refresh", "quiet") if may else None
        told = say("run.beside_published", run=run_called(other.name))
        yield Notice(told, say("run.beside_published.help"), "warning", button=button)


@signed_in
def findings(request: HttpRequest, key: str) -> HttpResponse:
    """Show what was found, errors first, and work it off."""
    run = run_of(request, key)
    actor = who_asks(request)
    state = request.GET.get("state", "open")
    may_settle = settle_finding.is_allowed(actor, run)
    found = sorted(
        run.findings.filter(state=state if state in RunFinding.STATES else "open"),
        key=lambda f: (SEVERITIES.index(f.severity), f.pk),
    )
    places = {row.pk: Finding.from_dict(row.finding).at for row in found}
    opens = rows_at(actor, places.values())
    context = run_context(request, run, "findings") | {
        "findings": [
            _finding_part(request, row, opens.get(places[row.pk], ""), may_settle=may_settle)
            for row in found
        ],
        "states": [
            (say(f"status.{s}"), with_scope(request, request.path, state=s), s == state,
             run.findings.filter(state=s).count())
            for s in RunFinding.STATES
        ],
        "empty": Empty(say("run.findings.none"), icon="circle-check"),
    }  # fmt: skip
    return render(request, "inventory/findings.html", context)


def _finding_part(
    request: HttpRequest, row: RunFinding, opens: str, *, may_settle: bool
) -> FindingPart:
    action = settle_finding if row.state == "open" else reopen_finding
    href = with_scope(request, reverse("run-findings-act", args=[row.pk, action.name]))
    button = Button(say(f"action.{action.name}"), href, tone="quiet") if may_settle else None
    return finding_part(
        Finding.from_dict(row.finding), text=row.comment,
        href=with_scope(request, opens) if opens else _elsewhere(request, row),
        status=row.state, code=row.code, button=button,
    )  # fmt: skip


def _elsewhere(request: HttpRequest, row: RunFinding) -> str:
    """Return where what a finding without a row misses is entered, or its file's rows open."""
    if href := where_entered(who_asks(request), row.finding):
        return href
    file = str(row.finding["at"].get("file") or "")
    source = file.rpartition("/")[2].rpartition(".")[0]
    if not source or not row.finding["at"].get("row"):
        return ""
    return with_scope(request, reverse("runs-entries", args=[row.run_id]), source=source)


@signed_in
def entries(request: HttpRequest, key: str) -> HttpResponse:
    """List the entries of a run in reach; each opens to its arithmetic."""
    run, part = seen_of(request, key)
    actor = who_asks(request)
    base = reverse("runs-entries", args=[run.pk])
    listing = Listing(
        request,
        "entries",
        entries_of(run),
        columns_of(run),
        FILTERS,
        reached_in(actor, run),
        lambda pk: with_scope(request, f"{base}{pk}/"),
        empty=Empty(say("entries.empty")),
    )
    context = run_context(request, run, "entries", part) | {
        "table": listing.table,
        "filters": listing.filters,
    }
    return render(request, "inventory/entries.html", context)


@signed_in
def factors(request: HttpRequest, key: str) -> HttpResponse:
    """List the factors that a run stands on; each opens the entries that stand on it."""
    run = run_of(request, key)
    entries_page = reverse("runs-entries", args=[run.pk])
    listing = Listing(
        request,
        "run-factors",
        factors_of(run),
        run_factors.COLUMNS,
        run_factors.FILTERS,
        {run.node.code},
        lambda factor: with_scope(request, entries_page, factor_id=factor),
        empty=Empty(say("run-factors.empty")),
    )
    context = run_context(request, run, "factors") | {
        "table": listing.table,
        "filters": listing.filters,
    }
    return render(request, "inventory/entries.html", context)


@signed_in
def approvals(request: HttpRequest, key: str) -> HttpResponse:
    """Show who has decided at which level, and who is next."""
    run, actor = run_of(request, key), who_asks(request)
    decided = Approval.objects.filter(
        subject=run._meta.label_lower, key=str(run.pk)
    ).select_related("person")
    by_level = {a.level: a for a in decided}
    waiting = next_level(run)
    able = _able(actor, run, waiting) if waiting else ""
    rows = []
    for level in run.levels:
        approval = by_level.get(level)
        status = (
            "waiting" if approval is None else "approved" if approval.is_granted else "returned"
        )
        rows.append(
            Row(
                [
                    say(f"run.level.{level}"),
                    Badge("status", "open" if level == waiting else status),
                    str(approval.person) if approval else able if level == waiting else "",
                    moment(approval.at) if approval else "",
                    approval.comment if approval else "",
                ]
            )
        )
    columns = [
        Column(say("run.level")),
        Column(say("run.decision")),
        Column(say("run.by")),
        Column(say("run.at")),
        Column(say("run.comment"), is_wide=True),
    ]
    context = run_context(request, run, "approvals") | {
        "table": Table(say("run.tab.approvals"), columns, rows),
        "timeline": timeline_of(run),
    }
    return render(request, "inventory/approvals.html", context)


def _able(actor: Actor, run: RunRecord, level: str) -> str:
    """Name who can decide at the level that waits."""
    names = [person.name for person in deciders_of(run, level, actor.tree)]
    more = f" +{len(names) - _NAMED}" if len(names) > _NAMED else ""
    return say("run.able", names=enumerated(names[:_NAMED]) + more) if names else say("run.nobody")
