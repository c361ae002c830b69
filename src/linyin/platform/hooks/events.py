"""Events: what can be told, and putting it on its way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from linyin.platform.audit import plain
from linyin.platform.jobs import enqueue
from linyin.platform.models import Delivery, Webhook
from linyin.platform.resources.several import names_in

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["EVENTS", "declare_event", "emit"]

EVENTS: Final[set[str]] = set()
"""Names of all events: `<subject>.<what happened>`."""


def declare_event(name: str) -> str:
    """Let webhooks ask for an event; its words are `event.<name>`."""
    EVENTS.add(name)
    return name


def emit(actor: Actor, event: str, payload: Mapping[str, Any], node: str) -> list[Delivery]:
    """Tell every active webhook that asks for an event of a node, or of one above it.

    Call it in the transaction of what happened: the deliveries begin once that is committed.

    Parameters
    ----------
    actor
        Who did it; the deliveries are jobs of theirs.
    event
        One of :data:`EVENTS`.
    payload
        What happened, as JSON knows it; no secrets, no figures beyond what the node's readers see.
    node
        Code of the node that it happened to.

    Raises
    ------
    KeyError
        If nobody has declared the event.

    """
    if event not in EVENTS:
        raise KeyError(event)
    made = []
    for webhook in Webhook.objects.filter(is_active=True).select_related("node"):
        asked = names_in(webhook.events)
        if event not in asked or node not in actor.tree.subtree(webhook.node.code):
            continue
        delivery = Delivery.objects.create(
            webhook=webhook, event=event, node=node, payload=plain(payload)
        )
        enqueue(actor, "webhooks.deliver", {"delivery": delivery.pk, "attempt": 1}, node=node)
        made.append(delivery)
    return made
