"""Roles and the permissions they hold, from one table."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from linyin.platform.rooms import added_rooms, folder_of
from linyin.platform.words import words

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
    """Read `roles.csv` of the platform and of the rooms that `LINYIN_ROOMS` names: name → role.

    A room brings permissions of its own, `<room>.…`: for roles that are there, which are given
    nothing else, and for roles of its own, which may hold those of Linyin too.

    Raises
    ------
    ValueError
        If a room gives anything else, a role lacks a text, or a permission its word.

    """
    found = {row["role"]: _role(row) for row in _rows(Path(__file__).with_name("roles.csv"))}
    for room in added_rooms():
        file = folder_of(room) / "roles.csv"
        if file.exists():
            _add(found, room, file)
    return found


def _rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def _role(row: Mapping[str, str]) -> Role:
    return Role(
        row["role"],
        {"en": row["name_en"], "zh": row["name_zh"]},
        {"en": row["description_en"], "zh": row["description_zh"]},
        frozenset(row["permissions"].split("|")),
        row["needs_mfa"] == "yes",
        row["is_guest"] == "yes",
    )


def _add(found: dict[str, Role], room: str, file: Path) -> None:
    """Add the roles of a room, and its permissions to those that are there."""
    own = f"{room.rpartition('.')[2]}."
    known = frozenset().union(*(role.permissions for role in found.values()))
    for row in _rows(file):
        name, given = row["role"], frozenset(row["permissions"].split("|"))
        is_new = name not in found
        for permission in sorted(given):
            if not permission.startswith(own) and not (is_new and permission in known):
                raise ValueError(f"{file}: {name} is given {permission}, which does not begin with "
                                 f"{own}")  # fmt: skip
            if f"permission.{permission}" not in words():
                raise ValueError(f"{file.parent}: words.csv lacks permission.{permission}")
        if is_new and not all(row.values()):
            raise ValueError(f"{file}: {name} lacks a text")
        held = found.get(name)
        found[name] = _role(row) if held is None else replace(
            held, permissions=held.permissions | given
        )  # fmt: skip


@cache
def permissions() -> frozenset[str]:
    """Return every permission that some role holds."""
    return frozenset().union(*(role.permissions for role in roles().values()))
