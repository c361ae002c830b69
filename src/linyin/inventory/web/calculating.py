"""Calculating runs of the workspace: records and rows in, bundles and their records out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import transaction

from linyin.inventory import (
    CalculationRequest,
    Inventory,
    calculate_posted,
    run_checks,
    under_structure_of,
)
from linyin.inventory.web.events import RUN_CALCULATED, tell_of_run
from linyin.inventory.web.figures import best_run
from linyin.inventory.web.models import RunFinding, RunRecord
from linyin.inventory.web.records import folder_now
from linyin.inventory.web.totals import totals_of
from linyin.inventory.web.verification.handing import hand_over
from linyin.lake import FileLease, temporary_workspace
from linyin.ledger import ACTIVITIES
from linyin.ledger.web.unapproved import not_approved
from linyin.ledger.web.unreported import never_reported
from linyin.organization.web.models import Node
from linyin.platform.actions import require
from linyin.platform.audit import record_event
from linyin.platform.lake import workspace_lake

if TYPE_CHECKING:
    from linyin.lake import Finding, Lake
    from linyin.platform.actor import Actor

__all__ = ["calculate", "keep_runs", "placing_runs"]

type Once = Callable[[str, Callable[[], list[int]]], list[int]]

_WAIT_SECONDS: Final = 600.0


def at_once(_: str, function: Callable[[], list[int]]) -> list[int]:
    """Do what is done once where nobody may be killed and begin again: as one transaction."""
    with transaction.atomic():
        return function()


def calculate(
    actor: Actor,
    node: str,
    years: list[int],
    *,
    approach: str = "",
    gwp: str = "",
    standard: str = "",
    reason: str = "",
    restates: int = 0,
    structure_of: int = 0,
    progress: Callable[[str], None] = lambda _: None,
    once: Once = at_once,
) -> list[RunRecord]:
    """Calculate a run of each year and keep it; drafts of the same question are replaced.

    Parameters
    ----------
    actor
        Who prepares them.
    node, years, approach, gwp, standard, reason, restates
        What is asked; empty = as the reporter decided.
    structure_of
        A later year under whose structure a run of one year is calculated; 0 = its own.
    progress
        Called with the name of every step.
    once
        Records the runs; of a job, `JobContext.once`.

    Raises
    ------
    BadInput
        With everything that is wrong; no run is kept.

    """
    work = Path(settings.WORKSPACE.derived)
    lake = workspace_lake(actor)
    version = lake.version(ACTIVITIES)
    old = RunRecord.objects.filter(pk=restates).first() if restates else None
    request = CalculationRequest(
        years=tuple(years),
        entities=(node,),
        approaches=(approach,) if approach else (),
        gwp_sets=(gwp,) if gwp else (),
        standards=(standard,) if standard else (),
        reason=reason,
        restates=old.entries_hash if old else "",
    )
    with temporary_workspace(work) as scratch:
        progress("read")
        root = scratch / "records"
        root.mkdir()
        folder = folder_now(root)
        if structure_of:
            require(structure_of >= max(years) and len(years) == 1, "run-structure-earlier")
            folder, request = under_structure_of(folder, request, structure_of)
        inventories = calculate_posted(
            folder,
            lake,
            request,
            place=lambda name: scratch / "runs" / name,
            fixed=True,
            work=work,
            version=version,
            progress=progress,
        )
        progress("checks")
        with placing_runs():
            placed = [Inventory(_place(inventory.path)) for inventory in inventories]
            return keep_runs(
                actor, placed, lake, version=version, reason=reason, old=old, once=once
            )


@contextmanager
def placing_runs() -> Iterator[None]:
    """Bring bundles under the workspace's `runs` and record them, one process at a time.

    What no record names there then has lost who made it, or was replaced: it is removed first.
    """
    folder = Path(settings.WORKSPACE.runs)
    with FileLease(folder / "placing.lock", "place runs").acquire(_WAIT_SECONDS):
        kept = set(RunRecord.objects.values_list("name", flat=True))
        for path in folder.iterdir():
            if path.is_dir() and path.name not in kept:
                _remove(path)
        yield


def _remove(path: Path) -> None:
    """Remove a bundle and its pins; the folder goes last, so that what is left is found again."""
    lake = workspace_lake()
    for version, runs in lake.pins(ACTIVITIES).items():
        if path.name in runs:
            lake.unpin(ACTIVITIES, version, path.name)
    shutil.rmtree(path, ignore_errors=True)


def _place(bundle: Path) -> Path:
    """Move a bundle to the next free place of its name: `2023-…`, `2023-…-2`, …"""
    place, number = Path(settings.WORKSPACE.runs) / bundle.name, 1
    while place.exists():
        number += 1
        place = place.with_name(f"{bundle.name}-{number}")
    shutil.move(bundle, place)
    return place


def keep_runs(
    actor: Actor,
    inventories: Sequence[Inventory],
    lake: Lake,
    *,
    version: int | None = None,
    reason: str = "",
    old: RunRecord | None = None,
    once: Once = at_once,
) -> list[RunRecord]:
    """Keep calculated runs whose bundles are in place: pin their rows, check them, record them.

    Called within :func:`placing_runs`.

    Parameters
    ----------
    actor
        Who prepared them.
    inventories
        Bundles under the workspace's `runs`.
    lake
        The workspace's.
    version
        Version of the activities that they were calculated over; the last if None.
    reason, old
        Of a restatement.
    once
        As of :func:`calculate`.

    """
    at = lake.version(ACTIVITIES) if version is None else version
    for inventory in inventories:
        lake.pin(ACTIVITIES, at, inventory.path.name)
    previous = {inventory.run["year"]: inventory for inventory in inventories}
    found = [
        [
            *inventory.findings,
            *run_checks(inventory, _before(inventory, previous)),
            *_of_months(actor, inventory.run),
        ]
        for inventory in inventories
    ]
    keys = once(
        "runs",
        lambda: [
            _kept(actor, inventory, findings, at, reason, old).pk
            for inventory, findings in zip(inventories, found, strict=True)
        ],
    )
    records = RunRecord.objects.in_bulk(keys)
    return [records[key] for key in keys]


def _of_months(actor: Actor, run: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what the month grid knows of a run and its rows do not."""
    sites = actor.tree.subtree(run["entity"])
    begin, end = date.fromisoformat(run["begin"]), date.fromisoformat(run["end"])
    yield from never_reported(sites, begin, end)
    yield from not_approved(sites, begin, end)


