"""The governance of the demonstration, from tables: bodies, members, duties, decisions, a year."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.timezone import localdate

from linyin.governance.web.actions import finish_milestone, plan_year, record_decision
from linyin.governance.web.models import Body, Milestone
from linyin.governance.web.resources import bodies, duties, members, milestones, parts
from linyin.organization.web.models import Node
from linyin.platform.models import Person
from linyin.platform.resources import RESOURCES, Query

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["make_governance"]

_TABLES = Path(__file__).with_name("example")


@transaction.atomic
def make_governance(actor: Actor) -> None:
    """Give the example enterprise its bodies, duties and decisions, and two calendars.

    They are those of last year, whose steps are done, and of this one.
    """
    root, today = Node.objects.filter(kind="group").earliest("code"), localdate()
    people = {person.email: person for person in Person.objects.all()}
    made: dict[str, Body] = {}
    for row in _rows("bodies"):
        parent, node = made.get(row.pop("parent")), row.pop("node")
        at = Node.objects.filter(code=node).first() or root
        values = {**row, "parent": parent, "node": at, "begin": date.fromisoformat(row["begin"])}
        made[row["code"]] = bodies.create(actor, values=values)
    for row in _rows("members"):
        values = {
            **{name: row[name] for name in ("name", "role", "position", "measured_by")},
            "body": made[row["body"]],
            "person": people.get(row["person"]),
            "begin": date.fromisoformat(row["begin"]),
            "end": date.fromisoformat(row["end"]) if row["end"] else None,
        }
        members.create(actor, values=values)
    _duties(actor, root, made)
    _decisions(actor, made)
    _year(actor, root, today, people, made)


def _duties(actor: Actor, root: Node, made: Mapping[str, Body]) -> None:
    letters = {"R": "responsible", "A": "accountable", "C": "consulted", "I": "informed"}
    for rank, row in enumerate(_rows("duties"), 1):
        names = {name: row.pop(name) for name in ("code", "name_en", "name_zh")}
        duty = duties.create(actor, values={**names, "node": root, "rank": 10 * rank})
        for code, letter in row.items():
            if letter:
                values = {"duty": duty, "body": made[code], "part": letters[letter]}
                parts.create(actor, values=values)


def _decisions(actor: Actor, made: Mapping[str, Body]) -> None:
    for row in _rows("decisions"):
        votes = {n: int(row[n] or 0) for n in ("votes_for", "votes_against", "abstained")}
        record_decision(
            actor, made[row["body"]], decided_on=date.fromisoformat(row["decided_on"]),
            heading=row["heading"], text=row["text"], way=row["way"], result=row["result"],
            about=_run_of(actor, row["run_year"]), **votes,
        )  # fmt: skip


def _run_of(actor: Actor, year: str) -> str:
    """Return the run of a year that a decision is about, '' if there is none."""
    runs = RESOURCES.get("runs")
    if not year or runs is None:
        return ""
    rows = runs.rows.page(runs.reach(actor), Query(filters={"year": [year]}, size=1)).rows
    return f"runs/{rows[0]['pk']}" if rows else ""


def _year(
    actor: Actor, root: Node, today: date, people: Mapping[str, Person], made: Mapping[str, Body]
) -> None:
    told = {row["kind"]: people.get(row["person"]) for row in _rows("reminded")}
    for year in (today.year - 1, today.year):
        for milestone in plan_year(actor, node=root, year=year):
            milestone.person = told[milestone.kind]
            milestone.save()
    for row in _rows("steps"):
        values = {
            "node": root, "year": today.year, "kind": "other",
            "name_en": row["name_en"], "name_zh": row["name_zh"],
            "due": today + timedelta(days=int(row["days"])),
            "person": people.get(row["person"]), "body": made[row["body"]],
        }  # fmt: skip
        milestones.create(actor, values=values)
    behind = Milestone.objects.filter(node=root, due__lt=today - timedelta(days=30))
    for milestone in list(behind):
        finish_milestone(actor, milestone, done_on=milestone.due)


def _rows(table: str) -> list[dict[str, Any]]:
    text = (_TABLES / f"{table}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
