"""Home: where do we stand, what must I do, can I trust it? Each role has its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from linyin.platform.parts import Column, Empty, Figures, Link, Notice, Part, Row, Table
from linyin.platform.roles import roles
from linyin.platform.shell import Page
from linyin.platform.signin import signed_in
from linyin.platform.times import day, day_of_year
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from datetime import date

    from linyin.platform.tasks import Task

__all__ = ["Decision", "Home", "home", "home_of", "task_table"]

FIRST: Final = (
    "carbon_office", "committee", "entity_manager", "data_owner", "verifier", "administrator",
    "reader",
)  # fmt: skip
SHOWN_TASKS: Final = 8


@dataclass(frozen=True, slots=True)
class Decision:
    """What waits for the reader to decide, taken at home: the actions of a record's own page.

    Attributes
    ----------
    title
        What is decided.
    href
        Where it opens to be looked through.
    actions
        (label, address, `primary` or `plain`): what the buttons say, and where they send the
        comment; what is wrong with it is told there.
    version
        Of the record as it is shown.

    """

    title: str
    href: str
    actions: Sequence[tuple[str, str, str]]
    version: int


@dataclass(frozen=True, slots=True)
class Home:
    """What the home of a role shows.

    Attributes
    ----------
    figures
        Where we stand: one headline figure, at most four more.
    main
        One main chart or table.
    trust
        (label, value): what the figures rest on.
    notices
        What stands before everything else.
    below
        Further parts, each under its title.
    subject
        What the figures are of; on paper it stands above them.
    decision
        What the reader decides here.

    """

    figures: Figures | None = None
    main: Part | None = None
    trust: Sequence[tuple[str, Any]] = ()
    notices: Sequence[Notice] = ()
    below: Sequence[tuple[str, Part]] = ()
    subject: str = ""
    decision: Decision | None = None


_HOMES: Final[dict[str, Callable[[Page], Home]]] = {}


def home_of(*names: str) -> Callable[[Callable[[Page], Home]], Callable[[Page], Home]]:
    """Make a function the home of roles, for use as a decorator in a room."""

    def decorate(function: Callable[[Page], Home]) -> Callable[[Page], Home]:
        _HOMES.update(dict.fromkeys(names, function))
        return function

    return decorate


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Show the home of the reader's role; who has several may choose."""
    page = Page.of(request)
    person = page.actor.person
    held = {grant.role for grant in person.grants.all()} if person is not None else set()
    mine = [role for role in dict.fromkeys((*FIRST, *_HOMES)) if role in held and role in _HOMES]
    asked = request.GET.get("role", "")
    role = asked if asked in mine else (mine[0] if mine else "")
    shown = _HOMES[role](page) if role else Home()
    tasks = page.actor.tasks
    context = {
        "title": say("home.hello", name=str(person)),
        "role": roles()[role].names[lang()] if role else "",
        "roles": [(roles()[r].names[lang()], page.address(role=r), r == role) for r in mine]
        if len(mine) > 1
        else [],
        "home": shown,
        "tasks": task_table(tasks[:SHOWN_TASKS]),
        "more_tasks": max(0, len(tasks) - SHOWN_TASKS),
        "is_empty": not held,
        "nothing": Empty(say("home.nothing"), say("home.nothing.help")),
    }
    return render(request, "platform/home.html", context)


def _due(due: date) -> str:
    """Return a day as short as it can be told: without its year if that is this one."""
    return day_of_year(due) if due.year == localdate().year else day(due)


def task_table(tasks: Sequence[Task]) -> Table:
    """Return tasks as a table: what, by when."""
    rows = [
        Row(
            [Link(task.title, hint=task.detail), _due(task.due) if task.due else ""],
            task.href,
            "bad" if task.is_overdue else "",
        )
        for task in tasks
    ]
    columns = [Column(say("home.task"), is_wide=True), Column(say("home.due"))]
    empty = Empty(say("home.no_tasks"), icon="circle-check")
    return Table(say("home.tasks"), columns, rows, empty=empty, is_dense=True)
