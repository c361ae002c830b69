"""What people do with the organization: add a part, move one to another place in the tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.timezone import localdate

from linyin.lake import BadInput, Finding, Where
from linyin.organization.web.checks import new_errors
from linyin.organization.web.models import Node, Standing
from linyin.platform.actions import action, refused, require, snapshot
from linyin.platform.audit import record_event
from linyin.platform.sight import SightChange, changes_of_sight
from linyin.platform.tree import Tree

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["add_node", "move_node", "moved", "sight_of_move"]

_CODE: Final = re.compile(r"[\w.-]+")  # stands in addresses


@action("organization.edit")
def add_node(actor: Actor, *, values: Mapping[str, Any]) -> Node:
    """Add a node where it first stands: below another, so that those who reach that see it.

    Parameters
    ----------
    actor
        Who adds it.
    values
        Fields of the node and of its first standing, `parent` among them.

    Raises
    ------
    django.core.exceptions.PermissionDenied
        If the actor may not change what it would stand under.
    BadInput
        If the organization would not hold together with it; nothing is changed.

    """
    own = {field.name for field in Node._meta.concrete_fields}
    node = Node(**{name: value for name, value in values.items() if name in own})
    standing = Standing(**{name: value for name, value in values.items() if name not in own})
    if standing.parent is None:
        raise refused("node-without-place")
    if not actor.may("organization.edit", standing.parent.code):
        raise PermissionDenied("organization.edit")
    if not _CODE.fullmatch(node.code):
        at = Where(column="code")
        raise BadInput([Finding("node-code-shape", "error", at, {"value": node.code})])

    def keep() -> None:
        node.save()
        standing.node = node
        standing.save()
        _tell_standing(actor, standing, None)

    if wrong := new_errors(keep):
        raise BadInput(wrong)
    return node


@action("organization.edit")
def move_node(
    actor: Actor,
    node: Node,
    *,
    parent: Node,
    begin: date,
    reason: str = "",  # noqa: ARG001 - goes into the audit trail
) -> Node:
    """Let a node stand under another from a day on, with all that is below it.

    Its standings of that day end there and go on under the new parent: owner, share, operator and
    place stay as they are.

    Raises
    ------
    django.core.exceptions.PermissionDenied
        If the actor may not change the new parent.
    BadInput
        If the node stands nowhere that day, stands there already, has a later move, or would
        stand under itself; nothing is changed.

    """
    if not actor.may("organization.edit", parent.code):
        raise PermissionDenied("organization.edit")
    for standing, before in moved(node, parent, begin):
        _tell_standing(actor, standing, before)
    return node


def sight_of_move(
    node: Node,
    *,
    parent: Node,
    begin: date,
    reason: str = "",  # noqa: ARG001 - as the action is asked
) -> list[SightChange]:
    """Return who gains and loses sight by a move, on the day it begins or today.

    Raises
    ------
    BadInput
        If the node can't be moved so.

    """
    return changes_of_sight(lambda: moved(node, parent, begin), max(begin, localdate()))


def moved(node: Node, parent: Node, begin: date) -> list[tuple[Standing, dict[str, object] | None]]:
    """Move a node in the tables, and return its standings with what they were (None: new)."""
    standings = list(
        node.standings.filter(
            Q(begin=None) | Q(begin__lte=begin), Q(end=None) | Q(end__gt=begin)
        ).order_by("pk")
    )
    fields = {"node": str(node), "parent": str(parent), "day": begin.isoformat()}
    require(standings, "node-stands-nowhere", **fields)
    require(any(s.parent_id != parent.pk for s in standings), "node-stands-there", **fields)
    later = node.standings.filter(begin__gt=begin).exclude(parent=parent)
    require(not later.exists(), "node-moves-later", **fields)
    path = Tree(begin).path_to(parent.code)
    require(node.code not in path, "node-under-itself", **fields)
    changed: list[tuple[Standing, dict[str, object] | None]] = []
    for standing in standings:
        before = snapshot(standing)
        if standing.begin == begin:
            standing.parent = parent
        else:
            follows = _copy(standing, parent, begin)
            standing.end = begin
            changed.append((follows, None))
        standing.version += 1
        standing.save()
        changed.append((standing, before))
    return changed


def _tell_standing(actor: Actor, standing: Standing, before: Mapping[str, object] | None) -> None:
    """Tell the audit trail of a standing that is new (before: None) or has changed."""
    record_event(
        actor,
        f"organization.{'create' if before is None else 'update'}_standings",
        subject=standing._meta.label_lower,
        key=str(standing.pk),
        node=standing.node.code,
        before=before,
        after=snapshot(standing),
    )


def _copy(standing: Standing, parent: Node, begin: date) -> Standing:
    return Standing.objects.create(
        node=standing.node,
        parent=parent,
        owner=standing.owner,
        ownership_pct=standing.ownership_pct,
        control=standing.control,
        operator=standing.operator,
        country=standing.country,
        place=standing.place,
        begin=begin,
        end=standing.end,
    )
