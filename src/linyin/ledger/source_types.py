"""Source types: on which line each counts, and which are exports, removals or shown beside."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["SourceType", "load"]


@dataclass(frozen=True, slots=True)
class SourceType:
    """What follows from the source type of an activity alone.

    Attributes
    ----------
    line
        Its inventory line if it is the reporter's own.
    outsourced, leased_out
        Its line in those relations; '' = as `line`.
    flow
        `emission` or `removal`.
    sign
        -1 for what leaves the boundary: power and heat exported.
    role
        `reported`, or `memo`: shown beside the totals.
    reported_under
        Standards under which a memo is reported all the same.
    item
        Item of rows that name none; '' = each must.
    name_en, name_zh
        What it is called.

    """

    name: str
    line: str
    outsourced: str
    leased_out: str
    flow: str
    sign: int
    role: str
    reported_under: frozenset[str]
    item: str
    name_en: str
    name_zh: str

    @property
    def is_export(self) -> bool:
        """Whether it leaves the boundary, and is deducted or shown beside."""
        return self.sign < 0

    def role_under(self, standard: str) -> str:
        """Return the role of its entries in a run of a standard."""
        return "reported" if standard in self.reported_under else self.role


@cache
def load() -> Mapping[str, SourceType]:
    """Read every source type by its name."""
    text = files(__package__).joinpath("source_types.csv").read_text(encoding="utf-8")
    return {
        row["source_type"]: SourceType(
            name=row["source_type"],
            line=row["line"],
            outsourced=row["outsourced"],
            leased_out=row["leased_out"],
            flow=row["flow"],
            sign=int(row["sign"]),
            role=row["role"],
            reported_under=frozenset(filter(None, row["reported_under"].split("|"))),
            item=row["item"],
            name_en=row["name_en"],
            name_zh=row["name_zh"],
        )
        for row in csv.DictReader(text.splitlines())
    }
