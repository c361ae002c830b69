"""`make bench`: Linyin beside SQL written by hand and pandas, on this machine, now.

python bench/run.py [--rows N] [--engine duckdb|spark|cluster] [--repeat N] [--quick]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from cluster import cluster
from linyin.ledger import MASSES
from startup import startup

HERE = Path(__file__).parent
type Runs = dict[str, list[dict[str, Any]]]


def main() -> None:
    """Measure, print a table, write JSON."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="linyin-bench-") as scratch:
        folder = asked.folder or Path(scratch)
        on_cluster = cluster(folder / "cluster") if asked.engine == "cluster" else nullcontext()
        with on_cluster as master:
            runs = _measure(asked, folder, master)
        results = _results(asked, runs)
        shutil.rmtree(folder / "cluster", ignore_errors=True)
    _print(results)
    (HERE / "results").mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    target = HERE / "results" / f"{stamp}-{asked.engine}-{asked.rows}.json"
    target.write_text(json.dumps(results, indent=1))
    print(f"\n{target.relative_to(HERE.parent)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--engine", choices=("duckdb", "spark", "cluster"), default="duckdb")
    parser.add_argument("--repeat", type=int, default=3, help="interleaved runs of each variant")
    parser.add_argument("--quick", action="store_true", help="a million rows, once")
    parser.add_argument(
        "--alone", action="store_true", help="leave hand-written SQL and pandas out"
    )
    parser.add_argument("--folder", type=Path, help="keep rows and entries here")
    asked = parser.parse_args()
    if asked.quick:
        asked.rows, asked.repeat = 1_000_000, 1
    return asked


def _measure(asked: argparse.Namespace, folder: Path, master: str | None) -> Runs:
    environment = os.environ | ({"LINYIN_SPARK_MASTER": master} if master else {})
    others = [] if asked.alone else ["by_hand", "pandas"]
    variants = ["linyin", *(["spark"] if asked.engine != "duckdb" else []), *others]
    runs: Runs = {variant: [] for variant in variants}
    for turn in range(asked.repeat):
        for variant in variants:
            if variant == "pandas" and turn:
                continue
            run = _run(variant, asked.rows, folder, environment)
            run["sums"] = _sums(run.pop("files"))
            runs[variant].append(run)
            print(f"{variant:8} {run['seconds']:8.1f} s", flush=True)
            if run["sums"] != runs["linyin"][0]["sums"]:
                raise SystemExit(f"{variant} has other milligrams than linyin")
    return runs


def _run(variant: str, rows: int, folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, HERE / "variants.py", variant, "--rows", str(rows)]
    done = subprocess.run(
        [*command, "--folder", folder],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    *steps, told = done.stdout.splitlines()
    run: dict[str, Any] = json.loads(told)
    return run | {"steps": steps}


def _sums(files: list[str]) -> list[list[str]]:
    """Add up every mass by line, method and role: equal on all variants."""
    sums = ", ".join(f"sum({mass}::DECIMAL(38, 0))::VARCHAR" for mass in MASSES)
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GB"}) as connection:
        rows = connection.sql(
            f"SELECT line, scope2_method, role, count(*)::VARCHAR, {sums} "
            f"FROM read_parquet({files}) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    return [list(row) for row in rows]


def _results(asked: argparse.Namespace, runs: Runs) -> dict[str, Any]:
    medians = {name: statistics.median(r["seconds"] for r in of) for name, of in runs.items()}
    cpu = {name: statistics.median(r["cpu_seconds"] for r in of) for name, of in runs.items()}
    first = runs["linyin"][0]
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "cpu": platform.processor() or platform.machine()},
        "rows": asked.rows,
        "engine": asked.engine,
        "entries": sum(int(row[3]) for row in first["sums"]),
        "seconds": medians,
        "ratio_to": {name: medians["linyin"] / s for name, s in medians.items()},
        "cpu_seconds": cpu,
        "cpu_ratio_to": {name: cpu["linyin"] / s for name, s in cpu.items()},
        "peak_gb": {name: max(r["peak_gb"] for r in of) for name, of in runs.items()},
        "load": {name: [r["load"] for r in of] for name, of in runs.items()},
        "runs": {
            name: [{k: r[k] for k in ("seconds", "steps")} for r in of] for name, of in runs.items()
        },
        "totals_mg_co2e": first["totals"],
        "startup": startup(),
    }


def _print(results: dict[str, Any]) -> None:
    print(f"\n{results['rows']:,} rows → {results['entries']:,} entries, same milligrams in all\n")
    print(
        f"{'variant':10}{'median s':>10}{'linyin / it':>13}{'CPU s':>9}{'linyin / it':>13}", end=""
    )
    print(f"{'peak GB':>9}   load")
    for name, seconds in results["seconds"].items():
        loads = ", ".join(f"{load:.1f}" for load in results["load"][name])
        print(f"{name:10}{seconds:>10.1f}{results['ratio_to'][name]:>13.2f}", end="")
        print(f"{results['cpu_seconds'][name]:>9.1f}{results['cpu_ratio_to'][name]:>13.2f}", end="")
        print(f"{results['peak_gb'][name]:>9.2f}   {loads}")
    starts = results["startup"]
    print(
        f"\nlinyin --help: {starts['ratio']:.1f} × python -c pass ({starts['linyin_help']:.3f} s)"
    )
    print(
        "CPU seconds tell more than the clock on a busy machine; of Spark, only the driver counts."
    )


if __name__ == "__main__":
    main()
