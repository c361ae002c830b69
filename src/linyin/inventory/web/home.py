"""The homes of those who work with inventories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.urls import reverse

from linyin.inventory.web.actions import may_decide, next_level, next_levels
from linyin.inventory.web.causes import Causes, causes_chart, causes_of
from linyin.inventory.web.charts import scopes_chart, signed
from linyin.inventory.web.checklist import first_steps
from linyin.inventory.web.figures import Figures, figures_in, figures_of, settled_before, years_of
from linyin.inventory.web.models import RunRecord
from linyin.inventory.web.pages.common import (
    asked_node,
    asked_run,
    texts,
    told_of_part,
    told_of_run,
    year_notice,
)
from linyin.inventory.web.pages.overview import headline, line_table
from linyin.ledger.web.grid_rows import year_to_enter
from linyin.ledger.web.home import missing_months
from linyin.platform.grants import visible_to
from linyin.platform.home import Decision, Home, home_of
from linyin.platform.models import AuditHead
from linyin.platform.numbers import MassScale, percent
from linyin.platform.parts import Button, Column, Link, Notice, Row, Table, digest
from linyin.platform.parts.base import Part
from linyin.platform.parts.cells import Printed
from linyin.platform.tasks import Task, add_tasks
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.shell import Page

__all__ = ["board_home", "entity_home", "office_home", "reader_home", "run_tasks"]


@home_of("reader")
def reader_home(page: Page) -> Home:
    """Show the newest figures of the reader's node, how they moved, what they rest on."""
    standing = _standing(page)
    return standing.home(standing.scopes()) if isinstance(standing, _Standing) else standing


@home_of("carbon_office")
def office_home(page: Page) -> Home:
    """Show what moved the total since the year before, and which site-months are missing."""
    standing = _standing(page)
    steps = first_steps(page.actor)
    if not isinstance(standing, _Standing):
        return standing if steps is None else steps
    year = standing.now.run.year
    missing = missing_months(page.actor.nodes("activities.view"), max(year, year_to_enter()))
    below = [*(steps.below if steps else ()), *([(missing.caption, missing)] if missing else [])]
    notices = steps.notices if steps else ()
    return standing.home(standing.moved(standing.before(year - 1)), below, notices)


@home_of("committee")
def board_home(page: Page) -> Home:
    """Show one page to print: what moved the total since the first year, and every line."""
    standing = _standing(page)
    if not isinstance(standing, _Standing):
        return standing
    lines = line_table(page.request, standing.now, standing.several, standing.scale)
    first = standing.before(min(standing.several))
    return standing.home(standing.moved(first), [(say("inventory.by_line"), lines)])


@home_of("entity_manager")
def entity_home(page: Page) -> Home:
    """Show what changed since the last approval and take the decision that waits."""
    standing = _standing(page)
    if not isinstance(standing, _Standing):
        return standing
    run = standing.now.run
    approved = standing.approved()
    lines = standing.top_lines(approved)
    below = [(lines.caption, lines)] if lines else []
    decision = None
    if may_decide(page.actor, run):
        decision = _decision(run)
    return standing.home(standing.moved(approved), below, decision=decision)


