"""The year of an inventory: which steps it takes, by when, and how a step stands on a day."""

from __future__ import annotations

import csv
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

__all__ = [
    "MILESTONE_KINDS",
    "Planned",
    "State",
    "days_until",
    "plan_of_year",
    "state_on",
]

MILESTONE_KINDS: Final = (
    "data",
    "submission",
    "entity_approval",
    "calculation",
    "verification",
    "committee_approval",
    "publication",
    "other",
)
SOON_DAYS: Final = 14

type State = Literal["planned", "soon", "overdue", "done"]


@dataclass(frozen=True, slots=True)
class Planned:
    """A step of the template, on the days of a year.

    Attributes
    ----------
    kind
        One of :data:`MILESTONE_KINDS`.
    begin, due
        When work on it begins, and by when it is done; both days included.
    body
        Kind of the body that answers for it; empty = none for all nodes.

    """

    kind: str
    begin: date
    due: date
    body: str


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    begin: tuple[int, int]
    due: tuple[int, int]
    body: str


@cache
def _template() -> tuple[_Row, ...]:
    text = Path(__file__).with_name("year.csv").read_text(encoding="utf-8")
    return tuple(
        _Row(
            row["kind"],
            (int(row["begin_month"]), int(row["begin_day"])),
            (int(row["due_month"]), int(row["due_day"])),
            row["body"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def plan_of_year(end: date) -> list[Planned]:
    """Return the steps by which the inventory of a year becomes public, from `year.csv`.

    Parameters
    ----------
    end : date
        First day after the inventory year.

    Returns
    -------
    list of Planned
        In the order of their due days. Month 1 of the template is the month of `end`; a day that
        a month lacks is its last.

    """
    return [
        Planned(row.kind, _day(end, *row.begin), _day(end, *row.due), row.body)
        for row in _template()
    ]


def _day(end: date, month: int, day: int) -> date:
    years, index = divmod(end.month - 1 + month - 1, 12)
    year, month = end.year + years, index + 1
    return date(year, month, min(day, monthrange(year, month)[1]))


def state_on(day: date, due: date, *, is_done: bool) -> State:
    """Return how a step stands on a day: done, overdue, soon (within two weeks) or planned."""
    if is_done:
        return "done"
    if due < day:
        return "overdue"
    return "soon" if days_until(due, day) <= SOON_DAYS else "planned"


def days_until(due: date, day: date) -> int:
    """Return the days left on a day; negative once the due day is over."""
    return (due - day).days
