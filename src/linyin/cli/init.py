"""`linyin init`: a workspace with its enterprise, its sites, its first administrator."""

from __future__ import annotations

import getpass
import os
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
    password = "" if missing else os.environ.get("LINYIN_ADMIN_PASSWORD") or _asked(session)
    with session.steps(("check", "migrate", "lake", *(() if missing else ("begin",)))) as progress:
        from linyin.platform.bootstrap import start

        workspace = start(folder)
        from linyin.inventory.web.beginning import FirstAnswers, begin
        from linyin.platform.actor import Actor
        from linyin.platform.upgrade import upgrade

        upgrade(progress)
        data = {"ok": True, "workspace": str(workspace.root)}
        if name is not None and base_year is not None and email is not None:
            progress("begin")
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
            administrator = begin(Actor(None, "cli", is_operator=True), answers)
            data["administrator"] = administrator.email
    words = session.say("init.done", path=quoted(folder))
    return Answer(data, [Text(words, no_wrap=True)])


def _asked(session: Session) -> str:
    if not sys.stdin.isatty():
        return ""
    return getpass.getpass(session.say("init.password") + " ")
