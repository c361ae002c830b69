"""Calculating runs of the workspace: records and rows in, bundles and their records out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from linyin.inventory import CalculationRequest, calculate_posted
from linyin.inventory.web.models import RunRecord
from linyin.inventory.web.records import folder_now
from linyin.inventory.web.totals import totals_of
from linyin.lake import temporary_workspace
from linyin.ledger import ACTIVITIES
from linyin.organization.web.models import Node
from linyin.platform.audit import record_event
from linyin.platform.lake import workspace_lake

if TYPE_CHECKING:
    from linyin.inventory import Inventory
    from linyin.platform.actor import Actor

__all__ = ["calculate"]


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
    for inventory in inventories:
        lake.pin(ACTIVITIES, version, inventory.path.name)
    with transaction.atomic():
        runs = [_kept(actor, inventory, version, reason, old) for inventory in inventories]
    return runs


def _free_place(name: str) -> Path:
    """Return the next free place of a run's name: `2023-…`, `2023-…-2`, …"""
    place, number = Path(settings.WORKSPACE.runs) / name, 1
    while place.exists():
        number += 1
        place = place.with_name(f"{name}-{number}")
    return place


def _kept(
    actor: Actor, inventory: Inventory, version: int, reason: str, old: RunRecord | None
) -> RunRecord:
    run: Mapping[str, Any] = inventory.run
    node = Node.objects.get(code=run["entity"])
    question = {
        "node": node, "year": run["year"], "approach": run["approach"], "gwp": run["gwp"],
        "standard": run["standard"],
    }  # fmt: skip
    for draft in RunRecord.objects.filter(**question, state="draft"):
        _drop(draft)
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
    record_event(
        actor, "inventory.calculate", subject=record._meta.label_lower, key=str(record.pk),
        node=node.code, after={"name": record.name, "hash": record.entries_hash}, reason=reason,
    )  # fmt: skip
    return record


def _drop(draft: RunRecord) -> None:
    path, name, version = draft.path, draft.name, draft.activities_version
    draft.delete()

    def gone() -> None:
        shutil.rmtree(path, ignore_errors=True)
        workspace_lake().unpin(ACTIVITIES, version, name)

    transaction.on_commit(gone)
