"""The pages of samples: drawing one, and one with its items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linyin.inventory.web.line_names import line_name
from linyin.inventory.web.verification.access import is_verifier
from linyin.inventory.web.verification.drawing import is_same
from linyin.inventory.web.verification.draws import draw_sample
from linyin.inventory.web.verification.forms import DrawForm
from linyin.inventory.web.verification.models import VERIFIABLE, Engagement, Sample
from linyin.inventory.web.verification.pages.common import (
    at,
    crumbs_of,
    mass_text,
    run_name,
    seen,
    steps_of,
)
from linyin.inventory.web.verification.progress import SampleProgress, progress_of
from linyin.platform.actor import who_asks
from linyin.platform.form_pages import form_page
from linyin.platform.history import timeline_of
from linyin.platform.models import Job
from linyin.platform.numbers import MassScale, percent
from linyin.platform.parts import (
    Badge,
    Button,
    Column,
    Figure,
    Figures,
    Link,
    Notice,
    Row,
    Table,
    digest,
)
from linyin.platform.parts.cells import Printed
from linyin.platform.signin import signed_in, takes
from linyin.platform.times import moment
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    pass

__all__ = ["draw", "sample"]


@signed_in
@takes("GET", "POST")
def draw(request: HttpRequest, key: str) -> HttpResponse:
    """Draw a sample of a run."""
    engagement = seen(request, Engagement, key)
    actor = who_asks(request)
    if not is_verifier(actor, engagement):
        raise PermissionDenied
    progress = progress_of((engagement, run) for run in engagement.runs.order_by("-year"))
    ready = (str(p.run.pk) for p in progress if p.run.state in VERIFIABLE and not p.opinion)
    initial = {"run": request.GET.get("run") or next(ready, "")}
    form = DrawForm(request.POST or None, engagement=engagement, initial=initial)

    def act(values: dict[str, Any]) -> str:
        made = draw_sample(actor, engagement, **values)
        if isinstance(made, Job):
            return at(request, "jobs-record", made.pk)
        messages.success(request, say("samples.drawn", count=made.items.count(), seed=made.seed))
        return at(request, "samples-record", made.pk)

    return form_page(
        request, form, act, title=say("samples.new"), lead=say("samples.new.help"),
        button=say("samples.draw"), cancel=at(request, "engagements-record", key),
        crumbs=crumbs_of(request, engagement), steps=steps_of(progress, "draw"),
    )  # fmt: skip


@signed_in
def sample(request: HttpRequest, key: str) -> HttpResponse:
    """Show a sample: how it was drawn, what was drawn, how far it is; draw it again if asked."""
    record = seen(request, Sample, key)
    actor = who_asks(request)
    progress = SampleProgress(record)
    buttons = [
        Button(say("samples.again"), at(request, "samples-record", key, again="1"), "refresh")
    ]
    waiting = next((item for item in progress.items if not item.verdict), None)
    if waiting is not None and is_verifier(actor, record.engagement):
        href = at(request, "sample-items-record", waiting.pk)
        buttons.append(Button(say("samples.follow"), href, "arrow-right", "primary"))
    context = {
        "title": say("samples.of", run=run_name(record.run)),
        "state": Badge("state", record.run.state),
        "lead": record.described_zh if lang() == "zh" else record.described_en,
        "crumbs": crumbs_of(request, record.engagement),
        "buttons": buttons,
        "notices": [_drawn_again(record)] if request.GET.get("again") else [],
        "figures": _figures(progress),
        "items": _items(request, progress, actor.tree.names(lang())),
        "facts": _facts(record),
        "timeline": timeline_of(record),
    }
    return render(request, "inventory/sample.html", context)


def _drawn_again(record: Sample) -> Notice:
    if is_same(record):
        return Notice(say("samples.same"), say("samples.same.help", seed=record.seed), "good")
    return Notice(say("samples.other"), say("samples.other.help"), "bad")


def _figures(progress: SampleProgress) -> Figures:
    record = progress.sample
    year, state = str(record.run.year), record.run.state
    misstated = sum(1 for item in progress.items if item.verdict == "misstated")
    missing = sum(1 for item in progress.items if item.verdict == "no_evidence")
    found, projected = progress.difference_mg, progress.projected_mg
    scale = MassScale.of([found, projected, int(record.population_mg)])
    return Figures(
        [
            Figure(
                say("samples.followed"), f"{progress.ticked} / {len(progress.items)}",
                say("samples.entries"), year, state, is_headline=True,
                note=say("samples.outcome", misstated=misstated, missing=missing),
            ),
            Figure(
                say("engagements.coverage"), percent(progress.coverage).rstrip(" %"), "%", year,
                state, note=say("samples.coverage.help"),
            ),
            Figure(
                say("samples.difference"), scale.text(found), scale.unit, year, state,
                note=say("samples.difference.help"),
            ),
            Figure(
                say("samples.projected"), scale.text(projected), scale.unit, year, state,
                note=say("samples.projected.help"),
            ),
        ]
    )  # fmt: skip


def _items(request: HttpRequest, progress: SampleProgress, names: Mapping[str, str]) -> Table:
    scale = MassScale.of([item.weight_mg for item in progress.items])
    rows = [
        Row(
            [
                Link(
                    f"{line_name(item.line)} · {names.get(item.site, item.site)}",
                    hint=item.entry,
                ),
                Printed(scale.text(item.weight_mg)),
                say("samples.certain") if item.is_certain else percent(item.chance),
                Badge("verdict", item.verdict or "open"),
                Printed(scale.text(item.difference_mg)) if item.difference_mg else "",
            ],
            at(request, "sample-items-record", item.pk),
        )
        for item in progress.items
    ]
    columns = [
        Column(say("sample-items.entry"), is_wide=True),
        Column(say("sample-items.weight_mg"), scale.unit, is_number=True),
        Column(say("sample-items.probability"), is_number=True, is_minor=True),
        Column(say("sample-items.verdict")),
        Column(say("sample-items.difference_mg"), scale.unit, is_number=True),
    ]
    return Table(say("sample-items.title"), columns, rows, is_dense=True)


def _facts(record: Sample) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        (say("samples.method"), say(f"samples.method.{record.method}")),
        (say("samples.seed"), record.seed),
        (say("samples.population"), say(f"samples.population.{record.population}")),
        (say("samples.scope2_method"), say(f"samples.scope2_method.{record.scope2_method}")),
        (say("samples.population_count"), Printed(f"{record.population_count:,}")),
        (say("samples.population_mg"), mass_text(int(record.population_mg))),
        (say("samples.strata"), say(f"samples.strata.{record.strata}") if record.strata else ""),
        (say("samples.size"), str(record.size) if record.size else ""),
        (
            say("samples.materiality_mg"),
            mass_text(int(record.materiality_mg)) if record.materiality_mg else "",
        ),
        (say("samples.confidence"), percent(float(record.confidence)) if record.confidence else ""),
        (say("samples.run_hash"), digest(record.run_hash)),
        (say("samples.drawn_by"), str(record.drawn_by)),
        (say("samples.drawn_at"), moment(record.drawn_at)),
    ]
    return [(label, value) for label, value in facts if value]
