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
from typing import Any

from more_rows import fill
from routes import Visit, visits

TABLE = Path(__file__).with_name("queries.csv")
SHORT, USUAL, LONG = "25", "50", "100"
MORE = "more"
ROWS = 60


def kept() -> dict[str, int]:
    """Return list page → queries, as the table has them."""
    with TABLE.open(encoding="utf-8") as file:
        return {row["page"]: int(row["queries"]) for row in csv.DictReader(file)}


def counted(folder: Path) -> dict[str, dict[str, int]]:
    """Count the queries of every list page when asked again.

    What the audit trail reads to name the records of its events, one read a kind, is left out.

    Returns
    -------
    dict
        List page → how many rows it shows at most → queries; `MORE`: as many as are filled in.

    """
    from django.db import transaction

    told = json.loads((folder / "visits.json").read_text(encoding="utf-8"))
    lists: dict[str, Visit] = {}
    for visit in visits():
        if visit.route.endswith("-list"):
            lists.setdefault(visit.route, visit)
    found = {
        route: {size: _asked(visit, told, size) for size in (SHORT, USUAL, LONG)}
        for route, visit in lists.items()
    }
    with transaction.atomic():
        fill(ROWS)
        for route, visit in lists.items():
            found[route][MORE] = _asked(visit, told, LONG)
        transaction.set_rollback(True)
    return found


def _asked(visit: Visit, told: dict[str, Any], size: str) -> int:
    """Count the queries of a list page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="localhost")
    client.cookies.load(told["sessions"][visit.role])
    address = visit.address(told["keys"])
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address, {"size": size})
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    actor = answer.wsgi_request.actor
    return len(asked) - (_kinds(actor, int(size)) if visit.route == "audit-list" else 0)


def _kinds(actor: Any, rows: int) -> int:
    """Return of how many kinds that the reader sees the last events are: one read names a kind."""
    from linyin.platform.history import resource_of
    from linyin.platform.models import AuditEvent

    events = AuditEvent.objects.order_by("-number")[:rows]
    subjects = {event.subject for event in events if event.key}
    found = (resource_of(subject) for subject in subjects)
    return sum(
        one is not None and one.model is not None and bool(one.reach(actor)) for one in found
    )


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
