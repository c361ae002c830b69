"""`linyin init`: a workspace with its enterprise, its sites, its first administrator."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    """Make a workspace; a terminal asks for the answers, or else the first-run page does."""
    from rich.text import Text

    from linyin.cli.paths import quoted
    from linyin.lake import BadInput, Finding, Where

    if folder.exists() and not (folder / "secret-key").exists() and any(folder.iterdir()):
        raise BadInput([Finding("path-exists", "error", Where(str(folder)))])
    is_new = not (folder / "secret-key").exists()
    is_open = name is None and base_year is None and email is None and not sites
    if is_open and is_new and sys.stdin.isatty() and not session.as_json:
        asked = _ask(session, country, approach, language or session.lang, person)
        name, country, sites, base_year = asked.name, asked.country, asked.sites, asked.base_year
        approach, language, email, person = (
            asked.approach, asked.language, asked.email, asked.person,
        )  # fmt: skip
    needed = {"--name": name, "--base-year": base_year, "--email": email}
    missing = [option for option, value in needed.items() if value is None]
    if missing and not is_open:
        fields = {"missing": ", ".join(missing)}
        raise BadInput([Finding("init-incomplete", "error", fields=fields)])
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody at a terminal has answered; without a name the first page asks for all."""

    name: str | None = None
    country: str = "CN"
    sites: tuple[str, ...] = ()
    base_year: int | None = None
    approach: str = "operational_control"
    language: str = "en"
    email: str | None = None
    person: str = ""


def _ask(session: Session, country: str, approach: str, language: str, person: str) -> _Asked:
    """Ask what begins a workspace, and who its administrator is; options state the defaults."""
    from linyin.ledger import APPROACHES

    def ask(key: str, **options: Any) -> Any:
        return click.prompt(session.say(f"init.ask.{key}"), **options)

    name = ask("name", default="", show_default=False).strip()
    if not name:
        return _Asked(country=country, approach=approach, language=language, person=person)
    told = [f"{number}  {session.say(f'init.{one}')}" for number, one in enumerate(APPROACHES, 1)]
    country = ask("country", default=country)
    sites = ask("sites", default="", show_default=False)
    year = ask("base_year", type=click.IntRange(1990, 2100))
    click.echo("\n".join(told))
    stated = APPROACHES.index(approach) + 1 if approach in APPROACHES else len(APPROACHES)
    chosen = ask("approach", type=click.IntRange(1, len(APPROACHES)), default=stated)
    return _Asked(
        name=name,
        country=country,
        sites=tuple(site.strip() for site in re.split("[,，、]", sites) if site.strip()),
        base_year=year,
        approach=APPROACHES[chosen - 1],
        language=ask("language", type=click.Choice(tuple(_SPOKEN)), default=language),
        email=ask("email"),
        person=ask("person", default=person, show_default=bool(person)),
    )


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
