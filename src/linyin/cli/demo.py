"""`linyin demo`: the example enterprise, written and calculated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from linyin.cli.session import Session
    from linyin.cli.summary import Group

__all__ = ["YEARS", "demo"]

YEARS: Final = (2021, 2022, 2023)


@command("demo")
@argument("folder", type=click.Path(path_type=Path), default=Path("linyin-demo"))
@option("--scale", type=click.IntRange(min=1), default=1, show_default=True, help="option.scale")
@option("--no-calculate", is_flag=True, help="option.no_calculate")
def demo(session: Session, folder: Path, scale: int, no_calculate: bool) -> Answer:
    """Write the example enterprise and calculate its years."""
    from linyin.cli.calculate import STEPS, groups_answer, rows_of
    from linyin.cli.paths import shown

    names = ("write",) if no_calculate else ("write", *STEPS)
    found: list[Group] = []
    with session.steps(names) as progress:
        progress("write")
        from linyin.demo import write_example

        write_example(folder, scale=scale, progress=progress.note)
        if not no_calculate:
            from linyin.cli.summary import groups
            from linyin.inventory import CalculationRequest, calculate_folder, read_folder

            progress.note("")
            progress("read")
            read = read_folder(folder)
            progress.note(session.say("step.rows", rows=rows_of(read)))
            inventories = calculate_folder(read, CalculationRequest(YEARS), progress=progress)
            found = groups(inventories, progress)
    files = sum(1 for path in folder.rglob("*") if path.is_file() and ".linyin" not in path.parts)
    words = session.say("demo.written", path=shown(folder), files=files)
    written: dict[str, Any] = {"ok": True, "folder": str(folder), "files": files, "scale": scale}
    if no_calculate:
        return Answer(written, [words])
    answer = groups_answer(found, session)
    return Answer({**written, **answer.data}, [*answer.view, words])
