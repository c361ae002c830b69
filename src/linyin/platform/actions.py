"""Actions: one function for each thing a user can do, whatever the channel.

    @action("inventory.lock")
    def lock_run(actor: Actor, run: RunRecord, *, comment: str = "") -> None: ...

Calling it checks the grant on the subject's node, runs it in a transaction, and appends what
changed to the audit trail. Keyword-only parameters are what a form or a request states.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from linyin.lake import BadInput, Finding, Where
from linyin.platform.audit import record_event
from linyin.platform.grants import is_shared
from linyin.platform.models.record import Record
from linyin.platform.stale import read_again, require_seen

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.models import Person

__all__ = [
    "ACTIONS",
    "LONGEST_TEXT",
    "Action",
    "Parameter",
    "action",
    "refused",
    "require",
    "snapshot",
    "the_person",
]

type Writes = Literal["sql", "lake"]

LONGEST_TEXT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a caller states beside the subject."""

    name: str
    kind: type
    default: Any
    is_required: bool


@dataclass(eq=False)
class Action:
    """A thing a user can do.

    Attributes
    ----------
    name
        `<app>.<function>`; its words are `action.<name>`.
    permission
        What the actor needs on the subject's node.
    writes
        `sql`: runs in one transaction with its event. `lake`: reads or writes the lake, so runs
        outside any, and appends its event where its batch or its result is committed.
    has_subject
        Whether it is done to a record.
    first
        What takes long or asks others, with the same arguments: done before the transaction, and
        raising what forbids the action.
    takes_away
        Whether somebody loses something by it: its button warns.

    """

    name: str
    permission: str
    function: Callable[..., Any]
    writes: Writes
    has_subject: bool
    parameters: tuple[Parameter, ...]
    first: Callable[..., None] | None = None
    takes_away: bool = False
    do_not_call_in_templates: ClassVar[bool] = True

    def __call__(self, actor: Actor, *subject: Any, **values: Any) -> Any:
        """Do it, to the subject as it is stored and locked.

        A `version` among the values is that of the subject as it was seen; without one it may be
        whatever it is now.

        Raises
        ------
        django.core.exceptions.PermissionDenied
            Without a grant; nothing was looked at or changed.
        django.http.Http404
            If somebody has removed the subject.
        Stale
            If somebody has changed the subject since `version`; nothing was changed.
        BadInput
            If a rule forbids it, or a text is longer than `LONGEST_TEXT`; nothing was changed.

        """
        seen = None if self._asks_version else values.pop("version", None)
        node = self._node(subject[0] if subject else None, values)
        self._allow(actor, subject[0] if subject else None, node)
        _require_bounded(values)
        if self.first is not None:
            self.first(actor, *subject, **values)
        if self.writes == "lake":
            if subject and isinstance(subject[0], Record) and seen is not None:
                with transaction.atomic():
                    read_again(subject[0])
                    require_seen(subject[0], seen)
            return self.function(actor, *subject, **values)
        with transaction.atomic():
            record = subject[0] if subject and isinstance(subject[0], models.Model) else None
            if record is not None:
                read_again(record)
                if (now := self._node(record, values)) != node:
                    self._allow(actor, record, node := now)
            if isinstance(record, Record) and seen is not None:
                require_seen(record, seen)
            before = snapshot(record) if record is not None else None
            result = self.function(actor, *subject, **values)
            self._tell(actor, record, before, result, node, values)
        return result

    @cached_property
    def _asks_version(self) -> bool:
        """Whether the function itself compares versions, with more to tell of the difference."""
        return "version" in inspect.signature(self.function).parameters

    @property
    def takes_long(self) -> bool:
        """Whether a part of it belongs in no SQL transaction."""
        return self.writes == "lake" or self.first is not None

    @property
    def is_plain(self) -> bool:
        """Whether a form made from its parameters can state all of them."""
        return all(parameter.kind is not object for parameter in self.parameters)

    def is_allowed(self, actor: Actor, subject: Any = None) -> bool:
        """Whether the actor has the grant; rules may still forbid it."""
        try:
            self._allow(actor, subject, self._node(subject, {}))
        except PermissionDenied:
            return False
        return True

    def _allow(self, actor: Actor, subject: Any, node: str | None) -> None:
        if isinstance(subject, Record) and subject.OWNER_PATH:
            if not (actor.may(self.permission) and subject.is_owned_by(actor.person)):
                raise PermissionDenied(self.name)
            return
        allowed = (
            actor.may(self.permission)
            if node is None
            else actor.may(self.permission, node)
            if node
            else actor.may_everywhere(self.permission)
        )
        is_given = isinstance(subject, Record) and is_shared(actor, subject, self.permission)
        if not allowed and not is_given:
            raise PermissionDenied(self.name)

    def _node(self, subject: Any, values: Mapping[str, Any]) -> str | None:
        """Return the node that grants are asked of: the subject's, else the one stated."""
        if isinstance(subject, Record):
            return subject.grant_node
        if isinstance(subject, models.Model):
            return ""
        stated = values.get("node") or values.get("site")
        if isinstance(stated, Record):
            return stated.grant_node
        return stated if isinstance(stated, str) else None

    def _tell(
        self,
        actor: Actor,
        record: models.Model | None,
        before: Mapping[str, Any] | None,
        result: Any,
        node: str | None,
        values: Mapping[str, Any],
    ) -> None:
        made = result if isinstance(result, models.Model) else None
        is_of_another = isinstance(made, Record) and type(made) is not type(record)
        told = made if record is None or is_of_another else record
        if told is not record:
            before = None
        is_gone = record is not None and record.pk is None
        after = None if is_gone or told is None else snapshot(told)
        key = str(told.pk if told is not None and told.pk is not None else "")
        if before is not None and not key:
            key = str(before.get("id", ""))
        record_event(
            actor,
            self.name,
            subject=told._meta.label_lower if told is not None else "",
            key=key,
            node=node or "",
            before=before if before != after else None,
            after=after if after is not None else {n: str(v) for n, v in values.items()},
            reason=str(values.get("reason") or values.get("comment") or ""),
        )


