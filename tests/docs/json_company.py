"""Every command asked with `--json` about one small company."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from linyin.cli.app import app

ORGANIZATION = """code,kind,name_en,name_zh,parent,country,place,opened,from
G,group,Group,集团,,CN,,,
SZ,site,Shenzhen,深圳,G,CN,CN-GD,,
HY,site,Heyuan,河源,G,CN,CN-GD,2015-01-01,2023-01-01
"""
ACTIVITIES = """external_id,site,source_type,item,period,quantity,unit,status
e2,SZ,electricity,electricity,2022,1000,MWh,invoiced
h2,HY,electricity,electricity,2022,500,MWh,invoiced
d2,SZ,mobile_combustion,diesel,2022,1500,L,measured
e3,SZ,electricity,electricity,2023,900,MWh,invoiced
h3,HY,electricity,electricity,2023,500,MWh,invoiced
d3,SZ,mobile_combustion,diesel,2023,1000,L,estimated
w3,SZ,waste,nothing_known,2023-01,1,t,estimated
"""
MONTHS = "".join(
    f"m{month},SZ,stationary_combustion,natural_gas,2023-{month:02},10,GJ_net,measured\n"
    for month in range(1, 13)
    if month != 6
)
METRICS = "node,metric,period,value,unit,source\nG,revenue,2022,10000000,CNY,a\n"
FACTORS = """factor_id,use,item,unit,boundary,place,co2_kg,data_year,published,publisher,release,\
source,licence,evidence,status
own,waste,nothing_known,t,total,world,1,2023,2024-01-01,us,1,meter,own,read,approved
"""
CONFIG = """[inventory]
factors_as_of = 2026-01-31
[base_year]
year = 2022
"""


def company(path: Path) -> Path:
    """Write the company's folder."""
    path.mkdir()
    (path / "linyin.toml").write_text(CONFIG, encoding="utf-8")
    tables = {"organization": ORGANIZATION, "activities": ACTIVITIES + MONTHS}
    tables |= {"metrics": METRICS + METRICS.splitlines()[1].replace("2022", "2023") + "\n"}
    for name, text in (tables | {"factors": FACTORS}).items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def answers(place: Path) -> Iterator[tuple[str, Any]]:
    """Yield the name of every command and what it says with `--json`."""
    folder, other = company(place / "company"), place / "template"
    before, after = (folder / ".linyin/runs" / f"{y}-G-operational_control-AR6-100-GHGProtocol"
                     for y in (2022, 2023))  # fmt: skip
    asked: list[tuple[str, tuple[object, ...]]] = [
        ("demo", (place / "demo", "--no-calculate")),
        ("template", (other,)),
        ("check", (folder,)),
        ("estimate", (folder, "--dry-run")),
        ("calculate", (folder, "--year", 2022, "--year", 2023)),
        ("base-year", (folder, "--year", 2023, "--restate", "--out", place / "restated")),
        ("trace", (after, "activities/d3")),
        ("diff", (before, after)),
        ("report", (after, "--format", "json", "--out", place / "report.json")),
        ("sample", (after, "--seed", "1", "--size", 2)),
        ("replay", (after,)),
        ("publish", (after, "--prepared-by", "A", "--approved-by", "B")),
        ("factors search", ("diesel",)),
        ("factors show", ("mee-grid-2023-CN-GD",)),
        ("factors explain", ("diesel", "--unit", "L", "--year", 2023)),
        ("factors explain", ("electricity", "--unit", "tce", "--year", 2023, "--place", "CN-GD")),
        (
            "factors import",
            (folder / "factors.csv", "--publisher", "template", "--out", place / "factors-own.csv"),
        ),
    ]
    for name, arguments in asked:
        words = [*name.split(), *map(str, arguments), "--json", "--lang", "en"]
        result = CliRunner().invoke(app, words)
        if result.exit_code != 0:
            raise AssertionError(f"{name}: {result.output} {result.exception!r}")
        yield name, json.loads(result.stdout)
    yield from workspace_answers(place)


def workspace_answers(place: Path) -> Iterator[tuple[str, Any]]:
    """Yield what commands on a workspace say: each in a process, which serves one workspace."""
    made, file = place / "workspace", place / "workspace.backup"
    first = ["--name", "G", "--site", "S", "--base-year", "2022", "--email", "a@example.org"]
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = str(found.getsockname()[1])
    asked: list[tuple[str, list[object]]] = [
        ("init", [made, *first]),
        ("upgrade", ["--workspace", made]),
        ("serve", ["--workspace", made, "--port", port, "--workers", "1", "--no-worker"]),
        ("worker", ["--workspace", made, "--processes", "1"]),
        ("audit verify", ["--workspace", made]),
        ("backup", [file, "--workspace", made]),
        ("restore", [file, place / "restored"]),
    ]
    for name, arguments in asked:
        words = [*name.split(), *map(str, arguments), "--json", "--lang", "en"]
        with subprocess.Popen(
            [sys.executable, "-c", "from linyin.cli import main; main()", *words],
            env={**os.environ, "LINYIN_ADMIN_PASSWORD": "correct horse battery"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            told = (
                process.stderr.readline() if name in {"serve", "worker"} and process.stderr else ""
            )
            if "Ctrl-C" in told:
                process.terminate()
            try:
                out, err = process.communicate(timeout=120)
            except subprocess.TimeoutExpired:
                process.kill()  # leaving the block would wait for it for ever
                raise
        if process.returncode != 0:
            raise AssertionError(f"{name}: {out} {told}{err}")
        yield name, json.loads(out)
