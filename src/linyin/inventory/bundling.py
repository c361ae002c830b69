"""A run's bundle: written aside, sealed, moved into place."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

from linyin.inventory.folder import Folder
from linyin.inventory.jobs import Request
from linyin.inventory.runfile import write_run
from linyin.lake import BadInput, Finding, Where
from linyin.ledger import (
    Calculated,
    Run,
    catalog_to_table,
    contexts_to_table,
    legs_to_table,
    seal_bundle,
    write_bundle_table,
)

__all__ = ["place_bundle", "write_bundle"]


def write_bundle(
    work: Path,
    folder: Folder,
    run: Run,
    request: Request,
    calculated: Calculated,
    activities: Path,
) -> Path:
    """Write and seal the bundle of a calculated run.

    Parameters
    ----------
    work : Path
        Where the bundle is made; on one file system with `activities` and the entries, whose
        files it links.
    folder : Folder
    run : Run
        One of `calculated`.
    request : Request
        What was asked.
    calculated : Calculated
    activities : Path
        The rows that were calculated.

    """
    staging = work / f"bundle-{uuid.uuid4().hex}"
    inputs, entries = staging / "inputs", staging / "entries"
    inputs.mkdir(parents=True)
    entries.mkdir()
    os.link(activities, inputs / "activities.parquet")
    for name, table in folder.sheets.items():
        if name != "factors":
            write_bundle_table(inputs / f"{name}.parquet", table)
    shutil.copy2(folder.path / "linyin.toml", inputs / "linyin.toml")
    folder.reference.write(inputs / "reference")
    write_bundle_table(inputs / "factors.parquet", catalog_to_table(folder.catalog))
    of_run = calculated.runs[run.run]
    write_bundle_table(staging / "contexts.parquet", contexts_to_table(calculated.contexts))
    write_bundle_table(staging / "legs.parquet", legs_to_table(of_run.legs))
    if run.run in calculated.species:
        write_bundle_table(staging / "species.parquet", calculated.species[run.run])
    files = []
    for number, file in enumerate(calculated.entries[run.run]):
        files.append(entries / f"{number:04}.parquet")
        os.link(file, files[-1])
    write_run(staging, folder, run, request, of_run)
    seal_bundle(staging, files)
    return staging


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
