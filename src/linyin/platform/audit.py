"""The audit trail: append an event to the chain, and find what was altered or is missing.

    hash(n) = sha256( canonical JSON of event n, with hash(n − 1) in it )

Whoever can write the database can rewrite the whole chain; what they cannot do is keep the hash of
its end the same. So the end's hash is shown, printed in reports and can be kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from linyin.platform.models import AuditEvent, AuditHead

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["BACKUP", "Fault", "Last", "last_event", "plain", "record_event", "verify"]

# The action of a workspace that was saved.
BACKUP: Final = "platform.backup"
_CONTENT: Final = (
    "number", "person_id", "who", "channel", "action", "subject", "key", "node",
    "before", "after", "reason", "previous",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where the chain does not hold.

    Attributes
    ----------
    kind
        `altered`: an event is not what was hashed; `missing`: a number is not there; `cut`: the
        chain does not end where its recorded end is; `other`: no event has the hash that was
        asked for.

    """

    number: int
    kind: str


@dataclass(frozen=True, slots=True)
class Last:
    """The end of the chain as it is recorded: number and hash of its last event, 0 if none."""

    number: int
    hash: str


_NONE: Final = Last(0, "0" * 64)


def last_event() -> Last:
    """Return the recorded end of the chain; its hash is what to keep elsewhere."""
    head = AuditHead.objects.filter(pk=1).first()
    return Last(head.number, head.hash) if head is not None else _NONE


def record_event(
    actor: Actor,
    action: str,
    *,
    subject: str = "",
    key: str = "",
    node: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Append an event, in the transaction of what it tells of.

    Raises
    ------
    django.db.transaction.TransactionManagementError
        Outside a transaction: an event stands or falls with its change.

    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an event needs the transaction of its change")
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update().get(pk=1)
    event = AuditEvent(
        number=head.number + 1,
        at=timezone.now(),
        person=actor.person,
        who=actor.who,
        channel=actor.channel,
        action=action,
        subject=subject,
        key=key,
        node=node,
        before=None if before is None else plain(before),
        after=None if after is None else plain(after),
        reason=reason,
        previous=head.hash,
    )
    event.hash = _hash(event)
    event.save()
    head.number, head.hash = event.number, event.hash
    head.save()
    return event


def verify(end: str = "") -> Iterator[Fault]:
    """Yield every place where the chain does not hold, up to its end as it is when this begins.

    Parameters
    ----------
    end : str
        Hash that some event of the chain must have: one that was kept elsewhere.

    """
    newest, last = AuditEvent.objects.aggregate(n=Max("number"))["n"] or 0, last_event()
    known = AuditEvent.objects.filter(number__lte=max(newest, last.number)).order_by("number")
    previous, number, seen = _NONE.hash, _NONE.number, not end
    for event in known.iterator(chunk_size=2000):
        for gap in range(number + 1, event.number):
            yield Fault(gap, "missing")
        if event.hash != _hash(event) or (
            event.number == number + 1 and event.previous != previous
        ):
            yield Fault(event.number, "altered")
        previous, number = event.hash, event.number
        seen = seen or event.hash == end
    if last != Last(number, previous):
        yield Fault(max(last.number, number), "cut")
    if not seen:
        yield Fault(number, "other")


def plain(value: Any) -> Any:
    """Return a value as JSON knows it, the same way whatever the database gives back."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return format(value.normalize(), "f") if value else "0"
        case float():
            return repr(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Mapping():
            return {str(name): plain(part) for name, part in value.items()}
        case list() | tuple():
            return [plain(part) for part in value]
        case set() | frozenset():
            return sorted(plain(part) for part in value)
    return str(value)


def _hash(event: AuditEvent) -> str:
    content = {name: getattr(event, name) for name in _CONTENT}
    content["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
