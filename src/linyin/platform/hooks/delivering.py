"""Delivering events: signed, tried again after longer and longer pauses, and written down."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import ssl
import time
from datetime import UTC, timedelta
from typing import Any, Final

from django.utils import timezone

from linyin.platform.hooks.addresses import AddressRefused, post
from linyin.platform.jobs import JobContext, enqueue, job
from linyin.platform.models import Delivery

__all__ = ["PAUSES", "deliver", "signature"]

PAUSES: Final = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 720))
"""How long is waited after each failed attempt; after the last one the delivery has failed."""
_FAILURES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (TimeoutError, "no-answer"),
    (ConnectionRefusedError, "not-listening"),
    (ssl.SSLError, "certificate"),
    (OSError, "unreachable"),
    (http.client.HTTPException, "no-http"),
)
"""The first that an error is tells why nothing was delivered: `webhook.<code>`."""


def signature(secret: str, stamp: int, body: bytes) -> str:
    """Return the signature of a body: `t=<seconds>,v1=<HMAC-SHA256 of "t.body">`.

    A receiver works it out again with the secret, compares, and refuses an old `t`.
    """
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


@job("webhooks.deliver")
def deliver(context: JobContext, *, delivery: int, attempt: int) -> dict[str, Any]:
    """Make one attempt to deliver an event, and arrange for the next one if it fails."""
    row = Delivery.objects.select_related("webhook__destination").filter(pk=delivery).first()
    if row is None or row.state != "waiting" or not row.webhook.is_active:
        return {"delivered": False}
    context.step("send", attempt - 1, len(PAUSES) + 1)
    status, problem, is_refused = _attempt(context, row)

    def settle() -> dict[str, Any]:
        is_done = status is not None and 200 <= status < 300
        is_last = is_refused or attempt > len(PAUSES)
        row.attempts, row.status, row.problem = attempt, status, problem[:254]
        row.state = "done" if is_done else "failed" if is_last else "waiting"
        row.ended_at = timezone.now() if row.state != "waiting" else None
        row.save()
        if row.state == "waiting":
            following = {"delivery": delivery, "attempt": attempt + 1}
            pause = PAUSES[attempt - 1]
            enqueue(context.actor, "webhooks.deliver", following, node=row.node, after=pause)
        return {"delivered": is_done, "status": status}

    return context.once("settle", settle)


def _attempt(context: JobContext, row: Delivery) -> tuple[int | None, str, bool]:
    """Send it; return the status, what went wrong (`webhook.<code>`), and whether it is in vain.

    A name that is not known now may be known later: whoever resolves names may be away.
    """
    destination, stamp = row.webhook.destination, int(time.time())
    told = {
        "id": str(row.pk),
        "event": row.event,
        "node": row.node,
        "at": row.made_at.astimezone(UTC).isoformat(),
        "data": row.payload,
    }
    body = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "linyin",
        "Linyin-Event": row.event,
        "Linyin-Delivery": str(row.pk),
        "Linyin-Signature": signature(row.webhook.secret, stamp, body),
    }
    try:
        status = post(destination.url, body, headers, is_internal=destination.is_internal)
    except AddressRefused as refused:
        return None, refused.code, refused.code != "address-unknown"
    except (OSError, http.client.HTTPException) as error:
        context.log(f"{destination.url}: {error!r}")
        return None, next(code for kind, code in _FAILURES if isinstance(error, kind)), False
    return status, "" if 200 <= status < 300 else f"HTTP {status}", False
