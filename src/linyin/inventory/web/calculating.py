"""Calculating runs of the workspace: records and rows in, bundles and their records out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from linyin.inventory import CalculationRequest, Inventory, calculate_posted, run_checks
from linyin.inventory.web.events import RUN_CALCULATED, tell_of_run
from linyin.inventory.web.figures import best_run
from linyin.inventory.web.models import RunFinding, RunRecord
from linyin.inventory.web.records import folder_now
from linyin.inventory.web.totals import totals_of
from linyin.inventory.web.verification.handing import hand_over
from linyin.lake import temporary_workspace
from linyin.ledger import ACTIVITIES
from linyin.organization.web.models import Node
from linyin.platform.audit import record_event
from linyin.platform.lake import workspace_lake

if TYPE_CHECKING:
    from linyin.lake import Finding, Lake
    from linyin.platform.actor import Actor

__all__ = ["calculate", "keep_runs"]


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
    progress: Callable[[str], None] = lambda _: None,
) -> list[RunRecord]:
    """Calculate a run of each year and keep it; drafts of the same question are replaced.

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
        restates=old.name if old else "",
    )
    with temporary_workspace(work) as scratch:
        progress("read")
        root = scratch / "records"
        root.mkdir()
        inventories = calculate_posted(
            folder_now(root),
            lake,
            request,
            place=_free_place,
            fixed=True,
            work=work,
            version=version,
            progress=progress,
        )
    progress("checks")
    return keep_runs(actor, inventories, lake, version=version, reason=reason, old=old)


def keep_runs(
    actor: Actor,
    inventories: Sequence[Inventory],
    lake: Lake,
    *,
    version: int | None = None,
    reason: str = "",
    old: RunRecord | None = None,
) -> list[RunRecord]:
    """Keep calculated runs whose bundles are in place: pin their rows, check them, record them.

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

    """
    at = lake.version(ACTIVITIES) if version is None else version
    for inventory in inventories:
        lake.pin(ACTIVITIES, at, inventory.path.name)
    previous = {inventory.run["year"]: inventory for inventory in inventories}
    found = [
        [*inventory.findings, *run_checks(inventory, _before(inventory, previous))]
        for inventory in inventories
    ]
    with transaction.atomic():
        return [
            _kept(actor, inventory, findings, at, reason, old)
            for inventory, findings in zip(inventories, found, strict=True)
        ]


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


def _free_place(name: str) -> Path:
    """Return the next free place of a run's name: `2023-…`, `2023-…-2`, …"""
    place, number = Path(settings.WORKSPACE.runs) / name, 1
    while place.exists():
        number += 1
        place = place.with_name(f"{name}-{number}")
    return place


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
    path, name, version = draft.path, draft.name, draft.activities_version
    draft.delete()

    def gone() -> None:
        shutil.rmtree(path, ignore_errors=True)
        workspace_lake().unpin(ACTIVITIES, version, name)

    transaction.on_commit(gone)
