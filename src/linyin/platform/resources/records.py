"""Making, changing and removing the records of a resource: three actions for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError

from linyin.lake import BadInput, Finding, errors_in
from linyin.platform.actions import ACTIONS, Action
from linyin.platform.models.record import Record
from linyin.platform.stale import require_seen

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.resources.resource import Check, Resource

__all__ = [
    "create_action",
    "delete_action",
    "require_keepable",
    "require_reach",
    "update_action",
]


def create_action(resource: Resource) -> Action:
    """Return the action `(actor, *, values)` that makes a record."""

    def create(actor: Actor, *, values: Mapping[str, Any]) -> Record:
        record: Record = _model(resource)(**values)
        require_keepable(actor, resource, record)
        record.save()
        return record

    def first(actor: Actor, *, values: Mapping[str, Any]) -> None:  # noqa: ARG001 - as `create`
        require_sound(resource.check_abroad, _model(resource)(**values))

    return _named(resource, "create", create, has_subject=False, first=first)


def update_action(resource: Resource) -> Action:
    """Return the action `(actor, record, *, values, version)` that changes a record.

    The record is read again and locked; if its version is another, :class:`Stale` is raised and
    nothing changes.
    """

    def update(
        actor: Actor,
        record: Record,
        *,
        values: Mapping[str, Any],
        version: int,
        reason: str = "",  # noqa: ARG001 - goes into the audit trail
    ) -> Record:
        require_seen(record, version, values)
        for name, value in values.items():
            setattr(record, name, value)
        require_keepable(actor, resource, record)
        record.version = version + 1
        record.save()
        return record

    def first(
        actor: Actor,  # noqa: ARG001 - as `update`
        record: Record,
        *,
        values: Mapping[str, Any],
        **_: Any,
    ) -> None:
        require_sound(resource.check_abroad, record.changed(values))

    return _named(resource, "update", update, has_subject=True, first=first)


def delete_action(resource: Resource) -> Action:
    """Return the action `(actor, record, *, version, reason)`: remove what nothing rests on.

    As a change, a removal is of what was seen: another version is :class:`Stale`.
    """

    def delete(
        actor: Actor,  # noqa: ARG001 - an action's signature
        record: Record,
        *,
        version: int,
        reason: str = "",  # noqa: ARG001 - goes into the audit trail
    ) -> None:
        require_seen(record, version)
        require_sound(resource.check_removal, record)
        try:
            with transaction.atomic():
                record.delete()
        except ProtectedError as error:
            names = ", ".join(sorted({str(o) for o in error.protected_objects})[:5])
            fields = {"record": str(record), "others": names}
            raise BadInput([Finding("record-in-use", "error", fields=fields)]) from error

    def first(actor: Actor, record: Record, **_: Any) -> None:  # noqa: ARG001 - as `delete`
        for check in resource.guards:
            require_sound(check, record)

    return _named(resource, "delete", delete, has_subject=True, first=first)


def _named(
    resource: Resource, verb: str, function: Any, *, has_subject: bool, first: Any = None
) -> Action:
    name = f"{_model(resource)._meta.app_label}.{verb}_{resource.name}"
    needs_first = verb == "delete" or resource.check_abroad is not None
    first = first if needs_first else None
    made = Action(name, resource.edit, function, "sql", has_subject, (), first)
    ACTIONS[made.name] = made
    return made


def _model(resource: Resource) -> type[Any]:
    if resource.model is None:
        raise ValueError(f"{resource.name} has no model")
    return resource.model


def require_reach(actor: Actor, resource: Resource, record: Record) -> None:
    """Refuse a record that goes out of the actor's reach.

    Raises
    ------
    django.core.exceptions.PermissionDenied
        If the actor may not edit where it goes.

    """
    for node in record.nodes_to_reach():
        if not (actor.may(resource.edit, node) if node else actor.may_everywhere(resource.edit)):
            raise PermissionDenied(resource.edit)


def require_keepable(actor: Actor, resource: Resource, record: Record) -> None:
    """Refuse a record that the actor may not keep as it is.

    Raises
    ------
    django.core.exceptions.PermissionDenied
        If it goes out of the actor's reach.
    BadInput
        With what the resource's checks find.

    """
    require_reach(actor, resource, record)
    require_sound(resource.check, record)
    if resource.check_actor is not None:
        require_sound(partial(resource.check_actor, actor), record)


def require_sound(check: Check | None, record: Record) -> None:
    """Refuse what a check of the resource finds an error in.

    Raises
    ------
    BadInput
        With what it finds.

    """
    wrong = errors_in(list(check(record))) if check is not None else []
    if wrong:
        raise BadInput(wrong)
