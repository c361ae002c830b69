"""The inventory's resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from linyin.inventory.web.actions import (
    approve_run,
    assess_base_year,
    deciders_of,
    levels_now,
    lock_run,
    publish_run,
    reopen_finding,
    return_run,
    settle_finding,
    unlock_run,
)
from linyin.inventory.web.called import gwp_called, run_called
from linyin.inventory.web.factors import tasks as _tasks  # noqa: F401 - tells tasks and hits
from linyin.inventory.web.factors.rows import factors
from linyin.inventory.web.finding_words import check_called, finding_told
from linyin.inventory.web.gaps import where_entered
from linyin.inventory.web.imports.actions import forget_import, undo_import
from linyin.inventory.web.matching import unmatched
from linyin.inventory.web.models import Import, RunFinding, RunRecord
from linyin.inventory.web.pages.common import told_of_run, told_of_typed
from linyin.inventory.web.reported import lacking_of
from linyin.lake import Finding
from linyin.ledger.web.row_places import rows_at
from linyin.platform.actions import Action
from linyin.platform.parts import Button, Notice
from linyin.platform.resources import Column, Filter, Resource
from linyin.platform.tree import Tree
from linyin.platform.words import enumerated, lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.resources.source import Row

__all__ = ["factors", "imports", "run_findings", "runs"]

_NAMED: Final = 3


def _tell_before(actor: Actor, action: Action, run: RunRecord) -> Iterator[Notice]:
    """Tell before a run is locked, approved or published what is open, and what is for ever."""
    if action is lock_run:
        yield from _nobody_decides(actor, run)
    if action in (lock_run, approve_run, publish_run):
        yield from told_of_run(run)
        yield from told_of_typed(Tree().subtree(run.node.code), [run.year])
        open_ = run.findings.filter(severity="warning", state="open").count()
        if open_:
            yield Notice(say("run.warns", number=open_), say("run.warns.help"), "warning")
    if action is publish_run:
        if waiting := run.engagements.filter(state="open").exclude(opinions__run=run).first():
            told = say("run.unverified", engagement=waiting)
            yield Notice(told, say("run.unverified.help"), "warning")
        yield _told_of_lacking(run)
        yield Notice(say("run.for_ever"), say("run.for_ever.help"), "warning")


def _told_of_lacking(run: RunRecord) -> Notice:
    """Tell which mandatory items the report of a run lacks, or where that is learned."""
    items, href = lacking_of(run), reverse("runs-report", args=[run.pk])
    if items is None:
        button = Button(say("run.unreported.write"), href, tone="quiet")
        return Notice(say("run.unreported"), say("run.unreported.help"), "warning", button=button)
    if not items:
        return Notice(say("run.lacking.none"), tone="good")
    names = [one.text.of(lang()) for one in items[:_NAMED]]
    more = " …" if len(items) > _NAMED else ""
    told = say("run.lacks", count=len(items), items=enumerated(names) + more)
    button = Button(say("run.lacks.see"), href, tone="quiet")
    return Notice(told, say("run.lacks.help"), "warning", button=button)


def _nobody_decides(actor: Actor, run: RunRecord) -> Iterator[Notice]:
    """Tell at which levels nobody could approve a run, were it locked now by the actor.

    Who locks a run decides nothing about it, and nobody decides at two levels.
    """
    tree = Tree()
    free = {level: _free(actor, run, level, tree) for level in levels_now()}
    missing = unmatched(free)
    if missing:
        levels = enumerated(say(f"run.level.{level}") for level in missing)
        told = say("run.nobody_decides", levels=levels)
        yield Notice(told, say("run.nobody_decides.help"), "warning")


def _free(actor: Actor, run: RunRecord, level: str, tree: Tree) -> list[int]:
    return [one.pk for one in deciders_of(run, level, tree) if one != actor.person]


runs = Resource(
    name="runs",
    section="inventory",
    model=RunRecord,
    columns=[
        Column("node", "node", "node__code"),
        Column("year", "code", says=str),
        Column("state", "choice", badge="state"),
        Column("approach", "choice"),
        Column("gwp", "code", says=gwp_called),
        Column("standard", "code"),
        Column("entries", "integer"),
        Column("made_at", "time"),
        Column("name", says=run_called, listed=False),
        Column("reason", listed=False),
        Column("entries_hash", "code", listed=False),
        Column("activities_version", "integer", listed=False),
    ],
    view="inventory.view",
    filters=[
        Filter("node", "around", "node__code"),
        Filter("year"),
        Filter("state"),
        Filter("approach"),
    ],
    search=["name", "year", "node__code", "node__name_en", "node__name_zh", "reason"],
    order="-made_at",
    title="name",
    actions=[lock_run, unlock_run, approve_run, return_run, publish_run, assess_base_year],
    tells=_tell_before,
    offers={
        lock_run.name: lambda run: run.state == "draft",
        unlock_run.name: lambda run: run.state in ("locked", "approved"),
        approve_run.name: lambda run: run.state == "locked",
        return_run.name: lambda run: run.state == "locked",
        publish_run.name: lambda run: run.state == "approved",
    },
    rank=10,
    new="runs-new",
    new_permission="inventory.run",
)
imports = Resource(
    name="imports",
    section="inventory",
    model=Import,
    columns=[
        Column("name"),
        Column("source", "code"),
        Column("node", "node", "node__code"),
        Column("state", "choice", badge="import"),
        Column("person", "text", "person__name"),
        Column("made_at", "time"),
        Column("reason", listed=False),
        Column("size", "integer", says=filesizeformat, listed=False),
        Column("sha256", "code", listed=False),
    ],
    view="activities.edit",
    filters=[Filter("state"), Filter("source"), Filter("node", "node", "node__code")],
    search=["name", "source", "reason"],
    order="-made_at",
    title="name",
    actions=[undo_import, forget_import],
    offers={
        undo_import.name: lambda record: record.state == "committed",
        forget_import.name: lambda record: record.state not in ("committed", "undone"),
    },
    rank=25,
    group="entry",
    new="imports-new",
    opens="imports-look",
)


def _to_its_row(actor: Actor, row: Row) -> Iterator[Button]:
    """Yield what opens the row that a finding is about, where it is still there."""
    at = Finding.from_dict(row["finding"]).at
    for href in rows_at(actor, [at]).values():
        yield Button(say("run-findings.open_row"), href, "map-pin")
    if href := where_entered(actor, row["finding"]):
        yield Button(say("run-findings.enter"), href, "table")


run_findings = Resource(
    name="run-findings",
    section="inventory",
    model=RunFinding,
    columns=[
        Column("finding", says=finding_told, sortable=False),
        Column("code", "code", says=check_called, listed=False, shown=False),
        Column("run", "link", "run__pk", target="runs"),
        Column("severity", "choice", badge="severity"),
        Column("state", "choice", badge="status"),
        Column("comment"),
    ],
    view="inventory.view",
    filters=[Filter("run", path="run__pk"), Filter("severity"), Filter("state"), Filter("code")],
    search=["code", "comment"],
    order="severity",
    actions=[settle_finding, reopen_finding],
    offers={
        settle_finding.name: lambda finding: finding.state == "open",
        reopen_finding.name: lambda finding: finding.state != "open",
    },
    buttons=_to_its_row,
    in_menu=False,
    under="runs-list",
)
