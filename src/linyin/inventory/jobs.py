"""Which runs are asked of a folder, and running them over one file of its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

from linyin.inventory.folder import Folder
from linyin.inventory.metering import Metering
from linyin.lake import BadInput, Engine, Finding, Where
from linyin.ledger import (
    APPROACHES,
    GWP_SETS,
    STANDARDS,
    Calculated,
    GroupOperations,
    Job,
    Run,
    approach_called,
    calculate_entries,
)

__all__ = ["Progress", "Request", "job_of", "jobs_of", "reporter_of", "run_jobs"]

type Progress = Callable[[str], None]


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


def jobs_of(folder: Folder, request: Request) -> tuple[list[Job], Metering]:
    """Make a job of every combination that is asked, and the meter that they all read.

    Raises
    ------
    BadInput
        If an entity, approach, GWP set or standard is unknown.

    """
    config = folder.config
    metered = Metering(folder)
    jobs = []
    for year, entity, approach, gwp, standard in product(
        request.years,
        request.entities or (reporter_of(folder),),
        request.approaches or (config.approach,),
        request.gwp_sets or (config.gwp,),
        request.standards or (config.standard,),
    ):
        if entity not in folder.organization:
            fields = {"value": entity}
            raise BadInput([Finding("entity-unknown", "error", Where("organization.csv"), fields)])
        period = config.calendar.year(year)
        approach = approach_called(approach)
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


def _known(key: str, value: str, allowed: Sequence[str]) -> Any:
    if value not in allowed:
        fields = {"key": key, "value": value, "expected": ", ".join(allowed)}
        raise BadInput([Finding("config-value-unknown", "error", fields=fields)])
    return value


def reporter_of(folder: Folder) -> str:
    """Return the node that reports if none is asked for: the stated one, else the group."""
    if folder.config.reporter:
        return folder.config.reporter
    for node in folder.organization:
        if node.kind == "group":
            return node.code
    return next(iter(folder.organization.nodes))
