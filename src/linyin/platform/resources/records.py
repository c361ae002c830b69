"""Making, changing and removing the records of a resource: three actions for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.http import Http404

from linyin.lake import BadInput, Finding, errors_in
from linyin.platform.actions import ACTIONS, Action
from linyin.platform.history import values_at
from linyin.platform.models.record import Record

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.resources.resource import Check, Resource

__all__ = [
    "Stale",
    "create_action",
    "delete_action",
    "require_keepable",
    "require_reach",
    "require_version",
    "update_action",
]


class Stale(Exception):
    """Somebody else has changed the record since the form was shown.

    Attributes
    ----------
    record
        As it is now.
    stated
        What the form or the request states, by field; of a removal, what was there at the
        version that it saw.

    """

    def __init__(self, record: Record, stated: Mapping[str, Any]) -> None:
        super().__init__(f"{record} has changed")
        self.record, self.stated = record, dict(stated)


def create_action(resource: Resource) -> Action:
    """Return the action `(actor, *, values)` that makes a record."""

    def create(actor: Actor, *, values: Mapping[str, Any]) -> Record:
        record: Record = _model(resource)(**values)
        require_keepable(actor, resource, record)
        record.save()
        return record

    return _named(resource, "create", create, has_subject=False)


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
        require_version(record, version, values)
        for name, value in values.items():
            setattr(record, name, value)
        require_keepable(actor, resource, record)
        record.version = version + 1
        record.save()
        return record

    return _named(resource, "update", update, has_subject=True)


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
        require_version(record, version)
        require_sound(resource.check_removal, record)
        try:
            with transaction.atomic():
                record.delete()
        except ProtectedError as error:
            names = ", ".join(sorted({str(o) for o in error.protected_objects})[:5])
            fields = {"record": str(record), "others": names}
            raise BadInput([Finding("record-in-use", "error", fields=fields)]) from error

    return _named(resource, "delete", delete, has_subject=True)


def _named(resource: Resource, verb: str, function: Any, *, has_subject: bool) -> Action:
    app = _model(resource)._meta.app_label
    made = Action(f"{app}.{verb}_{resource.name}", resource.edit, function, "sql", has_subject, ())
    ACTIONS[made.name] = made
    return made


def _model(resource: Resource) -> type[Any]:
    if resource.model is None:
        raise ValueError(f"{resource.name} has no model")
    return resource.model


def require_version(record: Record, version: int, stated: Mapping[str, Any] | None = None) -> None:
    """Lock a record and refuse what rests on another version of it.

    Parameters
    ----------
    record
        As it was read.
    version
        Of what was seen.
    stated
        What would be written over it, by field; none to remove it.

    Raises
    ------
    Stale
        If somebody has changed it since.
    django.http.Http404
        If somebody has removed it.

    """
    fresh = type(record)._default_manager.select_for_update().filter(pk=record.pk).first()
    if fresh is None:
        raise Http404
    if fresh.version != version:
        raise Stale(fresh, values_at(fresh, version) if stated is None else stated)


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
