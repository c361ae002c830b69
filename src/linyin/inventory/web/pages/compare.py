"""Two runs beside each other: which cause moved how much, drawn as a waterfall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from linyin.inventory import Inventory, diff_inventories
from linyin.inventory.web.causes import causes_chart, causes_of
from linyin.inventory.web.line_names import line_name
from linyin.inventory.web.models import RunRecord
from linyin.inventory.web.pages.common import asked_method, run_of, texts, with_scope
from linyin.inventory.web.pages.runs import run_context
from linyin.ledger.web.called import item_called, technology_called
from linyin.platform.actor import who_asks
from linyin.platform.grants import visible_to
from linyin.platform.numbers import MassScale, percent
from linyin.platform.parts import Column, Empty, Row, Table
from linyin.platform.parts.cells import Printed
from linyin.platform.shell import Page
from linyin.platform.signin import signed_in
from linyin.platform.words import enumerated, lang, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linyin.inventory import Diff

__all__ = ["compare"]

SOURCES: Final = 20


@signed_in
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """Show what moved a run's total since another run."""
    run = run_of(request, key)
    actor = who_asks(request)
    others = (
        visible_to(actor, RunRecord, "inventory.view")
        .exclude(pk=run.pk)
        .order_by("-year", "-made_at")
    )
    asked = request.GET.get("with", "")
    other = others.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None
    if asked and other is None:
        raise Page.of(request).unknown(say("runs.unknown"))
    other = other or others.filter(node=run.node, year__lt=run.year).order_by("-year").first()
    context: dict[str, Any] = run_context(request, run, "compare") | {
        "others": [
            (o.pk, " · ".join([str(o), say(f"runs.approach.{o.approach}"), o.gwp]), o == other)
            for o in others[:200]
        ],
        "other": other,
        "empty": Empty(say("run.compare.none"), icon="git-compare"),
    }
    if other is not None:
        method = asked_method(request)
        found = diff_inventories(Inventory(other.path), Inventory(run.path), scope2_method=method)
        scale = MassScale.of(abs(source.change_mg) for source in found.sources)
        context |= {
            "chart": causes_chart(causes_of(other, run, method), other, run),
            "sources": _sources(request, run, found, scale, actor.tree.names(lang())),
            "by": say(f"run.compare.{found.method}"),
            "summary": _summary(found),
        }
    return render(request, "inventory/compare.html", context)


def _summary(found: Diff) -> str:
    scale = MassScale.of([found.change_mg])
    share = found.change_mg / found.before.total_mg if found.before.total_mg else 0.0
    change = f"{scale.text(found.change_mg)} {scale.unit} ({percent(share, signed=True)})"
    return say("run.compare.summary", change=change)


def _sources(
    request: HttpRequest, run: RunRecord, found: Diff, scale: MassScale, names: Mapping[str, str]
) -> Table:
    vocabulary = texts()
    rows = []
    for source in found.top(SOURCES):
        what = " · ".join(
            text
            for text in (
                item_called(source.item),
                technology_called(source.technology, source.item),
                source.counterparty,
            )
            if text
        )
        cause = max(source.causes, key=lambda name: abs(source.causes[name]), default="")
        rows.append(
            Row(
                [
                    names.get(source.site, source.site),
                    what,
                    enumerated(map(line_name, source.lines_after or source.lines_before)),
                    vocabulary.known("cause_short", cause),
                    Printed(scale.text(source.change_mg)),
                ],
                with_scope(
                    request,
                    reverse("runs-entries", args=[run.pk]),
                    q=source.item,
                    line=next(iter(source.lines_after or source.lines_before), ""),
                ),
            )
        )
    columns = [
        Column(say("entry.site"), is_wide=True),
        Column(say("entry.item"), is_wide=True),
        Column(say("inventory.line")),
        Column(say("run.compare.cause")),
        Column(say("inventory.change"), scale.unit, is_number=True),
    ]
    return Table(say("run.compare.sources"), columns, rows, is_dense=True)
