"""`linyin calculate`: a folder in, inventories out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from linyin.cli.session import Session
    from linyin.cli.summary import Group
    from linyin.inventory import Folder

__all__ = ["STEPS", "calculate", "groups_answer", "rows_of", "split_columns"]

STEPS: Final = (
    "read", "post", "contexts", "factors", "supply", "entries", "bundle", "checks", "uncertainty",
)  # fmt: skip


@command("calculate")
@argument("folder", type=click.Path(path_type=Path))
@option("--year", "years", type=int, multiple=True, required=True, help="option.year")
@option("--entity", "entities", multiple=True, help="option.entity")
@option("--approach", "approaches", multiple=True, help="option.approach")
@option("--gwp", "gwp_sets", multiple=True, help="option.gwp")
@option("--standard", "standards", multiple=True, help="option.standard")
@option("--id-from", default="", help="option.id_from")
@option("--out", type=click.Path(path_type=Path), help="option.out")
def calculate(
    session: Session,
    folder: Path,
    years: tuple[int, ...],
    entities: tuple[str, ...],
    approaches: tuple[str, ...],
    gwp_sets: tuple[str, ...],
    standards: tuple[str, ...],
    id_from: str,
    out: Path | None,
) -> Answer:
    """Calculate every combination of what is asked."""
    with session.steps(STEPS) as progress:
        progress("read")
        from linyin.cli.summary import groups
        from linyin.inventory import CalculationRequest, calculate_folder, read_folder

        request = CalculationRequest(
            tuple(dict.fromkeys(years)), entities, approaches, gwp_sets, standards
        )
        read = read_folder(folder, id_from=split_columns(id_from))
        progress.note(session.say("step.rows", rows=rows_of(read)))
        inventories = calculate_folder(read, request, out=out, progress=progress)
        found = groups(inventories, progress)
    return groups_answer(found, session)


def rows_of(folder: Folder) -> str:
    """Return how many rows of activities a folder has, in words."""
    return f"{sum(prepared.table.num_rows for _, prepared in folder.activities):,}"


def split_columns(text: str) -> tuple[str, ...]:
    """Read the names of `--id-from`: joined by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def groups_answer(found: Sequence[Group], session: Session) -> Answer:
    """Return finished runs as an answer: one table a group of years."""
    from linyin.cli.summary import group_data
    from linyin.cli.summary_view import group_view

    if session.as_json:
        runs = [run for group in found for run in group_data(group, session.lang)]
        return Answer({"ok": True, "runs": runs})
    return Answer({}, [part for group in found for part in group_view(group, session)])
