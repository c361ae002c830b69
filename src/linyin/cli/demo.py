"""`linyin demo`: the example enterprise, written, calculated, and served as a web app."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from linyin.cli.session import Session
    from linyin.cli.summary import Group
    from linyin.inventory import Inventory

__all__ = ["YEARS", "demo"]

YEARS: Final = (2021, 2022, 2023)


@command("demo")
@argument("folder", type=click.Path(path_type=Path), default=Path("linyin-demo"))
@option("--scale", type=click.IntRange(min=1), default=1, show_default=True, help="option.scale")
@option("--no-calculate", is_flag=True, help="option.no_calculate")
@option("--no-serve", is_flag=True, help="option.no_serve")
@option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True,
        help="option.port")  # fmt: skip
def demo(
    session: Session, folder: Path, scale: int, no_calculate: bool, no_serve: bool, port: int
) -> Answer:
    """Write the example enterprise, calculate its years, and serve it."""
    from linyin.cli.calculate import STEPS, groups_answer, rows_of
    from linyin.cli.paths import shown

    is_served = not (no_calculate or no_serve or session.as_json)
    if is_served:
        from linyin.platform.ports import require_port

        require_port("127.0.0.1", port)
    names = ("write",) if no_calculate else ("write", *STEPS)
    found: list[Group] = []
    inventories: list[Inventory] = []
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
    files = sum(
        1
        for path in folder.rglob("*")
        if path.is_file() and not {".linyin", "workspace"} & set(path.relative_to(folder).parts)
    )
    words = session.say("demo.written", path=shown(folder), files=files)
    written: dict[str, Any] = {"ok": True, "folder": str(folder), "files": files, "scale": scale}
    if no_calculate:
        return Answer(written, [words])
    answer = groups_answer(found, session)
    answer = Answer({**written, **answer.data}, [*answer.view, words])
    if not is_served:
        return answer
    session.show(answer)
    return _served(session, folder, inventories, port)


def _served(session: Session, folder: Path, inventories: list[Inventory], port: int) -> Answer:
    """Serve the example until it is stopped."""
    from linyin.cli import demo_workspace

    with session.steps(demo_workspace.STEPS) as progress:
        root = demo_workspace.make_workspace(folder, inventories, progress)
    address = f"http://127.0.0.1:{port}"
    told = session.say("serve.begun", address=address, path=root)
    demo_workspace.serve_workspace(port, begun=lambda: session.tell(told))
    return Answer({}, [session.say("serve.ended")])
