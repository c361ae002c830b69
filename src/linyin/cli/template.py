"""`linyin template`: a folder to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from linyin.cli.command import Answer, argument, command

if TYPE_CHECKING:
    from linyin.cli.session import Session
    from linyin.cli.words import Lang

__all__ = ["template", "write_templates"]


@command("template")
@argument("folder", type=click.Path(path_type=Path))
def template(session: Session, folder: Path) -> Answer:
    """Write the templates."""
    from rich.text import Text

    from linyin.cli.paths import quoted

    written = write_templates(folder, session.lang)
    data = {"ok": True, "folder": str(folder), "files": [path.name for path in written]}
    view = [Text(f"  {path.name}", style="dim") for path in written]
    view.append(
        Text(session.say("template.next", number=len(written), path=quoted(folder)), no_wrap=True)
    )
    return Answer(data, view)


def write_templates(folder: Path, lang: Lang) -> list[Path]:
    """Write a template of every table, `linyin.toml` and `evidence/`.

    Raises
    ------
    BadInput
        Naming every file that is there already; then nothing is written.

    """
    from linyin.inventory import CONFIG_FILE, FOLDER_TABLES
    from linyin.lake import BadInput, Finding, Where, load_schema

    config = Path(__file__).with_name("templates") / f"linyin.{lang}.toml"
    texts = {CONFIG_FILE: config.read_text(encoding="utf-8")}
    for table, room in FOLDER_TABLES.items():
        texts[f"{table}.csv"] = load_schema(room, table).template(lang)
    there = [name for name in texts if (folder / name).exists()]
    if there:
        places = (Where(str(folder / name)) for name in there)
        raise BadInput([Finding("path-exists", "error", at) for at in places])
    (folder / "evidence").mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        marked = text if name == CONFIG_FILE else "\ufeff" + text
        with (folder / name).open("x", encoding="utf-8", newline="\n") as handle:
            handle.write(marked)
    return [folder / name for name in texts]
