"""Who gains and loses sight of what by a change of the tree or the grants, before it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from linyin.platform.grants import nodes_of
from linyin.platform.models import Grant
from linyin.platform.parts import Badge, Column, Row, Table
from linyin.platform.roles import roles
from linyin.platform.tree import Tree
from linyin.platform.words import lang, say

__all__ = ["SightChange", "changes_of_sight", "sight_digest", "sight_table"]

_NAMED: Final = 3

type _Sight = dict[tuple[int, str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class SightChange:
    """What a person gains or loses in a role.

    Attributes
    ----------
    nodes
        Codes of the nodes, ordered.

    """

    person: str
    role: str
    gains: bool
    nodes: tuple[str, ...]


def changes_of_sight(change: Callable[[], object], day: date) -> list[SightChange]:
    """Return who reaches which nodes in which role with a change that they do not without, or less.

    Parameters
    ----------
    change : callable
        Makes the change; what it does to the database is undone before this returns.
    day : date
        The day whose tree is looked at.

    """
    with transaction.atomic():
        before = _sight(day)
        change()
        after = _sight(day)
        people = dict(Grant.objects.values_list("person_id", "person__name"))
        transaction.set_rollback(True)
    found = []
    for key in before.keys() | after.keys():
        was, will = before.get(key, frozenset()), after.get(key, frozenset())
        for gains, nodes in ((False, was - will), (True, will - was)):
            if nodes:
                name = people.get(key[0], "")
                found.append(SightChange(name, key[1], gains, tuple(sorted(nodes))))
    return sorted(found, key=lambda one: (one.person, one.role, one.gains))


def _sight(day: date) -> _Sight:
    """Return (person, role) → codes of the nodes that they reach on a day."""
    tree = Tree(day)
    sight: _Sight = {}
    for grant in Grant.objects.filter(person__is_active=True).select_related("node"):
        if roles()[grant.role].is_guest:
            continue
        key = (grant.person_id, grant.role)
        sight[key] = sight.get(key, frozenset()) | nodes_of(grant, tree)
    return sight


def sight_digest(changes: Sequence[SightChange]) -> str:
    """Return what tells that somebody has seen these changes and no others."""
    return hashlib.sha256(repr(list(changes)).encode()).hexdigest()


def sight_table(changes: Sequence[SightChange]) -> Table:
    """Return the changes as a table: who, in which role, gains or loses, of what."""
    language = lang()
    names = Tree().names(language)
    rows = [
        Row(
            [
                one.person,
                roles()[one.role].names[language],
                Badge("sight", "gains" if one.gains else "loses"),
                _listed([names.get(code, code) for code in one.nodes]),
            ]
        )
        for one in changes
    ]
    columns = [
        Column(say("sight.person")),
        Column(say("sight.role")),
        Column(say("sight.change")),
        Column(say("sight.what"), is_wide=True),
    ]
    return Table(say("sight.title"), columns, rows)


def _listed(names: Sequence[str]) -> str:
    shown = (" · ").join(names[:_NAMED])
    rest = len(names) - _NAMED
    return say("sight.more", first=shown, count=rest) if rest > 0 else shown
