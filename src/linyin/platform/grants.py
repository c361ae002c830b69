"""Grants as one filter: which nodes an actor reaches with which permission, on today's tree."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from django.db.models import F, Q
from django.utils.timezone import localdate

from linyin.platform.models.record import owner_path
from linyin.platform.roles import permissions, roles

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from linyin.platform.actor import Actor
    from linyin.platform.models import Grant

__all__ = [
    "children_today",
    "guest_nodes",
    "guest_permissions_of",
    "is_shared",
    "node_path",
    "nodes_of",
    "parents_on",
    "path_to",
    "reach_keys",
    "reach_of",
    "share",
    "subtree",
    "visible_to",
    "within",
]

type Shared = Callable[[str], Q]
_SHARED: Final[dict[str, Shared]] = {}
_GUEST: Final = "guest:"


def share(model: type[Model]) -> Callable[[Shared], Shared]:
    """Let guests see some records of a model: which, by the key of a guest; for use as a decorator.

    Nothing else exists for them: their grants reach no node.
    """

    def decorate(condition: Shared) -> Shared:
        _SHARED[model._meta.label] = condition
        return condition

    return decorate


def visible_to[M: Model](actor: Actor, model: type[M], permission: str) -> QuerySet[M]:
    """Return the records that an actor may see: the only way by which pages open a table.

    Records of the whole organization are seen by whoever has the permission on any node, those of
    a person by that person alone, those that are shared with a guest by the guest too.
    """
    reached = within(model, reach_keys(actor, model, permission))
    return model._default_manager.filter(reached)


def reach_keys(actor: Actor, model: type[Model] | None, permission: str) -> frozenset[str]:
    """Return whose records an actor sees: codes of nodes, the key of a person, or of a guest."""
    person = str(actor.person.pk) if actor.person is not None else ""
    if model is not None and owner_path(model):
        return frozenset({person}) if person and actor.may(permission) else frozenset()
    nodes = actor.nodes(permission)
    if model is not None and model._meta.label in _SHARED and permission in actor.as_guest:
        return nodes | {f"{_GUEST}{person}"}
    return nodes


def within(model: type[Model], keys: Collection[str]) -> Q:
    """Return the condition of the records that belong to somebody of `reach_keys`."""
    nodes = [key for key in keys if not key.startswith(_GUEST)]
    if owner := owner_path(model):
        return Q(**{f"{owner}__in": nodes})
    path = node_path(model)
    found = Q(**{f"{path}__in": nodes}) if path else Q() if nodes else Q(pk__in=[])
    for key in keys:
        if key.startswith(_GUEST):
            found |= _SHARED[model._meta.label](key.removeprefix(_GUEST))
    return found


def is_shared(actor: Actor, record: Model, permission: str) -> bool:
    """Whether a record is one that the actor sees as a guest."""
    condition = _SHARED.get(record._meta.label)
    if condition is None or actor.person is None or permission not in actor.as_guest:
        return False
    seen = condition(str(actor.person.pk))
    return type(record)._default_manager.filter(seen, pk=record.pk).exists()


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
    grants = [g for g in actor.person.grants.select_related("node") if not roles()[g.role].is_guest]
    if not grants:
        return {}
    below = children_today()
    reach: dict[str, set[str]] = {}
    for grant in grants:
        nodes = nodes_of(grant, below)
        for permission in roles()[grant.role].permissions:
            reach.setdefault(permission, set()).update(nodes)
    return {permission: frozenset(nodes) for permission, nodes in reach.items()}


def guest_permissions_of(actor: Actor) -> frozenset[str]:
    """Return what the actor may do with records that are shared with them."""
    if actor.is_operator or actor.person is None or not actor.person.is_active:
        return frozenset()
    held = [roles()[grant.role] for grant in actor.person.grants.all()]
    return frozenset().union(*(role.permissions for role in held if role.is_guest))


def guest_nodes(person: str) -> frozenset[str]:
    """Return the nodes that the grants of a guest, named by their key, cover today."""
    from linyin.platform.models import Grant

    guests = [name for name, role in roles().items() if role.is_guest]
    grants = Grant.objects.filter(person=int(person), role__in=guests).select_related("node")
    below = children_today() if grants else {}
    return frozenset().union(*(nodes_of(grant, below) for grant in grants))


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
