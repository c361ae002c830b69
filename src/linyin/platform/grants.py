"""Grants as one filter: which nodes an actor reaches with which permission, on today's tree."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from linyin.platform.models.record import owner_path
from linyin.platform.roles import permissions, roles

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from linyin.platform.actor import Actor
    from linyin.platform.models import Grant, Person
    from linyin.platform.tree import Tree

__all__ = [
    "Guest",
    "guest_of",
    "guest_permissions_of",
    "is_shared",
    "node_path",
    "nodes_of",
    "people_who_may",
    "reach_keys",
    "reach_of",
    "share",
    "visible_to",
    "within",
]


class Guest(str):
    """A guest among the keys of a reach: the key of the person, with what their grants cover.

    Attributes
    ----------
    nodes
        Codes of the nodes that their grants cover today.
    tree
        Today's tree.

    """

    __slots__ = ("nodes", "tree")

    nodes: frozenset[str]
    tree: Tree

    def __new__(cls, person: str, nodes: frozenset[str], tree: Tree) -> Guest:
        """Tell the key from the codes of nodes."""
        guest = super().__new__(cls, f"guest:{person}")
        guest.nodes, guest.tree = nodes, tree
        return guest

    @property
    def person(self) -> int:
        """Primary key of the person."""
        return int(self.removeprefix("guest:"))


type Shared = Callable[[Guest], Q]
_SHARED: Final[dict[str, Shared]] = {}


def share(model: type[Model]) -> Callable[[Shared], Shared]:
    """Let guests see some records of a model: which, by the guest; for use as a decorator.

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
        guest = actor.guest
        return nodes if guest is None else nodes | {guest}
    return nodes


def within(model: type[Model], keys: Collection[str]) -> Q:
    """Return the condition of the records that belong to somebody of `reach_keys`."""
    nodes = [key for key in keys if not isinstance(key, Guest)]
    if owner := owner_path(model):
        return Q(**{f"{owner}__in": nodes})
    path = node_path(model)
    found = Q(**{f"{path}__in": nodes}) if path else Q() if nodes else Q(pk__in=[])
    for key in keys:
        if isinstance(key, Guest):
            found |= _SHARED[model._meta.label](key)
    return found


def is_shared(actor: Actor, record: Model, permission: str) -> bool:
    """Whether a record is one that the actor sees as a guest."""
    condition = _SHARED.get(record._meta.label)
    guest = actor.guest
    if condition is None or guest is None or permission not in actor.as_guest:
        return False
    return type(record)._default_manager.filter(condition(guest), pk=record.pk).exists()


def node_path(model: type[Model]) -> str:
    """Return the lookup of the code of the node that a model's records belong to."""
    path: str = getattr(model, "NODE_PATH", "")
    return path


def people_who_may(permission: str, node: str, tree: Tree) -> list[Person]:
    """Return who has a permission on a node today, by name; guests have none on nodes."""
    from linyin.platform.models import Person

    held = [r.name for r in roles().values() if permission in r.permissions and not r.is_guest]
    here = Q(grants__node__code=node)
    above = Q(grants__node__code__in=tree.path_to(node), grants__subtree=True)
    able = Person.objects.filter(here | above, grants__role__in=held, is_active=True)
    return list(able.distinct().order_by("name"))


def reach_of(actor: Actor) -> dict[str, frozenset[str]]:
    """Return permission → codes of the nodes on which the actor has it today."""
    from linyin.organization.web.models import Node

    if actor.is_operator:
        everywhere = frozenset(Node.objects.values_list("code", flat=True))
        return dict.fromkeys(permissions(), everywhere)
    reach: dict[str, set[str]] = {}
    for grant in actor.grants:
        role = roles()[grant.role]
        if role.is_guest:
            continue
        nodes = nodes_of(grant, actor.tree)
        for permission in role.permissions:
            reach.setdefault(permission, set()).update(nodes)
    return {permission: frozenset(nodes) for permission, nodes in reach.items()}


def guest_permissions_of(actor: Actor) -> frozenset[str]:
    """Return what the actor may do with records that are shared with them."""
    held = [roles()[grant.role] for grant in actor.grants]
    return frozenset().union(*(role.permissions for role in held if role.is_guest))


def guest_of(actor: Actor) -> Guest | None:
    """Return the actor as the guest that some of their grants make them."""
    given = [grant for grant in actor.grants if roles()[grant.role].is_guest]
    if not given or actor.person is None:
        return None
    nodes = frozenset[str]().union(*(nodes_of(grant, actor.tree) for grant in given))
    return Guest(str(actor.person.pk), nodes, actor.tree)


def nodes_of(grant: Grant, tree: Tree) -> set[str]:
    """Return the codes of the nodes that a grant covers."""
    return tree.subtree(grant.node.code) if grant.subtree else {grant.node.code}
