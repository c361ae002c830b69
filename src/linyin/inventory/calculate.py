"""From a folder to inventories: post the rows, calculate the runs, write their bundles."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from linyin.inventory.coverage import uncovered
from linyin.inventory.estimate import without_superseded
from linyin.inventory.folder import Folder, read_folder
from linyin.inventory.inventory import Inventory
from linyin.inventory.runfile import write_run
from linyin.lake import (
    BadInput,
    Engine,
    Finding,
    Lake,
    Where,
    create_revision_table,
    current_revisions,
    errors_in,
    post_revisions,
    start_engine,
    temporary_workspace,
)
from linyin.ledger import (
    ACTIVITIES,
    APPROACHES,
    GWP_SETS,
    STANDARDS,
    Calculated,
    GroupOperations,
    Job,
    Run,
    RunLegs,
    activities_lake_schema,
    calculate_entries,
    catalog_to_table,
    contexts_to_table,
    legs_to_table,
    seal_bundle,
    write_bundle_table,
)
from linyin.organization import Period

__all__ = ["Metering", "Request", "calculate", "job_of", "run_jobs"]

type Progress = Callable[[str], None]
RUNS: Final = ".linyin/runs"


@dataclass(frozen=True, slots=True)
class Request:
    """Which runs to calculate; an empty choice is the folder's own."""

    years: tuple[int, ...]
    entities: tuple[str, ...] = ()
    approaches: tuple[str, ...] = ()
    gwp_sets: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    restated_to: date | None = None
    reason: str = ""
    restates: str = ""


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
    jobs, operations = _jobs(source, request)
    nothing = list(uncovered(source, [Period(job.run.begin, job.run.end) for job in jobs]))
    if nothing:
        raise BadInput([*source.findings, *nothing])
    progress("post")
    lake = _post(source)
    running = on or start_engine()
    try:
        with temporary_workspace(source.path / ".linyin") as work:
            activities = _export(lake, work, [job.run for job in jobs])
            operations.reads(activities)
            calculated = run_jobs(source, jobs, activities, work / "entries", running, progress)
            wrong = [f for r in calculated.runs.values() for f in errors_in(r.findings)]
            if wrong:
                raise BadInput([*source.findings, *wrong])
            progress("bundle")
            return [
                _bundle(source, request, job.run, calculated, activities, work, out, len(jobs))
                for job in jobs
            ]
    finally:
        if on is None:
            running.close()


def run_jobs(
    folder: Folder,
    jobs: Sequence[Job],
    activities: Path,
    entries: Path,
    on: Engine,
    progress: Progress,
) -> Calculated:
    """Calculate runs over one file of activities."""
    return calculate_entries(
        on.scan([activities]),
        jobs,
        catalog=folder.catalog,
        rates=folder.rates,
        reference=folder.reference,
        instruments=folder.instruments,
        elapsed=folder.profiles.elapsed,
        engine=on,
        folder=entries,
        progress=progress,
    )


class Metering:
    """Quantities of main meters, read from the posted rows when a sub-meter asks for them."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._activities: Path | None = None

    def reads(self, activities: Path) -> None:
        """Say where the rows are."""
        self._activities = activities

    def __call__(self, site: str, item: str, supply: str, span: Period) -> Fraction:
        """Return the quantity of a supply's rows within a span."""
        with duckdb.connect() as connection:
            rows = connection.execute(
                'SELECT profile, begin, "end", quantity FROM read_parquet($file) '
                "WHERE site = $site AND item = $item AND supply = $supply "
                'AND begin < $last AND "end" > $first',
                {
                    "file": str(self._activities),
                    "site": site,
                    "item": item,
                    "supply": supply,
                    "first": span.begin,
                    "last": span.end,
                },
            ).fetchall()
        elapsed = self._folder.profiles.elapsed
        return sum(
            (
                Fraction(repr(quantity))
                * (
                    elapsed(profile, begin, end, min(end, span.end))
                    - elapsed(profile, begin, end, max(begin, span.begin))
                )
                for profile, begin, end, quantity in rows
            ),
            Fraction(0),
        )


def _jobs(folder: Folder, request: Request) -> tuple[list[Job], Metering]:
    config = folder.config
    metered = Metering(folder)
    jobs = []
    for year, entity, approach, gwp, standard in product(
        request.years,
        request.entities or (config.reporter or _root(folder),),
        request.approaches or (config.approach,),
        request.gwp_sets or (config.gwp,),
        request.standards or (config.standard,),
    ):
        if entity not in folder.organization:
            fields = {"value": entity}
            raise BadInput([Finding("entity-unknown", "error", Where("organization.csv"), fields)])
        period = config.calendar.year(year)
        name = f"{year}-{entity}-{approach}-{gwp}-{standard}".replace("/", "").replace(" ", "")
        run = Run(
            run=name,
            entity=entity,
            approach=_known("approach", approach, APPROACHES),
            gwp=_known("gwp", gwp, GWP_SETS),
            standard=_known("standard", standard, STANDARDS),
            begin=period.begin,
            end=period.end,
            pin=config.factors_as_of or datetime.now(UTC).date(),
            policies=config.policies,
        )
        jobs.append(job_of(folder, run, metered, request.restated_to))
    return jobs, metered


def job_of(folder: Folder, run: Run, metered: Metering, restated_to: date | None) -> Job:
    """Put a run together with the organization as it sees it."""
    operations = GroupOperations(
        run,
        folder.organization,
        folder.reference.parents,
        folder.allocations,
        metered,
        structure_of=restated_to,
    )
    return Job(run, operations)


