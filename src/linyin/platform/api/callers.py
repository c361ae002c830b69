"""Who calls: a program by its token, or a person by their session."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from ninja.security import APIKeyCookie, HttpBearer

from linyin.platform.actor import Actor
from linyin.platform.api.limits import count_call, count_failure
from linyin.platform.api.problems import ApiProblem
from linyin.platform.models import ApiToken
from linyin.platform.signin import has_no_factor, lacks_factor

__all__ = ["SessionAuth", "TokenAuth", "caller_name"]

SAFE: Final = ("GET", "HEAD", "OPTIONS")
_SEEN: Final = timedelta(minutes=1)
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class TokenAuth(HttpBearer):
    """`Authorization: Bearer <token>`."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Return who the token's owner is, confined to its scopes.

        Raises
        ------
        ApiProblem
            If the token is not known or has expired; or is to change something, and may only read
            or its owner lacks the second factor that their role needs.

        """
        digest = hashlib.sha256(token.encode()).hexdigest()
        found = ApiToken.objects.select_related("person").filter(hash=digest).first()
        if found is None or found.is_expired or not found.person.is_active:
            count_failure(request)
            raise ApiProblem(401, "token-unknown", headers=_CHALLENGE)
        count_call(request, f"token-{found.pk}")
        if "Accept-Language" not in request.headers:
            translation.activate(found.person.language)
        if found.read_only and request.method not in SAFE:
            raise ApiProblem(403, "token-read-only")
        if request.method not in SAFE and has_no_factor(found.person):
            raise ApiProblem(403, "factor-missing")
        now = timezone.now()
        if found.last_used is None or now - found.last_used > _SEEN:
            ApiToken.objects.filter(pk=found.pk).update(last_used=now)
        request.api_token = found  # type: ignore[attr-defined]
        scopes = {s for s in found.scopes if not found.read_only or s.endswith(".view")}
        return Actor(found.person, "api", frozenset(scopes))


class SessionAuth(APIKeyCookie):
    """The session of a person who has signed in; what changes something needs the CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # noqa: ARG002
        """Return the person, None if nobody has signed in.

        Raises
        ------
        ApiProblem
            If the person lacks the second factor that their role needs.

        """
        person = request.user
        if not person.is_authenticated:
            count_failure(request)
            return None
        count_call(request, f"person-{person.pk}")
        if lacks_factor(request):
            raise ApiProblem(403, "factor-missing")
        return Actor(person, "api")


def caller_name(request: HttpRequest) -> str:
    """Return what a caller's stored answers are kept under."""
    token = getattr(request, "api_token", None)
    return f"token-{token.pk}" if token is not None else f"person-{request.user.pk}"
