"""`linyin estimate`: gaps of a folder filled by named methods, in a file of its own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from linyin.cli.session import Session
    from linyin.inventory import EstimateReport

__all__ = ["estimate"]


@command("estimate")
@argument("folder", type=click.Path(path_type=Path))
@option("--year", type=int, help="option.estimate_year")
@option("--method", "methods", multiple=True, help="option.estimate_method")
@option("--dry-run", is_flag=True, help="option.dry_run")
def estimate(
    session: Session, folder: Path, year: int | None, methods: tuple[str, ...], dry_run: bool
) -> Answer:
    """Fill the gaps of monthly sources."""
    from linyin.cli.findings import finding_data
    from linyin.inventory import DEFAULT_ESTIMATE_METHODS, estimate_folder
    from linyin.lake import BadInput, Finding
    from linyin.ledger import ESTIMATE_METHODS

    for name in methods:
        if name not in ESTIMATE_METHODS:
            fields = {"key": "--method", "value": name, "expected": ", ".join(ESTIMATE_METHODS)}
            raise BadInput([Finding("config-value-unknown", "error", fields=fields)])
    with session.steps(("estimate",)) as progress:
        progress("estimate")
        report = estimate_folder(
            folder, methods or DEFAULT_ESTIMATE_METHODS, year=year, write=not dry_run
        )
    data = {
        "ok": True,
        "file": str(report.file),
        "written": not dry_run,
        "filled": [{**asdict(f), "span": str(f.span)} for f in report.filled],
        "kept": list(report.kept),
        "dropped": list(report.dropped),
        "unfilled": [finding_data(finding, session.lang) for finding in report.unfilled],
    }
    return Answer(data, [] if session.as_json else _view(report, session, dry_run=dry_run))


def _view(report: EstimateReport, session: Session, *, dry_run: bool) -> list[Any]:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from linyin.cli.findings import grouped_lines
    from linyin.cli.numbers import plain
    from linyin.cli.paths import shown

    view: list[Any] = []
    if report.filled:
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
        table.add_column(session.say("estimate.source"), overflow="fold")
        table.add_column(session.say("estimate.span"), no_wrap=True)
        table.add_column(session.say("estimate.quantity"), justify="right", no_wrap=True)
        table.add_column("", no_wrap=True)
        table.add_column(session.say("estimate.method"), no_wrap=True)
        table.add_column("±", justify="right", no_wrap=True)
        for one in report.filled:
            quantity = plain(float(one.quantity), 6)
            width = f"{one.uncertainty_pct:.1f} %"
            table.add_row(one.source, str(one.span), quantity, one.unit, one.method, width)
        view += [table, ""]
    view += grouped_lines(report.unfilled, session)
    words = session.say(
        "estimate.dry" if dry_run else "estimate.done",
        filled=len(report.filled),
        kept=len(report.kept),
        dropped=len(report.dropped),
        unfilled=len(report.unfilled),
        path=shown(report.file),
    )
    return [*view, Text(words, style="green", no_wrap=True)]
