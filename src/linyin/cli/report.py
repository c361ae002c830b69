"""`linyin report`: a bundle as a document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from linyin.cli.session import Session
    from linyin.inventory import BaseYearAssessment, Inventory, ReportFormat

__all__ = ["report"]


@command("report")
@argument("bundle", type=click.Path(path_type=Path))
@option("--format", "kind", type=click.Choice(["xlsx", "pdf", "json"]), default="pdf",
        show_default=True, help="option.format")  # fmt: skip
@option("--out", type=click.Path(path_type=Path), help="option.report_out")
@option("--folder", type=click.Path(path_type=Path), help="option.report_folder")
def report(
    session: Session, bundle: Path, kind: str, out: Path | None, folder: Path | None
) -> Answer:
    """Write the report of a bundle, the runs of other years beside it told as well."""
    from rich.text import Text

    from linyin.cli.paths import shown
    from linyin.inventory import Inventory

    inventory = Inventory(bundle)
    path = out or Path(f"{inventory.run['run_id']}-{session.lang}.{kind}")
    with session.steps(("assess", "report") if folder else ("report",)) as progress:
        assessment = None
        if folder:
            progress("assess")
            assessment = _assessed(folder, inventory)
        progress("report")
        from linyin.inventory import write_report

        chosen = cast("ReportFormat", kind)
        written = write_report(
            inventory,
            path,
            chosen,
            session.lang,
            earlier=other_years(inventory),
            assessment=assessment,
        )
    size = written.stat().st_size
    data = {"ok": True, "bundle": str(bundle), "report": str(written), "format": kind}
    data |= {"lang": session.lang, "bytes": size}
    words = session.say("report.written", path=shown(written), size=f"{size / 1000:,.0f}")
    return Answer(data, [Text(words, style="green", no_wrap=True)])


def _assessed(folder: Path, inventory: Inventory) -> BaseYearAssessment:
    """Assess the base year of a bundle from the folder that the bundle was calculated from."""
    from linyin.inventory import assess_base_year, read_folder
    from linyin.lake import BadInput, Finding, Where

    run, read = inventory.run, read_folder(folder)
    theirs = {"year": run["base_year"], "approach": run["approach"], "gwp": run["gwp"]}
    config = read.config
    ours = {"year": config.base_year.year, "approach": config.approach, "gwp": config.gwp}
    if ours != theirs or ours["year"] is None or run["entity"] not in read.organization:
        at = Where("linyin.toml", column="base_year.year")
        raise BadInput(
            [Finding("report-folder-other", "error", at, {"bundle": str(inventory.path)})]
        )
    return assess_base_year(read, run["base_year"], run["year"], entity=run["entity"])


def other_years(inventory: Inventory) -> list[Inventory]:
    """Find the runs of earlier years of the same boundary beside a bundle."""
    from linyin.inventory import Inventory

    run = inventory.run
    name, year = str(run["run_id"]), int(run["year"])
    if not name.startswith(f"{year}-"):
        return []
    beside = sorted(inventory.path.resolve().parent.glob(f"*{name.removeprefix(str(year))}"))
    found = [Inventory(path) for path in beside if (path / "manifest.json").is_file()]
    same = ("entity", "approach", "gwp", "standard")
    return [
        other
        for other in found
        if int(other.run["year"]) < year and all(other.run[k] == run[k] for k in same)
    ]
