"""Replaying a bundle: the same inputs, the same digits, elsewhere and later."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from linyin.inventory.config import FILE, read_config
from linyin.inventory.folder import TABLES, Folder, build
from linyin.inventory.jobs import job_of, run_jobs
from linyin.inventory.metering import Metering
from linyin.inventory.runfile import read_run
from linyin.lake import Engine, start_engine
from linyin.ledger import ReferenceTables, catalog_from_table, hash_entries, verify_bundle

__all__ = ["Replay", "replay", "restore"]


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay gave.

    Attributes
    ----------
    expected, found
        Hashes of the canonical entries: in the manifest, and as calculated again.
    rows
        Entries calculated again.

    """

    expected: str
    found: str
    rows: int

    @property
    def same(self) -> bool:
        """Whether every digit came out again."""
        return self.expected == self.found


def restore(bundle: Path) -> Folder:
    """Rebuild what a bundle was calculated from, out of its pinned inputs alone."""
    inputs = bundle / "inputs"
    tables = {
        name: pq.read_table(inputs / f"{name}.parquet")
        for name in TABLES
        if name not in ("activities", "factors")
    }
    factors = pq.read_table(inputs / "factors.parquet")
    if "product" not in pq.read_schema(inputs / "activities.parquet").names:
        factors = _without_products(factors)
    catalog = catalog_from_table(factors)
    reference = ReferenceTables.read(inputs / "reference")
    return build(bundle, read_config(inputs / FILE), tables, catalog=catalog, reference=reference)


def _without_products(factors: pa.Table) -> pa.Table:
    """Blank a column that no run looked at while rows could name no product."""
    place = factors.column_names.index("product")
    return factors.set_column(place, "product", pa.array([""] * len(factors)))


def replay(
    bundle: Path | str,
    *,
    on: Engine | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Replay:
    """Verify a bundle's bytes, calculate it again from its inputs, compare the digits.

    Raises
    ------
    linyin.ledger.BundleError
        If a file is missing, changed or not listed.

    """
    path = Path(bundle)
    progress("verify")
    manifest = verify_bundle(path)
    fields = json.loads((path / "run.json").read_text(encoding="utf-8"))
    folder, run = restore(path), read_run(fields)
    metered = Metering(folder)
    activities = path / "inputs" / "activities.parquet"
    metered.reads(activities)
    restated_to = fields["restated_to"] and date.fromisoformat(fields["restated_to"])
    job = job_of(folder, run, metered, restated_to or None)
    running = on or start_engine()
    try:
        with tempfile.TemporaryDirectory(prefix="linyin-replay-") as work:
            calculated = run_jobs(folder, [job], activities, Path(work), running, progress)
            found, rows = hash_entries(calculated.entries[run.run])
    finally:
        if on is None:
            running.close()
    return Replay(manifest.content, found, rows)
