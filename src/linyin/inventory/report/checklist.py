"""What the standards ask a report to show, and whether this one does."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from linyin.inventory.report.model import Label, ReportModel
from linyin.inventory.report.rules import RULES

__all__ = ["Answer", "Item", "State", "answer", "load_items", "missing", "missing_items"]

type State = Literal["present", "missing", "not_applicable"]
_STATES: dict[bool | None, State] = {True: "present", False: "missing", None: "not_applicable"}


@dataclass(frozen=True, slots=True)
class Item:
    """One mandatory item, in our words, and the section of the report that shows it.

    `keys` are those of `linyin.toml` that fill it in; none where only data can.
    """

    item: str
    standard: str
    clause: str
    rule: str
    where: str
    text: Label
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An item and what its rule found."""

    item: Item
    state: State


@cache
def load_items() -> tuple[Item, ...]:
    """Read `checklist.csv`."""
    content = files("linyin.inventory.report").joinpath("checklist.csv").read_text("utf-8")
    return tuple(
        Item(
            row["item"],
            row["standard"],
            row["clause"],
            row["rule"],
            row["where"],
            Label(row["en"], row["zh"]),
            tuple(row["keys"].split()),
        )
        for row in csv.DictReader(content.splitlines())
    )


def answer(model: ReportModel) -> tuple[Answer, ...]:
    """Hold a report against every item."""
    return tuple(Answer(item, _STATES[RULES[item.rule](model)]) for item in load_items())


def missing(answers: Sequence[Answer], standard: str = "") -> list[Item]:
    """Items that the report lacks, of one standard or of all."""
    return [
        found.item
        for found in answers
        if found.state == "missing" and found.item.standard.startswith(standard)
    ]


def missing_items(model: ReportModel) -> list[Item]:
    """Return the mandatory items that a report lacks, in the order of the standards."""
    return missing(answer(model))
