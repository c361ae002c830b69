"""`make bench-web`: the pages on a million activities, alone and with thirty visitors.

python bench/web.py [--rows N] [--users N] [--seconds S] [--folder FOLDER]

The database is SQLite, or the PostgreSQL that LINYIN_DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import web_import
import web_visitors
import web_world

HERE = Path(__file__).parent
ALONE_LIMIT, TOGETHER_LIMIT = 0.3, 1.5  # [s]
THINK = 5.0  # [s]
XLSX_ROWS = 100_000
_SESSIONS = """
import sys, json
from linyin.platform.bootstrap import start; start()
from django.conf import settings
from django.test import Client
from linyin.platform.models import Person
lin = Person.objects.get(email="lin@demo.invalid")
made = []
for _ in range(int(sys.argv[1])):
    client = Client()
    client.force_login(lin, "django.contrib.auth.backends.ModelBackend")
    made.append(client.cookies[settings.SESSION_COOKIE_NAME].OutputString(attrs=[]))
print(json.dumps(made))
"""
_SERVE = """
import sys
from linyin.platform.bootstrap import start; start()
from linyin.platform.work.serve import supervise_web
supervise_web("127.0.0.1", int(sys.argv[1]), processes=2, worker_processes=1)
"""


def main() -> None:
    """Measure, print tables, write JSON; exit code 1 if a limit does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--folder", type=Path, help="keep the workspace here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="linyin-bench-web-") as scratch:
        workspace = web_world.make(asked.folder or Path(scratch), asked.rows)
        results = _measure(asked, workspace)
    _print(results)
    (HERE / "results").mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    target = HERE / "results" / f"{stamp}-web-{asked.rows}.json"
    target.write_text(json.dumps(results, indent=1))
    print(f"\n{target.relative_to(HERE.parent)}")
    sys.exit(0 if results["holds"] else 1)


def _measure(asked: argparse.Namespace, workspace: Path) -> dict[str, Any]:
    world = json.loads((workspace / "bench.json").read_text())
    environment = os.environ | {"LINYIN_WORKSPACE": str(workspace), "LINYIN_DEMO": "1"}
    told = subprocess.run(
        [sys.executable, "-c", _SESSIONS, str(asked.users)],
        env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    sessions = json.loads(told.stdout)
    with _served(environment) as port:
        loads = {"alone": os.getloadavg()[0]}
        alone = web_visitors.alone(port, sessions[0], world, asked.times)
        loads["together"] = os.getloadavg()[0]
        before = _cpu_of_tree(os.getpid())
        taken, errors = web_visitors.together(port, sessions, world, asked.seconds, THINK)
        cpu = _cpu_of_tree(os.getpid()) - before
        loads["after"] = os.getloadavg()[0]
    every = [seconds for of in taken.values() for seconds in of]
    p95 = {kind: _p95(of) for kind, of in taken.items()} | {"all": _p95(every)}
    xlsx = {name: _xlsx(environment, sessions[0], name) for name in ("linyin", "openpyxl")}
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "database": os.environ.get("LINYIN_DATABASE_URL", "sqlite").partition(":")[0],
        "rows": world["rows"],
        "derive_seconds": world["derive_seconds"],
        "load": loads,
        "alone_median_seconds": alone,
        "users": asked.users,
        "answers": {kind: len(of) for kind, of in taken.items()} | {"all": len(every)},
        "together_median_seconds": {k: statistics.median(of) for k, of in taken.items() if of},
        "together_p95_seconds": p95,
        "cpu_seconds_an_answer": cpu / max(len(every), 1),
        "errors": errors,
        "xlsx_rows": XLSX_ROWS,
        "xlsx": xlsx,
        "holds": max(alone.values()) <= ALONE_LIMIT and p95["all"] <= TOGETHER_LIMIT and not errors,
    }


def _cpu_of_tree(root: int) -> float:
    """Return the processor time that the processes below one have taken. [s]"""
    parents, taken = {}, {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(entry.name)] = int(stat[1])
        taken[int(entry.name)] = sum(map(int, stat[11:15])) / os.sysconf("SC_CLK_TCK")

    def is_below(pid: int) -> bool:
        while pid not in (0, 1, root):
            pid = parents.get(pid, 0)
        return pid == root

    return sum(seconds for pid, seconds in taken.items() if pid != root and is_below(pid))


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[18] if len(taken) > 1 else sum(taken)


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[int]:
    """Run the web app with two processes and a worker, as `linyin demo` does."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = int(found.getsockname()[1])
    child = subprocess.Popen([sys.executable, "-c", _SERVE, str(port)], env=environment)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=5)
                break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        child.terminate()
        child.wait()


def _xlsx(environment: dict[str, str], session: str, reader: str) -> dict[str, float]:
    """Measure from the upload of a workbook to its preview, with one of two readers."""
    if reader == "openpyxl":
        environment = environment | {"PYTHONPATH": str(HERE / "openpyxl_reader")}
    with _served(environment) as port:
        before = _cpu_of_tree(os.getpid())
        told = web_import.preview(port, session, "NJ-YUHUA", XLSX_ROWS, f"bench-{reader}")
        return told | {"cpu_seconds": _cpu_of_tree(os.getpid()) - before}


def _print(results: dict[str, Any]) -> None:
    load = results["load"]
    print(f"{results['rows']:,} activities, {results['database']}, {results['cores']} cores\n")
    print(f"one visitor, warm median (limit {ALONE_LIMIT * 1000:.0f} ms), load {load['alone']:.1f}")
    for kind, seconds in results["alone_median_seconds"].items():
        print(f"  {kind:16}{seconds * 1000:>8.0f} ms")
    print(
        f"\n{results['users']} visitors, {THINK:.0f} s to think, p95 (limit "
        f"{TOGETHER_LIMIT:.1f} s), load {load['together']:.1f} to {load['after']:.1f}"
    )
    for kind, seconds in results["together_p95_seconds"].items():
        print(f"  {kind:16}{seconds * 1000:>8.0f} ms{results['answers'][kind]:>8} answers")
    print(f"  processor       {results['cpu_seconds_an_answer'] * 1000:>8.0f} ms an answer")
    print(f"  errors          {len(results['errors']):>8}", *results["errors"][:5])
    print(f"\nXLSX of {results['xlsx_rows']:,} rows from upload to preview")
    for reader, told in results["xlsx"].items():
        parts = ", ".join(f"{name} {value:.1f} s" for name, value in told.items())
        print(f"  {reader:16}{parts}")
    print(f"\nthe sorted file after a commit: {results['derive_seconds']:.1f} s")


if __name__ == "__main__":
    main()
