"""From a folder to inventories: post the rows, calculate the runs, write their bundles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from linyin.inventory.bundling import place_bundle, write_bundle
from linyin.inventory.coverage import left_out, uncovered
from linyin.inventory.estimate import without_superseded
from linyin.inventory.folder import Folder, read_folder
from linyin.inventory.inventory import Inventory
from linyin.inventory.jobs import Progress, Request, jobs_of, run_jobs
from linyin.inventory.posting import export_activities, post_activities
from linyin.lake import (
    BadInput,
    Engine,
    errors_in,
    ordered_findings,
    start_engine,
    temporary_workspace,
)
from linyin.ledger import Job
from linyin.organization import Period

__all__ = ["RUNS", "calculate"]

RUNS: Final = ".linyin/runs"


def calculate(
    folder: Folder | Path | str,
    request: Request,
    *,
    out: Path | None = None,
    progress: Progress = lambda _: None,
    on: Engine | None = None,
) -> list[Inventory]:
    """Calculate every combination of years, entities, approaches, GWP sets and standards.

    Parameters
    ----------
    folder : Folder or path
    request : Request
    out : Path, optional
        The bundle (one run) or the folder of bundles (several); default: `.linyin/runs` inside
        the folder.
    progress : callable
        Told the name of each step.
    on : Engine, optional
        Default: what `LINYIN_ENGINE` names.

    Returns
    -------
    list of Inventory
        One for each run, in the order asked.

    Raises
    ------
    BadInput
        With everything that is wrong; nothing is posted or written.

    """
    progress("read")
    source = folder if isinstance(folder, Folder) else read_folder(folder)
    source.require()
    source = without_superseded(source)
    jobs, operations = jobs_of(source, request)
    spans = [Period(job.run.begin, job.run.end) for job in jobs]
    nothing = list(uncovered(source, spans))
    if nothing:
        raise BadInput([*source.findings, *nothing])
    told = (*source.findings, *left_out(source, spans))
    source = replace(source, findings=ordered_findings(told))
    progress("post")
    lake = post_activities(source)
    running = on or start_engine()
    try:
        with temporary_workspace(source.path / ".linyin") as work:
            activities = export_activities(lake, work, [job.run for job in jobs])
            operations.reads(activities)
            calculated = run_jobs(source, jobs, activities, work / "entries", running, progress)
            wrong = [f for r in calculated.runs.values() for f in errors_in(r.findings)]
            if wrong:
                raise BadInput([*source.findings, *wrong])
            progress("bundle")
            bundles = [
                write_bundle(work, source, job.run, request, calculated, activities) for job in jobs
            ]
            placed = (
                place_bundle(bundle, _place(source, job, out, len(jobs)), fixed=out is not None)
                for job, bundle in zip(jobs, bundles, strict=True)
            )
            return [Inventory(place) for place in placed]
    finally:
        if on is None:
            running.close()


def _place(folder: Folder, job: Job, out: Path | None, jobs: int) -> Path:
    if out is None:
        return folder.path / RUNS / job.run.run
    return out if jobs == 1 else out / job.run.run
