"""The base year as a run of the workspace sees it: assessed by a job, kept with the run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from linyin.inventory import parse_config
from linyin.inventory.web.models import RunRecord, Settings
from linyin.inventory.web.records import folder_now, stated_config
from linyin.lake import BadInput, Finding, temporary_workspace
from linyin.ledger import ACTIVITIES
from linyin.platform.lake import workspace_lake

if TYPE_CHECKING:
    from linyin.inventory import BaseYearAssessment, Config

__all__ = [
    "assess",
    "assessed_at",
    "assessment_of",
    "is_assessable",
    "require_assessable",
    "rules_now",
    "stated_run",
]


def rules_now() -> Config:
    """Return what the reporter has decided; what is wrong in it stands at its default."""
    config, _ = parse_config(stated_config(Settings.now().config))
    return config


def is_assessable(run: RunRecord) -> bool:
    """Whether the base year can be seen from a run."""
    return not _hindrances(run)


def require_assessable(run: RunRecord) -> None:
    """Refuse a run from which the base year cannot be seen.

    Raises
    ------
    BadInput
        If no base year is decided, the run lies before it, or was calculated by other rules.

    """
    found = _hindrances(run)
    if found:
        raise BadInput(found)


def _hindrances(run: RunRecord) -> list[Finding]:
    config = rules_now()
    base = config.base_year.year
    if base is None:
        return [Finding("assessment-base-year-unset", "error")]
    fields = {"run": run.name, "base_year": str(base)}
    fields |= {"approach": config.approach, "gwp": config.gwp}
    if run.year < base:
        return [Finding("assessment-before-base-year", "error", fields=fields)]
    if (run.approach, run.gwp) != (config.approach, config.gwp):
        return [Finding("assessment-other-rules", "error", fields=fields)]
    return []


def stated_run(run: RunRecord, base_year: int) -> RunRecord | None:
    """Return the base year as it was published last on a run's boundary, None if it never was."""
    published = RunRecord.objects.filter(
        node=run.node, year=base_year, approach=run.approach, state="published"
    )
    return published.order_by("-published_at").first()


def assess(run: RunRecord) -> BaseYearAssessment:
    """Assess the base year against a run's year over the rows of today, and keep the result.

    Raises
    ------
    BadInput
        As :func:`require_assessable` and :func:`linyin.inventory.assess_base_year`.

    """
    from linyin.inventory import Inventory, LakeRows, assess_base_year

    require_assessable(run)
    work = Path(settings.WORKSPACE.derived)
    lake = workspace_lake()
    with temporary_workspace(work) as scratch:
        root = scratch / "records"
        root.mkdir()
        folder = folder_now(root)
        base = int(folder.config.base_year.year or 0)
        stated = stated_run(run, base)
        found = assess_base_year(
            folder,
            base,
            run.year,
            entity=run.node.code,
            stated=Inventory(stated.path) if stated else None,
            rows=LakeRows(lake, scratch, lake.version(ACTIVITIES)),
        )
    kept = {"at": timezone.now().isoformat(), "stated": stated.pk if stated else None}
    RunRecord.objects.filter(pk=run.pk).update(assessment=kept | found.to_dict())
    return found


def assessment_of(run: RunRecord) -> BaseYearAssessment | None:
    """Return what was found out from a run, None if nobody has asked."""
    from linyin.inventory import BaseYearAssessment

    return BaseYearAssessment.from_dict(run.assessment) if run.assessment else None


def assessed_at(run: RunRecord) -> str:
    """Return when a run's assessment was made, as part of a file's name; '' if it was not."""
    at: str = run.assessment.get("at", "")
    return "".join(letter for letter in at if letter.isdigit())
