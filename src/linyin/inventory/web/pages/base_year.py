"""The base year as a run sees it: how far it has moved, why, and whether it is restated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from linyin.inventory.web.actions import assess_base_year, request_runs
from linyin.inventory.web.baseyear import assessment_of, is_assessable, stated_run
from linyin.inventory.web.entries import source_type_name
from linyin.inventory.web.pages.common import run_of, texts, with_scope
from linyin.inventory.web.pages.runs import run_context
from linyin.ledger.web.called import item_called
from linyin.platform.actor import who_asks
from linyin.platform.looking import finding_part
from linyin.platform.numbers import MassScale, percent
from linyin.platform.parts import Badge, Button, Column, Empty, Figure, Figures, Row, Table
from linyin.platform.parts.cells import Printed
from linyin.platform.signin import signed_in
from linyin.platform.times import day, moment
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linyin.inventory import BaseYearAssessment
    from linyin.inventory.web.models import RunRecord

__all__ = ["base_year", "changes_told"]


@signed_in
def base_year(request: HttpRequest, key: str) -> HttpResponse:
    """Show what was found out about the base year, or offer to find it out."""
    run = run_of(request, key)
    actor = who_asks(request)
    context = run_context(request, run, "base-year")
    found = assessment_of(run)
    if found is None:
        may = is_assessable(run) and assess_base_year.is_allowed(actor, run)
        reason = "run.base-year.none" if is_assessable(run) else "run.base-year.impossible"
        context["buttons"] = []
        context["empty"] = Empty(
            say("run.tab.base-year"), say(reason), "history",
            _assess_button(request, run, "primary") if may else None,
        )  # fmt: skip
        return render(request, "inventory/base_year.html", context)
    buttons = []
    if request_runs.is_allowed(actor, run.node) and found.needs_restatement:
        buttons += [_restate_button(request, run, year) for year in found.restated_years]
    if assess_base_year.is_allowed(actor, run):
        buttons.append(_assess_button(request, run, "plain"))
    scale = MassScale.of([found.stated_mg, found.restated_mg])
    at = parse_datetime(run.assessment["at"])
    context |= {
        "buttons": buttons,
        "figures": _figures(run, found, scale),
        "changes": _changes(found, actor.tree.names(lang())),
        "about": say(
            "run.base-year.about",
            at=moment(at) if at else "",
            policy=say(f"run.base-year.{found.mid_year.replace(' ', '-')}"),
        ),
        "findings": [finding_part(finding, code=finding.code) for finding in found.findings],
    }
    return render(request, "inventory/base_year.html", context)


def changes_told(found: BaseYearAssessment, names: Mapping[str, str], most: int = 10) -> str:
    """Tell in the reader's words what has changed: the reason of a restatement."""
    scale = MassScale.of([change.mg for change in found.changes])
    vocabulary = texts()
    told = [
        say(
            "run.base-year.change",
            cause=vocabulary.known("recalculation", change.cause),
            what=_what(change, names),
            day=f" {day(change.day)}" if change.day else "",
            mass=f"{scale.text(change.mg)} {scale.unit}",
        )
        for change in found.changes[:most]
    ]
    if len(found.changes) > most:
        told.append(say("run.base-year.more", count=len(found.changes) - most))
    return "\n".join(told)


def _what(change: Any, names: Mapping[str, str]) -> str:
    parts = (
        names.get(change.node, change.node),
        source_type_name(change.source_type) if change.source_type else "",
        item_called(change.item) if change.item else "",
    )
    return " · ".join(part for part in parts if part)


def _figures(run: RunRecord, found: BaseYearAssessment, scale: MassScale) -> Figures:
    stated = stated_run(run, found.base_year)
    verdict = "needed" if found.needs_restatement else "not-needed"
    year = str(found.base_year)
    return Figures(
        [
            Figure(
                say("run.base-year.accumulated"),
                f"{found.accumulated * 100:.2f}",
                "%",
                year,
                "preview",
                note=say(f"run.base-year.{verdict}", threshold=percent(found.threshold)),
                is_headline=True,
                mark=Badge("status", "overdue" if found.needs_restatement else "done"),
            ),
            Figure(
                say("run.base-year.stated"), scale.text(found.stated_mg), scale.unit, year,
                "published" if stated else "draft",
                note="" if stated else say("run.base-year.never-published"),
            ),
            Figure(
                say("run.base-year.today"), scale.text(found.restated_mg), scale.unit, year,
                "preview",
            ),
        ]
    )  # fmt: skip


def _changes(found: BaseYearAssessment, names: Mapping[str, str]) -> Table:
    scale = MassScale.of([change.mg for change in found.changes])
    vocabulary, total = texts(), 0.0
    rows = []
    for change in found.changes:
        total += change.share
        rows.append(
            Row(
                [
                    vocabulary.known("recalculation", change.cause),
                    _what(change, names),
                    day(change.day) if change.day else "",
                    Printed(scale.text(change.mg)),
                    Printed(percent(change.share, 2)),
                    Printed(percent(total, 2)),
                ]
            )
        )
    columns = [
        Column(say("run.compare.cause")),
        Column(say("run.base-year.what"), is_wide=True),
        Column(say("run.base-year.day")),
        Column(say("inventory.change"), scale.unit, is_number=True),
        Column(say("inventory.share"), is_number=True),
        Column(say("run.base-year.accumulated"), is_number=True),
    ]
    return Table(
        say("run.base-year.changes"), columns, rows, empty=Empty(say("run.base-year.unchanged"))
    )


def _assess_button(request: HttpRequest, run: RunRecord, tone: str) -> Button:
    action = assess_base_year.name
    href = with_scope(request, reverse("runs-act", args=[run.pk, action]))
    return Button(say(f"action.{action}"), href, tone=tone)


def _restate_button(request: HttpRequest, run: RunRecord, year: int) -> Button:
    href = with_scope(request, reverse("runs-new"), seen_from=str(run.pk), restated=str(year))
    return Button(say("run.base-year.restate", year=year), href, tone="primary")
