"""How often a caller may call: counted by the minute in the database's cache.

A process counts by itself for up to a second, or a twentieth of the limit, and then adds what it
has counted: a call costs no write of its own.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from linyin.platform.api.problems import ApiProblem

__all__ = ["count_call", "count_failure"]

_MINUTE: Final = 60
_SECONDS_BY_ITSELF: Final = 1.0
_PARTS_OF_A_LIMIT: Final = 20


@dataclass
class _Count:
    """The calls of a caller in a minute, as far as this process knows."""

    known: int = 0
    own: int = 0
    told_at: float = field(default_factory=time.monotonic)


_counts: dict[str, _Count] = {}
_lock: Final = threading.Lock()


def count_call(request: HttpRequest, caller: str) -> None:
    """Count a call of a known caller.

    Raises
    ------
    ApiProblem
        429, with how long to wait.

    """
    limit = settings.API_CALLS_A_MINUTE
    count = _count(f"api:{caller}", limit)
    request.api_limit = (limit, max(0, limit - count))  # type: ignore[attr-defined]
    if count > limit:
        raise _too_many()


def count_failure(request: HttpRequest) -> None:
    """Count a call without a known caller; an address that has too many is not looked at.

    Raises
    ------
    ApiProblem
        429, with how long to wait.

    """
    limit = settings.API_FAILURES_A_MINUTE
    if _count(f"api:fail:{_address(request)}", limit) > limit:
        raise _too_many()


def _count(name: str, limit: int) -> int:
    """Count a call, and return how many there were in this minute."""
    minute = int(time.time()) // _MINUTE
    key, now = f"{name}:{minute}", time.monotonic()
    with _lock:
        for old in [k for k in _counts if int(k.rpartition(":")[2]) < minute]:
            del _counts[old]
        count = _counts.setdefault(key, _Count())
        count.own += 1
        is_due = now - count.told_at > _SECONDS_BY_ITSELF
        if not is_due and count.own * _PARTS_OF_A_LIMIT < limit:
            return count.known + count.own
        told, count.own, count.told_at = count.own, 0, now
    known = _add(key, told)
    with _lock:
        count.known = max(count.known, known)
        return count.known + count.own


def _add(key: str, number: int) -> int:
    if cache.add(key, number, 2 * _MINUTE):
        return number
    try:
        return int(cache.incr(key, number))
    except ValueError:  # it ran out between the two
        return number


def _too_many() -> ApiProblem:
    wait = _MINUTE - int(time.time()) % _MINUTE
    return ApiProblem(429, "too-many", headers={"Retry-After": str(wait)}, seconds=wait)


def _address(request: HttpRequest) -> str:
    """Return the caller's address, behind as many proxies as the settings trust."""
    address: str = get_adapter(request).get_client_ip(request)
    return address
