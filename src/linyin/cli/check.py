"""`linyin check`: everything that is wrong with a folder, at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from rich.console import RenderableType

    from linyin.cli.session import Session

__all__ = ["check"]


@command("check")
@argument("folder", type=click.Path(path_type=Path))
@option("--year", "years", type=int, multiple=True, help="option.year_check")
@option("--id-from", default="", help="option.id_from")
def check(session: Session, folder: Path, years: tuple[int, ...], id_from: str) -> Answer:
    """Read and calculate a folder on trial."""
    from rich.text import Text

    from linyin.cli.calculate import split_columns
    from linyin.cli.findings import counted, counts, finding_data, grouped_lines
    from linyin.cli.paths import quoted
    from linyin.inventory import check_folder

    with session.steps(("read", "calculate")) as progress:
        checked = check_folder(folder, years, id_from=split_columns(id_from), progress=progress)
    findings = checked.findings
    is_bad = any(finding.severity == "error" for finding in findings)
    data = {
        "ok": not is_bad,
        "exit_code": 2 if is_bad else 0,
        "years": list(checked.years),
        "files": checked.files,
        "rows": checked.rows,
        "counts": counts(findings),
        "findings": [finding_data(finding, session.lang) for finding in findings],
    }
    year = checked.fullest or "YEAR"
    key = "check.bad" if is_bad else "check.fine"
    words = session.say(key, path=quoted(folder), counted=counted(findings, session), year=year)
    view: list[RenderableType] = [
        *grouped_lines(findings, session),
        session.say("check.rows", rows=f"{checked.rows:,}", files=checked.files),
        Text(words, style="bold red" if is_bad else "bold green", no_wrap=True),
    ]
    return Answer(data, view, 2 if is_bad else 0)
