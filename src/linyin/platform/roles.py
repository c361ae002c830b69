"""Roles and the permissions they hold, from one table."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Role", "permissions", "roles"]


@dataclass(frozen=True, slots=True)
class Role:
    """A role.

    Attributes
    ----------
    permissions
        What it may do: on the nodes of a grant, or as a guest.
    needs_mfa
        Whether a second factor is required to sign in with it.
    is_guest
        Whether it is an outsider's: it reaches no node, only the records that rooms share with it.

    """

    name: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    permissions: frozenset[str]
    needs_mfa: bool
    is_guest: bool


@cache
def roles() -> Mapping[str, Role]:
    """Read `roles.csv`: name → role."""
    text = Path(__file__).with_name("roles.csv").read_text(encoding="utf-8")
    return {
        row["role"]: Role(
            row["role"],
            {"en": row["name_en"], "zh": row["name_zh"]},
            {"en": row["description_en"], "zh": row["description_zh"]},
            frozenset(row["permissions"].split("|")),
            row["needs_mfa"] == "yes",
            row["is_guest"] == "yes",
        )
        for row in csv.DictReader(text.splitlines())
    }


@cache
def permissions() -> frozenset[str]:
    """Return every permission that some role holds."""
    return frozenset().union(*(role.permissions for role in roles().values()))
