"""How many queries each list page asks: kept in `queries.csv` beside this file.

Run as a program: `python queries.py FOLDER` counts them in the example enterprise that
`example.py` made in FOLDER and writes the table again.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path

from routes import visits

TABLE = Path(__file__).with_name("queries.csv")
SHORT, USUAL, LONG = "25", "50", "100"


def kept() -> dict[str, int]:
    """Return list page → queries, as the table has them."""
    with TABLE.open(encoding="utf-8") as file:
        return {row["page"]: int(row["queries"]) for row in csv.DictReader(file)}


def counted(folder: Path) -> dict[str, dict[str, int]]:
    """Count the queries of every list page, by how many rows it shows, when asked again."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    told = json.loads((folder / "visits.json").read_text(encoding="utf-8"))
    found: dict[str, dict[str, int]] = {}
    for visit in visits():
        if not visit.route.endswith("-list") or visit.route in found:
            continue
        client = Client(HTTP_HOST="localhost")
        client.cookies["sessionid"] = told["sessions"][visit.role]
        address, counts = visit.address(told["keys"]), {}
        client.get(address)
        for size in (SHORT, USUAL, LONG):
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address, {"size": size})
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code}")
            counts[size] = len(asked)
        found[visit.route] = counts
    return found


if __name__ == "__main__":
    os.environ["LINYIN_DEMO"] = "1"
    from linyin.platform.bootstrap import start

    root = Path(sys.argv[1])
    start(root / "workspace")
    counts = counted(root)
    if "--print" in sys.argv:
        sys.stdout.write(json.dumps(counts))
    else:
        lines = [f"{page},{by_size[USUAL]}" for page, by_size in sorted(counts.items())]
        TABLE.write_text("\n".join(["page,queries", *lines]) + "\n", encoding="utf-8")
