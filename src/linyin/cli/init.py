"""`linyin init`: a workspace with its enterprise, its sites, its first administrator."""

from __future__ import annotations

import getpass
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from linyin.cli.session import Session

__all__ = ["init"]

_SPOKEN = {"en": "en", "zh": "zh-hans"}


@command("init")
@argument("folder", type=click.Path(path_type=Path))
@option("--name", help="option.name")
@option("--country", default="CN", show_default=True, help="option.country")
@option("--site", "sites", multiple=True, help="option.first_site")
@option("--base-year", type=int, help="option.first_base_year")
@option("--approach", default="operational_control", show_default=True,
        help="option.first_approach")  # fmt: skip
@option("--language", type=click.Choice(tuple(_SPOKEN)), help="option.language")
@option("--email", help="option.email")
@option("--person", default="", help="option.person")
def init(
    session: Session,
    folder: Path,
    name: str | None,
    country: str,
    sites: tuple[str, ...],
    base_year: int | None,
    approach: str,
    language: str | None,
    email: str | None,
    person: str,
) -> Answer:
    """Make a workspace; with no answers at all the first-run page asks for them."""
    from rich.text import Text

    from linyin.cli.paths import quoted
    from linyin.lake import BadInput, Finding, Where

    if folder.exists() and not (folder / "secret-key").exists() and any(folder.iterdir()):
        raise BadInput([Finding("path-exists", "error", Where(str(folder)))])
    needed = {"--name": name, "--base-year": base_year, "--email": email}
    missing = [option for option, value in needed.items() if value is None]
    is_asked_later = len(missing) == len(needed) and not sites
    if missing and not is_asked_later:
        fields = {"missing": ", ".join(missing)}
        raise BadInput([Finding("init-incomplete", "error", fields=fields)])
    is_new = not (folder / "secret-key").exists()
    password = "" if missing else os.environ.get("LINYIN_ADMIN_PASSWORD") or _asked(session)
    with session.steps(("check", "migrate", "lake", *(() if missing else ("begin",)))) as progress:
        from linyin.platform.bootstrap import start

        was_there = folder.exists()
        workspace = start(folder)
        from linyin.inventory.web.beginning import FirstAnswers, begin, require_good
        from linyin.platform.actor import Actor
        from linyin.platform.upgrade import upgrade

        answers = None
        if name is not None and base_year is not None and email is not None:
            answers = FirstAnswers(
                name=name,
                country=country,
                sites=sites,
                base_year=base_year,
                approach=approach,
                language=_SPOKEN[language or session.lang],
                email=email,
                person=person or email.partition("@")[0],
                password=password,
            )
            try:
                require_good(answers)
            except BadInput:
                if is_new:
                    _take_away(folder, keep=was_there)
                raise
        upgrade(progress)
        data = {"ok": True, "workspace": str(workspace.root), "new": is_new}
        if answers is not None:
            progress("begin")
            administrator = begin(Actor(None, "cli", is_operator=True), answers)
            data["administrator"] = administrator.email
    key = "init.done" if is_new or answers is not None else "init.there"
    words = session.say(key, path=quoted(folder))
    return Answer(data, [Text(words, no_wrap=True)])


def _take_away(folder: Path, *, keep: bool) -> None:
    """Remove what was made of a workspace that did not come about; the folder was empty before."""
    for made in folder.iterdir():
        shutil.rmtree(made) if made.is_dir() else made.unlink()
    if not keep:
        folder.rmdir()


def _asked(session: Session) -> str:
    if not sys.stdin.isatty():
        return ""
    return getpass.getpass(session.say("init.password") + " ")
