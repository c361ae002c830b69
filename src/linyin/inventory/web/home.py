"""The homes of those who work with inventories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from linyin.inventory.web.actions import LEVELS, next_level
from linyin.inventory.web.charts import scopes_chart
from linyin.inventory.web.figures import Figures, figures_of, years_of
from linyin.inventory.web.models import RunRecord
from linyin.inventory.web.pages.common import asked_node
from linyin.inventory.web.pages.overview import headline
from linyin.platform.grants import visible_to
from linyin.platform.home import Home, home_of
from linyin.platform.models import AuditHead
from linyin.platform.numbers import MassScale, percent
from linyin.platform.parts import Button, Link, Notice
from linyin.platform.tasks import Task, add_tasks
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.shell import Page

__all__ = ["inventory_home", "run_tasks"]


@home_of("carbon_office", "committee", "entity_manager", "reader", "verifier")
def inventory_home(page: Page) -> Home:
    """Show the newest figures of the reader's node, how they moved, what they rest on."""
    node = asked_node(page.request, page.actor)
    if node is None:
        return Home()
    years = years_of(node.code)
    several = {
        year: figures for year in years[-6:] if (figures := figures_of(page.actor, node.code, year))
    }
    if not several:
        button = (
            Button(say("runs.new"), reverse("runs-new"), "player-play", "primary")
            if page.actor.may("inventory.run", node.code)
            else None
        )
        return Home(notices=[Notice(say("home.no_run"), say("home.no_run.help"), button=button)])
    asked = page.scope.year
    year = asked if asked in several else max(several)
    now = several[year]
    scale = MassScale.of([figures.total for figures in several.values()])
    return Home(
        figures=headline(page.request, now, several, scale),
        main=scopes_chart(several, scale),
        trust=list(_trust(now)),
    )


def _trust(now: Figures) -> Iterator[tuple[str, Any]]:
    run = now.run
    open_ = {
        s: run.findings.filter(state="open", severity=s).count()
        for s in ("error", "warning", "question")
    }
    href = reverse("runs-findings", args=[run.pk])
    yield (
        say("trust.findings"),
        Link(
            say(
                "trust.findings.open",
                error=open_["error"],
                warning=open_["warning"],
                question=open_["question"],
            ),
            href,
        ),
    )
    yield say("trust.estimated"), percent(now.estimated_share)
    level = next_level(run)
    state = say(f"runs.state.{run.state}")
    waiting = say("trust.waits", level=say(f"run.level.{level}")) if level else ""
    yield (
        say("trust.state"),
        Link(f"{state} {waiting}".strip(), reverse("runs-approvals", args=[run.pk])),
    )
    yield say("trust.hash"), run.entries_hash[:16] + "…"
    head = AuditHead.objects.first()
    if head is not None:
        yield say("trust.audit"), say("trust.audit.events", number=f"{head.number:,}")


@add_tasks
def run_tasks(actor: Actor) -> Iterator[Task]:
    """Tell which runs wait for the actor: to be approved, or to have errors settled."""
    for run in visible_to(actor, RunRecord, "inventory.view").exclude(
        state__in=("published", "superseded")
    ):
        name = say("run.title", node=run.node.name(lang()), year=run.year)
        level = next_level(run)
        if level and level in LEVELS and actor.may(f"inventory.approve_{level}", run.node.code):
            if run.prepared_by != actor.person:
                yield Task(
                    "runs", say("task.approve_run", run=name), reverse("runs-record", args=[run.pk])
                )
        elif run.state == "approved" and actor.may("inventory.publish", run.node.code):
            yield Task(
                "runs", say("task.publish_run", run=name), reverse("runs-record", args=[run.pk])
            )
        elif run.state == "draft" and actor.may("inventory.lock", run.node.code):
            errors = run.findings.filter(state="open", severity="error").count()
            key = "task.settle_run" if errors else "task.lock_run"
            yield Task(
                "runs", say(key, run=name, errors=errors), reverse("runs-findings", args=[run.pk])
            )