def _before(inventory: Inventory, these: Mapping[int, Inventory]) -> Inventory | None:
    """Return the inventory of the year before: of this calculation, else the best one kept."""
    year = inventory.run["year"] - 1
    if year in these:
        return these[year]
    kept = best_run(
        RunRecord.objects.filter(
            node__code=inventory.run["entity"], year=year, approach=inventory.run["approach"]
        )
    )
    return Inventory(kept.path) if kept else None


def _kept(
    actor: Actor,
    inventory: Inventory,
    findings: Sequence[Finding],
    version: int,
    reason: str,
    old: RunRecord | None,
) -> RunRecord:
    run: Mapping[str, Any] = inventory.run
    node = Node.objects.get(code=run["entity"])
    question = {
        "node": node, "year": run["year"], "approach": run["approach"], "gwp": run["gwp"],
        "standard": run["standard"],
    }  # fmt: skip
    drafts = list(RunRecord.objects.filter(**question, state="draft"))
    record = RunRecord.objects.create(
        **question,
        name=inventory.path.name,
        begin=date.fromisoformat(run["begin"]),
        end=date.fromisoformat(run["end"]),
        prepared_by=actor.person,
        entries_hash=inventory.manifest.content,
        entries=inventory.manifest.rows,
        activities_version=version,
        totals=totals_of(inventory),
        reason=reason,
        restates=old,
    )
    for draft in drafts:
        if not hand_over(draft, record):
            _drop(draft)
    RunFinding.objects.bulk_create(
        RunFinding(run=record, code=f.code, severity=f.severity, finding=f.to_dict())
        for f in findings
    )
    record_event(
        actor, "inventory.calculate", subject=record._meta.label_lower, key=str(record.pk),
        node=node.code, after={"name": record.name, "hash": record.entries_hash}, reason=reason,
    )  # fmt: skip
    tell_of_run(actor, RUN_CALCULATED, record)
    return record


def _drop(draft: RunRecord) -> None:
    path = draft.path
    draft.delete()
    transaction.on_commit(lambda: _remove(path))
