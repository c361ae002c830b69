"""The workspace of `make bench-web`: the example enterprise, and activities up to a million."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb

_ROWS = """
SELECT 'bench' AS source, 'b-' || lpad((i * {many} + number)::VARCHAR, 8, '0') AS external_id,
    * EXCLUDE (source, external_id, number, i, quantity, supersedes),
    round(quantity * (0.5 + (hash(i, number) % 1000) / 1000.0), 2) AS quantity
FROM (SELECT row_number() OVER (ORDER BY source, external_id) - 1 AS number, * FROM example)
CROSS JOIN range({times}) AS copies(i)
ORDER BY hash(i, number) LIMIT {rows}
"""


def make(folder: Path, rows: int) -> Path:
    """Make the workspace, or take the one that is there, and return its folder."""
    workspace = folder / "example" / "workspace"
    if not (workspace / "bench.json").exists():
        linyin = Path(sys.executable).with_name("linyin")
        command = [linyin, "demo", folder / "example", "--no-serve"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        done = subprocess.run(
            [sys.executable, __file__, str(rows)],
            env=os.environ | {"LINYIN_WORKSPACE": str(workspace), "LINYIN_DEMO": "1"},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        (workspace / "bench.json").write_text(done.stdout)
    return workspace


def adopt_example(folder: Path) -> None:
    """Make the workspace of the example enterprise, with its people and its runs."""
    from linyin.inventory.web.adopt import adopt
    from linyin.inventory.web.calculating import calculate
    from linyin.platform.actor import Actor
    from linyin.platform.demo import make_people
    from linyin.platform.upgrade import upgrade

    upgrade(lambda _: None)
    operator = Actor(None, "cli", is_operator=True)
    adopt(operator, folder)
    calculate(operator, "LINYIN", [2021, 2022, 2023])
    make_people()


def fill(rows: int) -> dict[str, object]:
    """Post activities like the example's, `rows` in all; describe what visitors will ask for."""
    from linyin.lake import current_revisions, post_revisions
    from linyin.ledger import ACTIVITIES
    from linyin.ledger.web.grid_models import SourceLine
    from linyin.platform.actor import Actor
    from linyin.platform.derived import current_activities
    from linyin.platform.lake import workspace_lake

    lake = workspace_lake(Actor(None, "cli", is_operator=True))
    with duckdb.connect(config={"threads": 2}) as connection:
        there = current_revisions(lake, ACTIVITIES)
        hidden = [
            name
            for (name, *_) in connection.execute(f"DESCRIBE {there}").fetchall()
            if name.startswith("_") and name not in ("_file", "_sheet", "_row")
        ]
        connection.execute(
            f"CREATE TABLE example AS SELECT * EXCLUDE ({', '.join(hidden)}) FROM ({there})"
        )
        many = connection.execute("SELECT count(*) FROM example").fetchall()[0][0]
        times = -(-rows // many)
        made = connection.sql(_ROWS.format(many=many, times=times, rows=rows - many))
        post_revisions(lake, ACTIVITIES, "bench", made.to_arrow_table(), reason="bench", full=False)
        began = time.perf_counter()
        file = current_activities()
        derived = time.perf_counter() - began
        found = connection.sql(f"SELECT count(*) FROM read_parquet('{file}')").fetchall()[0][0]
        keys = connection.sql(
            f"SELECT _key FROM read_parquet('{file}') USING SAMPLE 200 ROWS (reservoir, 7)"
        ).fetchall()
    lines = SourceLine.objects.filter(site__code="NJ-YUHUA").order_by("pk")
    return {
        "rows": found,
        "derive_seconds": derived,
        "keys": [key for (key,) in keys],
        "lines": [line.pk for line in lines],
    }


if __name__ == "__main__":
    from linyin.platform.bootstrap import start

    adopt_example(start().root.parent)
    sys.stdout.write(json.dumps(fill(int(sys.argv[1]))))