def _require_bounded(values: Mapping[str, Any]) -> None:
    """Refuse texts that nobody would read, those of a record's fields too."""
    of_record = values.get("values")
    stated = {**values, **(of_record if isinstance(of_record, Mapping) else {})}
    long = [n for n, v in stated.items() if isinstance(v, str) and len(v) > LONGEST_TEXT]
    if long:
        raise BadInput([
            Finding("text-too-long", "error", Where(column=name),
                    {"length": len(stated[name]), "longest": LONGEST_TEXT})
            for name in long
        ])  # fmt: skip


ACTIONS: Final[dict[str, Action]] = {}


def action(
    permission: str,
    *,
    writes: Writes = "sql",
    first: Callable[..., None] | None = None,
    takes_away: bool = False,
) -> Callable[[Callable[..., Any]], Action]:
    """Make a function `(actor[, subject], *, …)` an action; see :class:`Action`.

    Raises
    ------
    ValueError
        If no role holds the permission.

    """

    def decorate(function: Callable[..., Any]) -> Action:
        from linyin.platform.roles import permissions

        if permission not in permissions():
            raise ValueError(f"{function.__qualname__}: no role holds {permission}")
        app = function.__module__.removeprefix("linyin.").partition(".")[0]
        name = f"{app}.{function.__name__}"
        signature = inspect.signature(function)
        positional = [p for p in signature.parameters.values() if p.kind is not p.KEYWORD_ONLY]
        made = Action(
            name, permission, function, writes, len(positional) > 1, _parameters(function), first,
            takes_away,
        )  # fmt: skip
        ACTIONS[name] = made
        functools.update_wrapper(made, function)
        return made

    return decorate


def _parameters(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(
            p.name,
            _plain_type(p.annotation),
            None if p.default is p.empty else p.default,
            p.default is p.empty,
        )
        for p in inspect.signature(function).parameters.values()
        if p.kind is p.KEYWORD_ONLY
    )


_PLAIN: Final = {
    "str": str, "int": int, "bool": bool, "date": date, "date | None": date, "Decimal": Decimal,
}  # fmt: skip


def _plain_type(annotation: Any) -> type:
    """Return a type that forms and requests can state; `object` for what only code passes."""
    name = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
    return _PLAIN.get(name.removesuffix(" | None"), object)


def refused(code: str, **fields: Any) -> BadInput:
    """Return what stops an action: the message of a rule that does not hold."""
    return BadInput([Finding(code, "error", fields=fields)])


def the_person(actor: Actor) -> Person:
    """Return who acts, where only somebody who has signed in may.

    Raises
    ------
    BadInput
        If the actor is the machine's operator or nobody.

    """
    if actor.person is None:
        raise refused("approval-needs-person")
    return actor.person


def require(holds: object, code: str, **fields: Any) -> None:
    """Stop an action whose rule does not hold.

    Raises
    ------
    BadInput
        With the message of `code`.

    """
    if not holds:
        raise refused(code, **fields)


def snapshot(record: models.Model) -> dict[str, Any]:
    """Return the stored fields of a record by name; secrets as what they are."""
    hidden = ("password", "hash", "secret")
    return {
        field.attname: "•" if field.name in hidden else field.value_from_object(record)
        for field in record._meta.concrete_fields
    }
