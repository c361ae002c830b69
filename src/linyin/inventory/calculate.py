"""From a folder to inventories: post the rows, calculate the runs, write their bundles."""

from __future__ import annotations

from collections.abc import Callable
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
    Lake,
    errors_in,
    ordered_findings,
    start_engine,
    temporary_workspace,
)
from linyin.organization import Period

__all__ = ["RUNS", "calculate", "calculate_posted"]

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
    jobs, _ = jobs_of(source, request)
    spans = [Period(job.run.begin, job.run.end) for job in jobs]
    nothing = list(uncovered(source, spans))
    if nothing:
        raise BadInput([*source.findings, *nothing])
    told = (*source.findings, *left_out(source, spans))
    source = replace(source, findings=ordered_findings(told))
    progress("post")
    lake = post_activities(source)
    return calculate_posted(
        source,
        lake,
        request,
        place=lambda run: _place(source, run, out, len(jobs)),
        fixed=out is not None,
        work=source.path / ".linyin",
        progress=progress,
        on=on,
    )


def calculate_posted(
    folder: Folder,
    lake: Lake,
    request: Request,
    *,
    place: Callable[[str], Path],
    fixed: bool,
    work: Path,
    version: int | None = None,
    progress: Progress = lambda _: None,
    on: Engine | None = None,
) -> list[Inventory]:
    """Calculate runs over rows that stand in a lake already.

    Parameters
    ----------
    folder : Folder
        Everything beside the rows; its own rows are not looked at.
    lake : Lake
    request : Request
    place : callable
        Name of a run → where its bundle goes.
    fixed : bool
        As of :func:`linyin.inventory.bundling.place_bundle`.
    work : Path
        Where scratch files go; on one file system with the bundles.
    version : int, optional
        Version of the table of activities that is read; the last if None.
    progress, on
        As of :func:`calculate`.

    Raises
    ------
    BadInput
        With everything that is wrong; no bundle is written.

    """
    folder.require()
    jobs, metering = jobs_of(folder, request)
    running = on or start_engine()
    try:
        with temporary_workspace(work) as scratch:
            activities = export_activities(lake, scratch, [job.run for job in jobs], version)
            metering.reads(activities)
            calculated = run_jobs(folder, jobs, activities, scratch / "entries", running, progress)
            wrong = [f for r in calculated.runs.values() for f in errors_in(r.findings)]
            if wrong:
                raise BadInput([*folder.findings, *wrong])
            progress("bundle")
            bundles = [
                write_bundle(scratch, folder, job.run, request, calculated, activities)
                for job in jobs
            ]
            placed = (
                place_bundle(bundle, place(job.run.run), fixed=fixed)
                for job, bundle in zip(jobs, bundles, strict=True)
            )
            return [Inventory(bundle) for bundle in placed]
    finally:
        if on is None:
            running.close()


def _place(folder: Folder, run: str, out: Path | None, jobs: int) -> Path:
    if out is None:
        return folder.path / RUNS / run
    return out if jobs == 1 else out / run
