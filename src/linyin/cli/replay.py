"""`linyin replay`: the same digits again, or not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from linyin.cli.command import Answer, argument, command

if TYPE_CHECKING:
    from linyin.cli.session import Session

__all__ = ["replay"]

STEPS: Final = ("verify", "contexts", "factors", "supply", "entries")


@command("replay")
@argument("bundle", type=click.Path(path_type=Path))
def replay(session: Session, bundle: Path) -> Answer:
    """Verify a bundle and calculate it again."""
    from rich.text import Text

    with session.steps(STEPS) as progress:
        progress("verify")
        from linyin.inventory import replay_bundle

        result = replay_bundle(bundle, progress=progress)
    data = {
        "ok": result.same,
        "bundle": str(bundle),
        "expected": result.expected,
        "found": result.found,
        "entries": result.rows,
    }
    if result.same:
        words = session.say("replay.same", rows=f"{result.rows:,}", content=result.found)
        return Answer(data, [Text(words, style="green")])
    words = session.say(
        "replay.differs", expected=result.expected, found=result.found, rows=f"{result.rows:,}"
    )
    return Answer(data, [Text(words, style="bold red")], 1)
