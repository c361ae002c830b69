"""A folder of plain files becomes a workspace: its tables records, its rows activities."""

from __future__ import annotations

import hashlib
import mimetypes
import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from linyin.inventory import CONFIG_FILE, Inventory, post_activities, read_folder
from linyin.inventory.web.calculating import keep_runs, placing_runs
from linyin.inventory.web.models import RunRecord
from linyin.inventory.web.records import adopt_records
from linyin.ledger.web.grid_lines import derive_lines
from linyin.organization.web.models import Node
from linyin.platform.actions import require
from linyin.platform.audit import record_event
from linyin.platform.lake import workspace_lake
from linyin.platform.models import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from linyin.platform.actor import Actor

__all__ = ["adopt", "adopt_runs"]


def adopt(
    actor: Actor, path: Path | str, *, progress: Callable[[str], None] = lambda _: None
) -> None:
    """Bring a folder into an empty workspace: records, rows of activities, evidence.

    Raises
    ------
    BadInput
        With everything that is wrong with the folder, or if the workspace is not empty; the
        records are then as they were.

    """
    require(not Node.objects.exists() and not RunRecord.objects.exists(), "workspace-not-empty")
    progress("read")
    folder = read_folder(path)
    folder.require()
    config = tomllib.loads((folder.path / CONFIG_FILE).read_text(encoding="utf-8"))
    progress("records")
    with transaction.atomic():
        adopt_records(folder, config)
        record_event(actor, "inventory.adopt", subject="folder", key=folder.path.name)
    progress("post")
    post_activities(folder, workspace_lake(actor))
    _keep_evidence(actor, folder.path / "evidence")
    derive_lines(actor)


def _keep_evidence(actor: Actor, evidence: Path) -> None:
    root = Node.objects.filter(kind="group").order_by("code").first() or Node.objects.first()
    if root is None:
        return
    for file in sorted(p for p in evidence.rglob("*") if p.is_file()):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        document = Document(
            sha256=digest,
            name=file.relative_to(evidence).as_posix(),
            media_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
            size=file.stat().st_size,
            node=root,
            person=actor.person,
        )
        if Document.objects.filter(sha256=digest, node=root).exists():
            continue
        document.path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, document.path)
        document.save()


def adopt_runs(actor: Actor, bundles: Sequence[Path]) -> list[RunRecord]:
    """Keep runs that were calculated over the adopted folder: copies of their bundles.

    Raises
    ------
    linyin.ledger.BundleError
        If a bundle is not what its manifest says.

    """
    with placing_runs():
        inventories = []
        for bundle in bundles:
            Inventory(bundle).verify()
            place = Path(settings.WORKSPACE.runs) / bundle.name
            shutil.copytree(bundle, place)
            inventories.append(Inventory(place))
        return keep_runs(actor, inventories, workspace_lake())
