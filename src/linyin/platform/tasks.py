"""What waits for a person: rooms tell what there is to do, the task page and the header show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from linyin.platform.actor import who_asks
from linyin.platform.parts import Empty
from linyin.platform.sections import MenuPage, add_page
from linyin.platform.shell import TASK_COUNTS, Page
from linyin.platform.signin import signed_in
from linyin.platform.words import say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["Task", "add_tasks", "tasks_of", "tasks_page"]


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a person is to do.

    Attributes
    ----------
    kind
        Groups tasks; its words are `tasks.<kind>`.
    title, detail
        What, in the reader's language.
    href
        Where it is done.
    due
        By when.
    button
        What the link says; default: open.

    """

    kind: str
    title: str
    href: str
    detail: str = ""
    due: date | None = None
    button: str = ""

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed."""
        return self.due is not None and self.due < localdate()


type TaskSource = Callable[[Actor], Iterable[Task]]
_SOURCES: Final[list[TaskSource]] = []


def add_tasks(source: TaskSource) -> TaskSource:
    """Let a room tell what there is to do: a function of the actor, for use as a decorator."""
    if source not in _SOURCES:
        _SOURCES.append(source)
    return source


def tasks_of(actor: Actor) -> list[Task]:
    """Return what waits for a person, the most pressing first."""
    found = [task for source in _SOURCES for task in source(actor)]
    return sorted(found, key=lambda task: (task.due is None, task.due or date.max, task.kind))


@signed_in
def tasks_page(request: HttpRequest) -> HttpResponse:
    """Show what waits for the reader, by kind."""
    groups: dict[str, list[Task]] = {}
    for task in who_asks(request).tasks:
        groups.setdefault(task.kind, []).append(task)
    context = {
        "title": say("tasks.title"),
        "groups": [(say(f"tasks.{kind}"), tasks) for kind, tasks in groups.items()],
        "empty": Empty(say("tasks.empty"), say("tasks.empty.text"), "circle-check"),
    }
    return render(request, "platform/tasks.html", context)


def _count(page: Page) -> int:
    return len(page.actor.tasks) if page.actor.person else 0


TASK_COUNTS.append(_count)
add_page(MenuPage("home", "tasks.title", "tasks", "", 20))
