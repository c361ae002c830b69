"""The reports of a run as files beside its bundle, and what the standards still ask of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from linyin.inventory import ReportItem, report_items
from linyin.inventory.web.baseyear import assessed_at
from linyin.lake import sync_file

if TYPE_CHECKING:
    from linyin.inventory.web.models import RunRecord

__all__ = ["keep_lacking", "lacking_file", "lacking_of", "report_file", "report_name"]


def report_file(run: RunRecord, kind: str, language: str) -> Path:
    """Return where a report of a run is kept; its name tells on what it stands."""
    return _beside(run, f"{language}.{kind}")


def report_name(run: RunRecord, kind: str, language: str) -> str:
    """Return what a report is called where somebody keeps it: whose inventory, of when."""
    return f"{run.node.code}-{run.year}-{run.state}.{language}.{kind}"


def lacking_file(run: RunRecord) -> Path:
    """Return where it is kept which mandatory items the reports of a run as it stands lack."""
    return _beside(run, "lacking.json")


def keep_lacking(file: Path, items: Sequence[ReportItem], scratch: Path) -> None:
    """Keep which items reports lack, whole or not at all."""
    written = scratch / file.name
    written.write_text(json.dumps([one.item for one in items]), encoding="utf-8")
    sync_file(written)
    file.parent.mkdir(parents=True, exist_ok=True)
    written.rename(file)


def lacking_of(run: RunRecord) -> list[ReportItem] | None:
    """Return the items that reports of a run as it stands lack; None before one was written."""
    file = lacking_file(run)
    if not file.exists():
        return None
    names = set(json.loads(file.read_text(encoding="utf-8")))
    return [one for one in report_items() if one.item in names]


def _beside(run: RunRecord, ending: str) -> Path:
    folder = Path(settings.WORKSPACE.derived) / "reports"
    opinions = "".join(f"-v{pk}" for pk in run.opinions.order_by("pk").values_list("pk", flat=True))
    assessed = f"-b{assessed_at(run)}" if run.assessment else ""
    return folder / f"{run.name}-{run.entries_hash[:12]}-{run.state}{opinions}{assessed}.{ending}"
