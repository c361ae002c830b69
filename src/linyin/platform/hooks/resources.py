"""Destinations, webhooks and deliveries as resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from linyin.lake import Finding, Where
from linyin.platform.actions import action, require
from linyin.platform.hooks.addresses import AddressRefused, checked_addresses
from linyin.platform.hooks.events import EVENTS
from linyin.platform.jobs import enqueue
from linyin.platform.models import Delivery, Destination, Job, Webhook
from linyin.platform.resources import Column, Filter, Resource
from linyin.platform.resources.several import names_in
from linyin.platform.words import enumerated, say, words

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["deliveries", "destinations", "send_again", "webhooks"]

_REFUSED: Final = {
    "address-form": "destination-address-form",
    "address-private": "destination-address-private",
    "address-unknown": "destination-address-unknown",
}


def _wrong_destination(destination: Destination) -> Iterator[Finding]:
    """Find out whether an address leads where it may not."""
    try:
        checked_addresses(destination.url, is_internal=destination.is_internal)
    except AddressRefused as refused:
        at = Where(column="url")
        yield Finding(_REFUSED[refused.code], "error", at, refused.fields)


def _wrong_webhook(webhook: Webhook) -> Iterator[Finding]:
    """Find events that nobody tells."""
    for name in names_in(webhook.events):
        if name not in EVENTS:
            fields = {"value": name, "expected": ", ".join(sorted(EVENTS))}
            yield Finding("event-unknown", "error", Where(column="events"), fields)


@action("webhooks.manage")
def send_again(actor: Actor, delivery: Delivery) -> Job:
    """Send an event again that did not reach its destination."""
    require(delivery.state == "failed", "delivery-not-failed")
    delivery.state, delivery.ended_at = "waiting", None
    delivery.version += 1
    delivery.save()
    first = {"delivery": delivery.pk, "attempt": 1}
    return enqueue(actor, "webhooks.deliver", first, node=delivery.node)


destinations = Resource(
    name="destinations",
    section="home",
    model=Destination,
    columns=[
        Column("name"),
        Column("url"),
        Column("purpose"),
        Column("is_internal", "flag"),
    ],
    view="webhooks.view",
    edit="settings.manage",
    search=["name", "url", "purpose"],
    order="name",
    fields=["name", "url", "purpose", "is_internal"],
    title="name",
    check_abroad=_wrong_destination,
    not_imported="whom the server may talk to is decided one by one, each for its purpose",
    rank=86,
    group="administration",
)


def _named(events: str) -> str:
    """Return what events are called."""
    known = (name for name in names_in(events) if name in EVENTS)
    return enumerated(say(f"deliveries.event.{name}") for name in known)


def _problem_called(code: str) -> str:
    """Return what went wrong in words; of an answer its HTTP status, as it is."""
    key = f"webhook.{code}"
    return say(key) if key in words() else code


def _events() -> list[tuple[str, str]]:
    return [(name, _named(name)) for name in sorted(EVENTS)]


webhooks = Resource(
    name="webhooks",
    section="home",
    model=Webhook,
    columns=[
        Column("name"),
        Column("destination", "link", "destination__pk", target="destinations"),
        Column("node", "node", "node__code"),
        Column("events", "choice", says=_named),
        Column("is_active", "flag"),
    ],
    view="webhooks.view",
    edit="webhooks.manage",
    filters=[Filter("node", "node", "node__code")],
    search=["name", "events"],
    order="name",
    fields=["name", "destination", "node", "events", "secret", "is_active"],
    title="name",
    check=_wrong_webhook,
    several={"events": _events},
    not_imported="each has a secret of its own, which no file should hold",
    rank=85,
    group="administration",
)
deliveries = Resource(
    name="deliveries",
    section="home",
    model=Delivery,
    columns=[
        Column("event", "choice"),
        Column("webhook", "link", "webhook__pk", target="webhooks"),
        Column("node", "node"),
        Column("state", "choice", badge="delivery"),
        Column("attempts", "integer"),
        Column("status", "integer"),
        Column("problem", listed=False, says=_problem_called),
        Column("made_at", "time"),
        Column("ended_at", "time", listed=False),
    ],
    view="webhooks.view",
    filters=[Filter("state"), Filter("event"), Filter("node", "node", "node")],
    search=["event", "webhook__name"],
    order="-made_at",
    title="event",
    actions=[send_again],
    offers={send_again.name: lambda delivery: delivery.state == "failed"},
    rank=87,
    group="administration",
)
