"""What changes something, once: a request with a known `Idempotency-Key` gets its answer again.

The change and its answer are one transaction. So a key whose request died is free again after a
while: nothing had happened.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import timedelta
from typing import Any, Final, overload

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from linyin.platform.api.callers import caller_name
from linyin.platform.api.problems import ApiProblem, problem_of
from linyin.platform.jobs import JobContext, job
from linyin.platform.models import StoredAnswer

__all__ = ["KEPT", "answered", "writes"]

KEPT: Final = timedelta(hours=24)
_DEAD_AFTER: Final = timedelta(seconds=30)
"""A claim older than this is given up: its process died, or lost the database. A request that is
only slow writes nothing then: its answer, one a key, is kept in the transaction of its writes."""
_LONGEST: Final = 200
_HEADERS: Final = ("Content-Type", "Location", "Retry-After")

type View = Callable[..., HttpResponse]


@overload
def writes(view: View) -> View: ...


@overload
def writes(*, lake: bool) -> Callable[[View], View]: ...


@overload
def writes(view: View, *, lake: bool) -> View: ...


def writes(view: View | None = None, *, lake: bool = False) -> Any:
    """Make a view that changes something answer a repeated request as it did the first one.

    Parameters
    ----------
    view
        Returns an :class:`HttpResponse`, or raises.
    lake
        Whether it writes to the lake: no SQL transaction spans that, so a request that died is
        not free again before its answer would be forgotten.

    """
    if view is None:
        return functools.partial(writes, lake=lake)

    @functools.wraps(view)
    def once(request: HttpRequest, **given: Any) -> HttpResponse:
        key = _key(request)
        if not key:
            return view(request, **given)
        known = _known(request, key, lake=lake)
        if isinstance(known, HttpResponse):
            return known
        return _kept(request, known, lambda: view(request, **given), lake=lake)

    once.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
    return once


def answered(request: HttpRequest) -> HttpResponse | None:
    """Return the answer that is kept for a request; None if it has none.

    A view that weighs much before what `writes` wraps asks for it first.

    Raises
    ------
    ApiProblem
        422 if its key can't be one or stands for another request.

    """
    key = _key(request)
    if not key:
        return None
    since = timezone.now() - KEPT
    known = StoredAnswer.objects.filter(
        caller=caller_name(request), key=key, at__gte=since, status__isnull=False
    ).first()
    return None if known is None else _again(known, _digest(request))


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > _LONGEST or not key.isprintable():
        raise ApiProblem(422, "key-unreadable", "Idempotency-Key", limit=_LONGEST)
    return key


def _known(request: HttpRequest, key: str, *, lake: bool) -> StoredAnswer | HttpResponse:
    """Return the answer that a key stands for, or claim the key."""
    now, digest = timezone.now(), _digest(request)
    caller = caller_name(request)
    StoredAnswer.objects.filter(caller=caller, key=key, at__lt=now - KEPT).delete()
    if not lake:
        dead = {"status": None, "at__lt": now - _DEAD_AFTER}
        StoredAnswer.objects.filter(caller=caller, key=key, **dead).delete()
    try:
        with transaction.atomic():
            return StoredAnswer.objects.create(caller=caller, key=key, request=digest, at=now)
    except IntegrityError:
        pass
    known = StoredAnswer.objects.filter(caller=caller, key=key).first()
    if known is None:
        raise _in_use()
    return _again(known, digest)


def _again(known: StoredAnswer, digest: str) -> HttpResponse:
    if known.request != digest:
        raise ApiProblem(422, "key-of-another", "Idempotency-Key")
    if known.status is None:
        raise _in_use()
    response = HttpResponse(bytes(known.body), status=known.status, headers=known.headers)
    response["Idempotency-Replayed"] = "true"
    return response


def _in_use() -> ApiProblem:
    return ApiProblem(409, "key-in-use", "Idempotency-Key", headers={"Retry-After": "2"})


def _kept(
    request: HttpRequest, claim: StoredAnswer, view: Callable[[], HttpResponse], *, lake: bool
) -> HttpResponse:
    try:
        with nullcontext() if lake else transaction.atomic():
            response = view()
            _keep(claim, response)
    except Exception as error:
        response = problem_of(request, error)
        if response.status_code < 500:
            with suppress(ApiProblem):  # whoever took the key over keeps an answer of their own
                _keep(claim, response)
        else:
            claim.delete()
    except BaseException:
        claim.delete()
        raise
    return response


def _keep(claim: StoredAnswer, response: HttpResponse) -> None:
    kept = StoredAnswer.objects.filter(pk=claim.pk).update(
        status=response.status_code,
        body=response.content,
        headers={n: response[n] for n in _HEADERS if response.has_header(n)},
    )
    if not kept:
        raise _in_use()


def _digest(request: HttpRequest) -> str:
    asked = f"{request.method} {request.get_full_path()}\n".encode()
    spooled = getattr(request, "spooled", None)
    body = request.body if spooled is None else spooled.sha256.encode()
    return hashlib.sha256(asked + body).hexdigest()


@job("api.forget", every=timedelta(days=1))
def forget(context: JobContext) -> dict[str, Any]:
    """Forget the answers whose time is over."""
    context.step("answers")
    gone, _ = StoredAnswer.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return {"answers": gone}