def _known(key: str, value: str, allowed: Sequence[str]) -> Any:
    if value not in allowed:
        fields = {"key": key, "value": value, "expected": ", ".join(allowed)}
        raise BadInput([Finding("config-value-unknown", "error", fields=fields)])
    return value


def _root(folder: Folder) -> str:
    for node in folder.organization:
        if node.kind == "group":
            return node.code
    return next(iter(folder.organization.nodes))


def _post(folder: Folder) -> Lake:
    """Bring the folder's rows into its lake; what the folder no longer has gets a tombstone."""
    lake = Lake(folder.path / ".linyin" / "lake")
    named = {
        name
        for _, prepared in folder.activities
        for name in prepared.table.column_names
        if name not in activities_lake_schema(()).names and not name.startswith("_")
    }
    create_revision_table(lake, ACTIVITIES, activities_lake_schema(named))
    rows = (
        pa.concat_tables(
            [prepared.table for _, prepared in folder.activities], promote_options="default"
        )
        if folder.activities
        else activities_lake_schema(()).empty_table()
    )
    gone = _sources(lake) - set(rows["source"].unique().to_pylist())
    post_revisions(lake, ACTIVITIES, "activities", rows, reason="read from the folder", full=True)
    for source in sorted(gone):
        empty = rows.slice(0, 0)
        post_revisions(lake, ACTIVITIES, source, empty, reason="file removed", full=True)
    return lake


def _sources(lake: Lake) -> set[str]:
    with duckdb.connect() as connection:
        rows = connection.sql(
            f"SELECT DISTINCT source FROM ({current_revisions(lake, ACTIVITIES)})"
        ).fetchall()
    return {row[0] for row in rows}


def _export(lake: Lake, work: Path, runs: Sequence[Run]) -> Path:
    """Copy the current rows of the runs' periods to one file: the pinned input of every run."""
    first, last = min(run.begin for run in runs), max(run.end for run in runs)
    target = work / "activities.parquet"
    with duckdb.connect() as connection:
        connection.sql(
            f"SELECT * EXCLUDE (_batch, _recorded_at, _removed, _content) "
            f"RENAME (_revision AS revision, _reason AS revision_reason) "
            f"FROM ({current_revisions(lake, ACTIVITIES)}) "
            f"WHERE begin < DATE '{last}' AND \"end\" > DATE '{first}' "
            f"ORDER BY source, external_id"
        ).write_parquet(str(target), compression="zstd")
    return target


def _bundle(
    folder: Folder,
    request: Request,
    run: Run,
    calculated: Calculated,
    activities: Path,
    work: Path,
    out: Path | None,
    runs: int,
) -> Inventory:
    staging = work / f"bundle-{uuid.uuid4().hex}"
    (staging / "inputs").mkdir(parents=True)
    os.link(activities, staging / "inputs" / "activities.parquet")
    for name, table in folder.sheets.items():
        if name != "factors":
            write_bundle_table(staging / "inputs" / f"{name}.parquet", table)
    shutil.copy2(folder.path / "linyin.toml", staging / "inputs" / "linyin.toml")
    of_run: RunLegs = calculated.runs[run.run]
    folder.reference.write(staging / "inputs" / "reference")
    write_bundle_table(staging / "inputs" / "factors.parquet", catalog_to_table(folder.catalog))
    write_bundle_table(staging / "contexts.parquet", contexts_to_table(calculated.contexts))
    write_bundle_table(staging / "legs.parquet", legs_to_table(of_run.legs))
    if run.run in calculated.species:
        write_bundle_table(staging / "species.parquet", calculated.species[run.run])
    entries = staging / "entries"
    entries.mkdir()
    files = []
    for number, file in enumerate(calculated.entries[run.run]):
        files.append(entries / f"{number:04}.parquet")
        os.link(file, files[-1])
    write_run(staging, folder, run, request, of_run)
    seal_bundle(staging, files)
    return Inventory(place_bundle(staging, _target(folder, run, out, runs), fixed=out is not None))


def place_bundle(staging: Path, target: Path, *, fixed: bool) -> Path:
    """Move a finished bundle into place; what is there goes only once the new one stands.

    Parameters
    ----------
    staging, target : Path
        On one file system where they can be.
    fixed : bool
        Whether the place was asked for by name. Else a published run keeps its place and the
        new one takes the next free name.

    Raises
    ------
    BadInput
        If the place asked for holds a published run, or something that is no bundle.
    """
    if not fixed:
        target = _free_place(target)
    occupied = target.exists() and any(target.iterdir())
    if occupied and (target / "published.json").exists():
        raise BadInput([Finding("bundle-published", "error", Where(target.name))])
    if occupied and not (target / "manifest.json").exists():
        raise BadInput([Finding("bundle-place-taken", "error", Where(target.name))])
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.with_name(f".{target.name}.old-{uuid.uuid4().hex}")
    if target.exists():
        target.rename(old)
    shutil.move(staging, target)
    if old.exists():
        shutil.rmtree(old)
    return target


def _free_place(target: Path) -> Path:
    number, place = 1, target
    while (place / "published.json").exists():
        number += 1
        place = target.with_name(f"{target.name}-{number}")
    return place


def _target(folder: Folder, run: Run, out: Path | None, runs: int) -> Path:
    if out is None:
        return folder.path / RUNS / run.run
    return out if runs == 1 else out / run.run
