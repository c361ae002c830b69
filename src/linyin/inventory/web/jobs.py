"""The long work of the room: calculating runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from django.conf import settings
from django.urls import reverse

from linyin.inventory.web.baseyear import assess, assessment_of
from linyin.inventory.web.calculating import calculate, placing_runs
from linyin.inventory.web.causes import foresee_causes
from linyin.inventory.web.imports.checking import CHECKING
from linyin.lake import temporary_workspace
from linyin.ledger.web.row_places import rows_at
from linyin.platform.jobs import JobCancelled, job
from linyin.platform.jobs_pages import PLACES, RESULTS
from linyin.platform.receiving import forget_folders

if TYPE_CHECKING:
    from linyin.inventory import Inventory, ReportFormat, ReportStanding, ReportState
    from linyin.inventory.web.models import Import, RunRecord
    from linyin.platform.jobs import JobContext
    from linyin.platform.models import Job
    from linyin.platform.tree import Tree
    from linyin.platform.words import Lang

__all__ = ["IMPORT_JOBS", "assess_base_year_of", "calculate_runs", "write_run_report"]

STEPS: Final = ("read", "contexts", "factors", "supply", "entries", "bundle", "checks", "causes")


def _runs_page(done: Job) -> str:
    """Return where the last of the calculated runs opens."""
    return reverse("runs-record", args=[(done.result or {})["runs"][-1]])


def _report_page(done: Job) -> str:
    """Return where a written report is given."""
    made = done.result or {}
    return reverse("runs-download", args=[made["run"], made["language"], made["kind"]])


def _base_year_page(done: Job) -> str:
    """Return where what was found out about the base year is shown."""
    return reverse("runs-base-year", args=[done.arguments["run"]])


def _mapping_page(done: Job) -> str:
    """Return where the headers that were read are mapped."""
    return reverse("imports-map", args=[done.arguments["record"]])


def _import_page(done: Job) -> str:
    """Return where an import opens."""
    return reverse("imports-look", args=[done.arguments["record"]])


IMPORT_JOBS: Final = ("inventory.check_import", "inventory.import", "inventory.undo_import")
RESULTS.update(dict.fromkeys(IMPORT_JOBS, _import_page))
RESULTS.update({"inventory.calculate": _runs_page, "inventory.report": _report_page})
PLACES.update(dict.fromkeys(("inventory.calculate", "inventory.assess"), rows_at))
RESULTS["inventory.assess"] = _base_year_page
RESULTS["inventory.read_import"] = _mapping_page


@job("inventory.calculate")
def calculate_runs(
    context: JobContext,
    *,
    node: str,
    years: list[int],
    approach: str = "",
    gwp: str = "",
    standard: str = "",
    reason: str = "",
    restates: int = 0,
    structure_of: int = 0,
) -> dict[str, Any]:
    """Calculate runs; taken up again after a crash, it begins anew and keeps one result."""
    from linyin.inventory.web.models import RunRecord

    def progress(step: str) -> None:
        context.step(f"step.{step}", STEPS.index(step) if step in STEPS else 0, len(STEPS))

    kept = context.kept("runs")
    if kept is not None:
        with placing_runs():  # removes what the recorded runs replaced
            pass
    else:
        runs = calculate(
            context.actor, node, years, approach=approach, gwp=gwp, standard=standard,
            reason=reason, restates=restates, structure_of=structure_of, progress=progress,
            once=context.once,
        )  # fmt: skip
        kept = [run.pk for run in runs]
    progress("causes")
    for run in RunRecord.objects.filter(pk__in=kept):
        foresee_causes(run)
    return {"runs": kept}


@job("inventory.assess")
def assess_base_year_of(context: JobContext, *, run: int) -> dict[str, Any]:
    """Assess the base year as it is seen from a run, and keep what was found with the run."""
    from linyin.inventory.web.models import RunRecord

    context.step("step.assess", 0, 1)
    assess(RunRecord.objects.get(pk=run))
    return {"run": run}


@job("inventory.report")
def write_run_report(
    context: JobContext, *, run: int, kind: ReportFormat, language: Lang, state: str
) -> dict[str, Any]:
    """Write a report of a run; a file that is there already stays, half of one never is."""
    from linyin.inventory import Inventory, report_lacks, report_model, write_report
    from linyin.inventory.web.models import RunRecord
    from linyin.inventory.web.reported import keep_lacking, lacking_file, report_file
    from linyin.inventory.web.verification.told import stated_on

    record = RunRecord.objects.get(pk=run)
    file, lacking = report_file(record, kind, language), lacking_file(record)
    context.step("step.report", 0, 1)
    if record.state == state and not (file.exists() and lacking.exists()):
        with temporary_workspace(settings.WORKSPACE.derived) as scratch:
            model = report_model(
                Inventory(record.path), kind,
                earlier=_earlier(record, context.actor.tree), verification=stated_on(record),
                assessment=assessment_of(record), standing=_standing(record),
            )  # fmt: skip
            written = write_report(model, scratch / file.name, kind, language)
            keep_lacking(lacking, report_lacks(model), scratch)
            written.rename(file)
    return {"run": run, "kind": kind, "language": language}


def _standing(record: RunRecord) -> ReportStanding:
    """Return how far a run is, who prepared it, and who has approved it at its levels."""
    from linyin.inventory import ReportStanding
    from linyin.inventory.web.actions import approvers_of

    prepared_by = record.prepared_by.name if record.prepared_by else ""
    state = "published" if record.state == "superseded" else record.state
    approved_by = ", ".join(approvers_of(record)) if state in ("approved", "published") else ""
    return ReportStanding(cast("ReportState", state), prepared_by, approved_by)


def _earlier(record: RunRecord, tree: Tree) -> list[Inventory]:
    """Return the inventories of the years before, the best run of each."""
    from linyin.inventory import Inventory
    from linyin.inventory.web.figures import best_run, years_of
    from linyin.inventory.web.models import RunRecord

    kept = (
        best_run(RunRecord.objects.filter(node=record.node, year=year, approach=record.approach))
        for year in years_of(record.node.code, tree)
        if year < record.year
    )
    return [Inventory(run.path) for run in kept if run is not None]


@job("inventory.read_import", is_awaited=True)
def read_import_file(context: JobContext, *, record: int) -> dict[str, Any]:
    """Read the headers of a large file; one that cannot be read says why."""
    from linyin.inventory.web.imports.actions import keep_headers
    from linyin.inventory.web.imports.checking import headers_read

    def reading() -> None:
        context.step("step.read_file", 0, 1)

    reading()
    kept = _import(record)
    if not kept.headers:
        keep_headers(context.actor, kept, headers=headers_read(kept, reading))
    return {"record": record}


@job("inventory.check_import", is_awaited=True)
def check_import_file(context: JobContext, *, record: int) -> dict[str, Any]:
    """Check an import as it is mapped; nothing is written to the lake."""
    from linyin.inventory.web.imports.actions import check_import

    step = _steps(context, CHECKING)
    checked = check_import(context.actor, _import(record), step=step)
    if checked is None:
        raise JobCancelled
    return {"record": record, "errors": checked.counts["errors"]}


@job("inventory.import")
def commit_import_file(context: JobContext, *, record: int) -> dict[str, Any]:
    """Write a checked import; taken up again after a crash, it writes nothing twice."""
    from linyin.inventory.web.imports.actions import commit_import

    step = _steps(context, (*CHECKING, "step.post"))
    commit_import(context.actor, _import(record), step=step)
    return {"record": record}


@job("inventory.undo_import")
def undo_import_file(context: JobContext, *, record: int, reason: str) -> dict[str, Any]:
    """Take a committed import back; taken up again after a crash, it writes nothing twice."""
    from linyin.inventory.web.imports.actions import restore_source

    step = _steps(context, ("step.compare", "step.undo_import"))
    restore_source(context.actor, _import(record), reason=reason, step=step)
    return {"record": record}


def _steps(context: JobContext, names: Sequence[str]) -> Callable[[str], None]:
    """Return what tells the job which of some steps it is at, and ends it if it was cancelled."""
    return lambda name: context.step(name, names.index(name), len(names))


def _import(key: int) -> Import:
    """Return an import that nobody has forgotten meanwhile."""
    from linyin.inventory.web.models import Import

    record = Import.objects.filter(pk=key).first()
    if record is None:
        raise JobCancelled
    return record


@job("inventory.clean_up", every=timedelta(days=1))
def clean_up_imports(context: JobContext) -> dict[str, Any]:
    """Remove the files of imports whose web process died before they were recorded."""
    from linyin.inventory.web.models import Import

    context.step("uploads")
    known = {record.folder.name for record in Import.objects.only("pk")}
    return {"uploads": forget_folders(Import.FOLDER, timedelta(days=1), known)}
