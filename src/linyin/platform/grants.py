"""Grants as one filter: which nodes an actor reaches with which permission, on today's tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.timezone import localdate

from linyin.platform.models.record import owner_path
from linyin.platform.roles import permissions, roles

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from linyin.platform.actor import Actor
    from linyin.platform.models import Grant

__all__ = [
    "children_today",
    "node_path",
    "nodes_of",
    "parents_on",
    "path_to",
    "reach_of",
    "subtree",
    "visible_to",
]


def visible_to[M: Model](actor: Actor, model: type[M], permission: str) -> QuerySet[M]:
    """Return the records that an actor may see: the only way by which pages open a table.

    Records of the whole organization are seen by whoever has the permission on any node, those of
    a person by that person alone.
    """
    records = model._default_manager.all()
    if owner := owner_path(model):
        person = actor.person if actor.may(permission) else None
        return records.filter(**{owner: person.pk}) if person else records.none()
    path = node_path(model)
    if not path:
        return records if actor.may(permission) else records.none()
    return records.filter(**{f"{path}__in": actor.nodes(permission)})


def node_path(model: type[Model]) -> str:
    """Return the lookup of the code of the node that a model's records belong to."""
    path: str = getattr(model, "NODE_PATH", "")
    return path


def reach_of(actor: Actor) -> dict[str, frozenset[str]]:
    """Return permission → codes of the nodes on which the actor has it today."""
    from linyin.organization.web.models import Node

    if actor.is_operator:
        everywhere = frozenset(Node.objects.values_list("code", flat=True))
        return dict.fromkeys(permissions(), everywhere)
    if actor.person is None or not actor.person.is_active:
        return {}
    grants = list(actor.person.grants.select_related("node"))
    if not grants:
        return {}
    below = children_today()
    reach: dict[str, set[str]] = {}
    for grant in grants:
        nodes = nodes_of(grant, below)
        for permission in roles()[grant.role].permissions:
            reach.setdefault(permission, set()).update(nodes)
    return {permission: frozenset(nodes) for permission, nodes in reach.items()}


def nodes_of(grant: Grant, below: Mapping[str, Iterable[str]]) -> set[str]:
    """Return the codes of the nodes that a grant covers."""
    return subtree(grant.node.code, below) if grant.subtree else {grant.node.code}


def subtree(code: str, below: Mapping[str, Iterable[str]]) -> set[str]:
    """Return a node's code and those of all below it."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(below.get(here, ()))
    return found


def children_today() -> dict[str, list[str]]:
    """Return parent → children on today's management tree; '' is above its roots."""
    below: dict[str, list[str]] = {}
    for node, parent in parents_on(localdate()).items():
        below.setdefault(parent, []).append(node)
    return below


def parents_on(day: date) -> dict[str, str]:
    """Return node → parent on the management tree of a day, '' for its roots.

    A node that has no standing that day (closed, or not yet there) stays where it stood last, so
    that its past remains in sight of those who answer for it.
    """
    from linyin.organization.web.models import Standing

    parents: dict[str, str] = {}
    rows = Standing.objects.order_by(F("begin").asc(nulls_first=True)).values_list(
        "node__code", "parent__code", "begin", "end"
    )
    settled: set[str] = set()
    for node, parent, begin, end in rows:
        holds = (begin is None or begin <= day) and (end is None or end > day)
        if node in settled and not holds:
            continue
        if holds:
            settled.add(node)
        parents[node] = parent or ""
    return parents


def path_to(code: str, parents: Mapping[str, str]) -> list[str]:
    """Return the nodes from the root of the tree down to a node, both included."""
    path: list[str] = []
    here = code
    while here and here not in path:
        path.append(here)
        here = parents.get(here, "")
    return path[::-1]