def _decision(run: RunRecord) -> Decision:
    """Return the approval of a run, to be given or refused at home by the run's own actions."""
    name = say("run.title", node=run.node.name(lang()), year=run.year)
    actions = [
        (say(f"action.{action}"), reverse("runs-act", args=[run.pk, action]), tone)
        for action, tone in (
            ("inventory.approve_run", "primary"),
            ("inventory.return_run", "plain"),
        )
    ]
    href = reverse("runs-approvals", args=[run.pk])
    return Decision(say("task.approve_run", run=name), href, actions, run.version)


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where a node stands: the figures of its years, of which one is asked for."""

    page: Page
    now: Figures
    several: dict[int, Figures]
    scale: MassScale
    name: str
    notice: Notice | None = None

    def home(
        self,
        main: Part,
        below: Sequence[tuple[str, Part]] = (),
        notices: Sequence[Notice] = (),
        decision: Decision | None = None,
    ) -> Home:
        figures = headline(self.page.request, self.now, self.several, self.scale)
        trust, subject = list(_trust(self.page.actor, self.now)), str(self.now.run)
        told = [*notices, *told_of_run(self.now.run, self.notice, self.now.is_part)]
        if self.now.is_part:
            subject = say("inventory.part_title", node=self.name, year=self.now.run.year)
        told += filter(None, [told_of_part(self.now.run, is_part=self.now.is_part)])
        return Home(figures, main, trust, told, below, subject, decision)

    def scopes(self) -> Part:
        return scopes_chart(self.several, self.scale)

    def before(self, year: int) -> RunRecord | None:
        """Return the run of an earlier year, the nearest before it where that has none."""
        earlier = [y for y in self.several if y <= year and y < self.now.run.year]
        return self.several[max(earlier)].run if earlier else None

    def approved(self) -> RunRecord | None:
        """Return the newest like run that went through all levels, else the one of before."""
        return settled_before(self.now.run) or self.before(self.now.run.year - 1)

    def causes(self, before: RunRecord | None) -> Causes | None:
        """Return what moved the total; None for a first run, and for a part of somebody's run.

        Causes are those of whole runs: to who reaches a part they would tell of the rest.
        """
        if before is None or self.now.is_part or before.node_id != self.now.run.node_id:
            return None
        return causes_of(before, self.now.run, self.now.method)

    def moved(self, before: RunRecord | None) -> Part:
        """Draw what moved the total, or the scopes of the years where that is not told."""
        causes = self.causes(before)
        if before is None or causes is None:
            return self.scopes()
        return causes_chart(causes, before, self.now.run)

    def top_lines(self, before: RunRecord | None) -> Table | None:
        """Return the lines that moved most, where that is told."""
        causes = self.causes(before)
        if before is None or causes is None:
            return None
        scale = MassScale.of([abs(mass) for _, mass in causes.lines])
        vocabulary = texts()
        entries = reverse("runs-entries", args=[self.now.run.pk])
        rows = [
            Row(
                [Link(f"{line}  {vocabulary.known('line', line)}"), Printed(signed(mass, scale))],
                f"{entries}?line={line}",
            )
            for line, mass in causes.lines[:5]
        ]
        columns = [
            Column(say("inventory.line"), is_wide=True),
            Column(say("inventory.change"), scale.unit, is_number=True),
        ]
        return Table(say("home.top_lines", year=before.year), columns, rows, is_dense=True)


def _standing(page: Page) -> _Standing | Home:
    """Return where the reader's node stands, or the home of one that has no run yet."""
    node = asked_node(page.request, page.actor)
    if node is None:
        return Home()
    several = {
        year: figures
        for year in years_of(node.code, page.actor.tree)[-6:]
        if (figures := figures_of(page.actor, node.code, year))
    }
    if not several:
        button = (
            Button(say("runs.new"), reverse("runs-new"), "player-play", "primary")
            if page.actor.may("inventory.run", node.code)
            else None
        )
        return Home(notices=[Notice(say("home.no_run"), say("home.no_run.help"), button=button)])
    run, asked = asked_run(page.request), page.scope.year
    if run is not None:
        several[run.year] = figures_in(page.actor, run, node.code)
    now = several[run.year if run else asked if asked in several else max(several)]
    scale = MassScale.of([figures.total for figures in several.values()])
    page.shows(now.run.year)
    notice = None if run else year_notice(asked, now.run.year)
    return _Standing(page, now, several, scale, node.name(lang()), notice)


def _trust(actor: Actor, now: Figures) -> Iterator[tuple[str, Any]]:
    run = now.run
    is_seen = visible_to(actor, RunRecord, "inventory.view").filter(pk=run.pk).exists()

    def leading(text: str, route: str) -> Any:
        return Link(text, reverse(route, args=[run.pk])) if is_seen else text

    open_: dict[str, Any] = {
        s: run.findings.filter(state="open", severity=s).count()
        for s in ("error", "warning", "question")
    }
    yield say("trust.findings"), leading(say("trust.findings.open", **open_), "runs-findings")
    yield say("trust.estimated"), percent(now.estimated_share)
    level = next_level(run)
    state = say(f"runs.state.{run.state}")
    waiting = say("trust.waits", level=say(f"run.level.{level}")) if level else ""
    yield say("trust.state"), leading(f"{state} {waiting}".strip(), "runs-approvals")
    yield say("trust.hash"), digest(run.entries_hash)
    head = AuditHead.objects.first()
    if head is not None:
        yield say("trust.audit"), say("trust.audit.events", number=f"{head.number:,}")


@add_tasks
def run_tasks(actor: Actor) -> Iterator[Task]:
    """Tell which runs wait for the actor: to be approved, or to have errors settled."""
    open_errors = Count("findings", filter=Q(findings__state="open", findings__severity="error"))
    runs = list(
        visible_to(actor, RunRecord, "inventory.view")
        .exclude(state__in=("published", "superseded"))
        .select_related("node", "prepared_by")
        .annotate(open_errors=open_errors)
    )
    levels = next_levels(runs)
    for run in runs:
        name = say("run.title", node=run.node.name(lang()), year=run.year)
        level = levels.get(run.pk, "")
        if level and actor.may(f"inventory.approve_{level}", run.node.code):
            if not run.is_prepared_by(actor.person):
                yield Task(
                    "runs", say("task.approve_run", run=name), reverse("runs-record", args=[run.pk])
                )
        elif run.state == "approved" and actor.may("inventory.publish", run.node.code):
            yield Task(
                "runs", say("task.publish_run", run=name), reverse("runs-record", args=[run.pk])
            )
        elif run.state == "draft" and actor.may("inventory.lock", run.node.code):
            errors = run.open_errors
            key = "task.settle_run" if errors else "task.lock_run"
            yield Task(
                "runs", say(key, run=name, errors=errors), reverse("runs-findings", args=[run.pk])
            )
