"""What the API answers with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

__all__ = ["Intake", "Job", "Me", "Row", "Sight", "Total", "Totals", "YearTotals"]

type Row = Mapping[str, Any]
"""A row of a resource: `id`, `version` where it can be changed, and its columns."""


class Intake(TypedDict):
    """What a file of records would do, or did: how many rows do what, row by row."""

    is_dry_run: bool
    digest: str
    counts: dict[str, int]
    rows: list[dict[str, Any]]
    left_out: list[str]
    findings: list[dict[str, Any]]


class Job(TypedDict):
    """Long work and how it stands."""

    id: str
    kind: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    step: str
    done: int
    total: int
    result: Any
    findings: list[dict[str, Any]]


class Me(TypedDict):
    """Who the token's owner is, and what they may do on which nodes."""

    name: str
    email: str
    language: str
    token: str | None
    read_only: bool
    permissions: dict[str, list[str]]


class Sight(TypedDict):
    """Who would gain and lose sight of what: person, role, gains, nodes."""

    digest: str
    changes: list[dict[str, Any]]


class Total(TypedDict):
    """A part of a run's emissions. [mg CO2e, as text]"""

    name: str
    co2e_mg: str


class Totals(TypedDict):
    """What a run, or a part of it, emitted. [mg CO2e, as text]"""

    run: str
    node: str
    is_part: bool
    method: str
    by: str
    total_mg: str
    items: list[Total]


class YearTotals(Totals):
    """What a node emitted in a year, and the state of the run that says so."""

    year: int
    state: str
