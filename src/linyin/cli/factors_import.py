"""`linyin factors import`: a publisher's own file into our schema."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linyin.cli.command import Answer, argument, command, option
from linyin.ledger import PUBLISHERS, import_factors

if TYPE_CHECKING:
    from linyin.cli.session import Session

__all__ = ["import_"]


@command("import", "factors.import")
@argument("file", type=click.Path(path_type=Path))
@option("--publisher", type=click.Choice(PUBLISHERS), required=True, help="option.publisher")
@option("--year", type=int, help="option.data_year")
@option("--published", type=click.DateTime(["%Y-%m-%d"]), help="option.published")
@option("--out", type=click.Path(path_type=Path), help="option.import_out")
def import_(
    session: Session,
    file: Path,
    publisher: str,
    year: int | None,
    published: datetime | None,
    out: Path | None,
) -> Answer:
    """Import a file."""
    from rich.text import Text

    from linyin.cli.paths import shown

    day = published.date() if published else None
    imported = import_factors(file, publisher, year=year, published=day)
    target = out or Path(f"factors-{file.stem}.csv")
    with target.open("x", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(imported.rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(imported.rows)
    why = Counter(skipped.reason(session.lang) for skipped in imported.skipped)
    statuses = ", ".join(sorted({row["status"] for row in imported.rows}))
    data = {
        "ok": True,
        "file": str(target),
        "factors": len(imported.rows),
        "skipped": [
            {"where": s.where, "what": s.what, "why": s.reason(session.lang)}
            for s in imported.skipped
        ],
    }
    skipped = len(imported.skipped)
    words = session.say(
        "import.written", rows=len(imported.rows), path=shown(target), skipped=skipped
    )
    view: list[Any] = [Text(words, style="green", no_wrap=True)]
    view += [
        Text("  " + session.say("import.skipped", number=n, why=reason), style="dim")
        for reason, n in why.most_common(8)
    ]
    view.append(session.say("import.next", status=statuses))
    return Answer(data, view)
