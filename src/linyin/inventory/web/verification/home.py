"""The home of verifiers, and what waits in a verification for them and for the carbon office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.urls import reverse

from linyin.inventory.web.models import RunRecord
from linyin.inventory.web.verification.access import is_verifier
from linyin.inventory.web.verification.models import VERIFIABLE, Engagement
from linyin.inventory.web.verification.pages.common import mass_text, run_name
from linyin.inventory.web.verification.parts import (
    progress_figures,
    run_table,
    sample_table,
)
from linyin.inventory.web.verification.progress import RunProgress, progress_of
from linyin.platform.grants import visible_to
from linyin.platform.home import Home, home_of
from linyin.platform.parts import Chart, Link, Notice, digest, stacked_bars
from linyin.platform.parts.bars import GOOD, REST
from linyin.platform.tasks import Task, add_tasks
from linyin.platform.words import say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.shell import Page

__all__ = ["verification_tasks", "verifier_home"]


@home_of("verifier")
def verifier_home(page: Page) -> Home:
    """Show how far the reader's engagements are, what they cover, what the figures rest on."""
    progress = _progress(page.actor)
    if not progress:
        nothing = Notice(say("engagements.home.none"), say("engagements.home.none.help"))
        return Home(notices=[nothing])
    first = next((one for one in progress if one.samples), progress[0])
    share = f"{first.engagement.materiality_pct.normalize():f} %"
    trust = [
        (
            say("engagements.materiality_pct"),
            f"{share} · {mass_text(first.materiality_mg)}" if first.samples else share,
        ),
        (say("samples.projected"), mass_text(first.projected_mg) if first.samples else "–"),
        (say("engagements.level"), say(f"engagements.level.{first.engagement.level}")),
        (say("trust.hash"), digest(first.run.entries_hash)),
        (
            say("engagements.one"),
            Link(first.engagement.name, reverse("engagements-record", args=[first.engagement.pk])),
        ),
    ]
    return Home(
        figures=progress_figures(progress),
        main=_coverage(progress),
        trust=trust,
        below=[
            (say("engagements.runs"), run_table(page.request, progress)),
            (say("samples.title"), sample_table(page.request, progress)),
        ],
    )


def _coverage(progress: Sequence[RunProgress]) -> Chart:
    """Draw the share of each run's emissions that the drawn entries hold, and the rest."""
    runs = sorted(progress, key=lambda one: (one.run.year, one.run.name))
    years = [str(one.run.year) for one in runs]
    names = years if len(set(years)) == len(years) else [run_name(one.run) for one in runs]
    shares = [100 * one.coverage for one in runs]
    series = {
        say("engagements.chart.drawn"): (GOOD, shares),
        say("engagements.chart.rest"): (REST, [100 - share for share in shares]),
    }
    over = (say("engagements.runs"), names)
    return stacked_bars("coverage", say("engagements.chart"), over, series, "%", decimals=1)


@add_tasks
def verification_tasks(actor: Actor) -> Iterator[Task]:
    """Tell what waits: entries to follow, findings to answer or to settle, a run to state on."""
    if not actor.may("verification.view"):
        return
    for engagement, of_engagement in groupby(_progress(actor), lambda one: one.engagement):
        verifies = is_verifier(actor, engagement)
        manages = actor.may("verification.manage", engagement.node.code)
        for one in of_engagement:
            if verifies:
                yield from _verifier_tasks(engagement, one)
            if manages:
                yield from _findings(one, "open", "task.answer_matter")


def _verifier_tasks(engagement: Engagement, one: RunProgress) -> Iterator[Task]:
    name, key = run_name(one.run), engagement.pk
    waiting = one.next_item
    if one.opinion or one.run.state not in VERIFIABLE:
        pass
    elif not one.samples:
        href = reverse("samples-new", args=[key]) + f"?run={one.run.pk}"
        yield _task(engagement, say("task.draw_sample", run=name), href)
    elif waiting is not None:
        href = reverse("sample-items-record", args=[waiting.pk])
        title = say("task.follow_items", count=one.open_items, run=name)
        yield _task(engagement, title, href)
    elif one.run.state != "published":
        href = reverse("opinions-new", args=[key]) + f"?run={one.run.pk}"
        yield _task(engagement, say("task.state_opinion", run=name), href)
    yield from _findings(one, "answered", "task.settle_matter")


def _findings(one: RunProgress, state: str, words: str) -> Iterator[Task]:
    for finding in one.findings:
        if finding.state == state:
            href = reverse("verification-findings-record", args=[finding.pk])
            yield _task(one.engagement, say(words, finding=str(finding)), href)


def _task(engagement: Engagement, title: str, href: str) -> Task:
    return Task("verification", title, href, engagement.name, engagement.due)


def _progress(actor: Actor) -> list[RunProgress]:
    """Return how far the runs of the open engagements in reach are, engagement by engagement."""
    found = visible_to(actor, Engagement, "verification.view").filter(state="open")
    current = RunRecord.objects.exclude(state="superseded").select_related("node")
    runs = Prefetch("runs", current.order_by("-year", "name"))
    engagements = found.select_related("node").prefetch_related(runs)
    return progress_of((one, run) for one in engagements for run in one.runs.all())
