"""One measured run of one variant, in a process of its own: prints what it took as JSON.

linyin   rows → contexts → factors → legs → entries → roll-up, on DuckDB, Spark or a cluster
by_hand  one SQL query over ready-made legs
pandas   the same with pandas, a file at a time
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import by_hand
import by_pandas
import data
import world
from linyin.lake import DuckDBEngine, Engine, SparkEngine
from linyin.ledger import calculate_entries, roll_up
from linyin.ledger.leg_tables import legs_table

MEMORY = os.environ.get("LINYIN_MEMORY", "1500MB")

type Totals = dict[str, int]


def linyin(activities: list[Path], legs: Path, out: Path, engine: Engine) -> Totals:
    """Run the ledger's own way, from the rows to the roll-up."""
    calculated = calculate_entries(
        engine.scan(activities),
        [world.job()],
        catalog=world.catalog(),
        rates=world.rates(),
        reference=world.reference(),
        instruments=world.instruments(),
        elapsed=world.elapsed().elapsed,
        engine=engine,
        folder=out,
        progress=lambda step: print(f"{time.perf_counter():.2f} {step}", flush=True),
    )
    entries = engine.scan(calculated.entries["bench"])
    totals = engine.collect(
        roll_up(entries, by=["line", "scope2_method"], masses=["co2e_mg"])
    ).to_pylist()
    if not legs.exists():
        table = legs_table(list(enumerate(calculated.runs["bench"].legs)))
        plain = [pa.field(f.name, getattr(f.type, "value_type", f.type)) for f in table.schema]
        pq.write_table(table.cast(pa.schema(plain)), legs)
    return {f"{t['line']} {t['scope2_method']}".strip(): int(t["co2e_mg"]) for t in totals}


def on_duckdb(activities: list[Path], legs: Path, out: Path) -> Totals:
    """Run the ledger on DuckDB with two threads."""
    engine = DuckDBEngine(MEMORY, out / "spill")
    engine.connection.execute("SET threads = 2")
    return linyin(activities, legs, out, engine)


def on_spark(activities: list[Path], legs: Path, out: Path) -> Totals:
    """Run the ledger on the Spark that `LINYIN_SPARK_MASTER` names."""
    engine = SparkEngine(os.environ.get("LINYIN_SPARK_MASTER", "local[2]"))
    try:
        return linyin(activities, legs, out, engine)
    finally:
        engine.close()


def with_sql(activities: list[Path], legs: Path, out: Path) -> Totals:
    """Run the query written by hand."""
    target = out / "entries.parquet"
    by_hand.write_entries(activities, legs, target, MEMORY)
    return by_hand.roll_up(target, MEMORY)


VARIANTS: dict[str, Callable[[list[Path], Path, Path], Totals]] = {
    "linyin": on_duckdb,
    "spark": on_spark,
    "by_hand": with_sql,
    "pandas": by_pandas.run,
}


def main() -> None:
    """Measure one run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args()
    activities = data.write(asked.folder / f"data-{asked.rows}", asked.rows)
    out = asked.folder / f"out-{asked.variant}"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    legs = asked.folder / f"legs-{asked.rows}.parquet"
    load = os.getloadavg()[0]
    used = resource.getrusage(resource.RUSAGE_SELF)
    before = used.ru_utime + used.ru_stime
    start = time.perf_counter()
    totals = VARIANTS[asked.variant](activities, legs, out)
    seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu, peak = used.ru_utime + used.ru_stime - before, used.ru_maxrss / 2**20
    told = {"seconds": seconds, "cpu_seconds": cpu, "peak_gb": peak, "load": load, "totals": totals}
    print(json.dumps(told | {"files": [str(file) for file in sorted(out.glob("*.parquet"))]}))


if __name__ == "__main__":
    main()
