"""Views that need somebody signed in, with a second factor where their role asks for one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

if TYPE_CHECKING:
    from linyin.platform.models import Person

__all__ = ["asks_year", "has_no_factor", "lacks_factor", "signed_in", "takes"]


def takes[F: Callable[..., Any]](*methods: str) -> Callable[[F], F]:
    """Let a view answer some methods (GET: HEAD too); any other is told on a page of its own."""
    taken = {*methods, *(("HEAD",) if "GET" in methods else ())}
    allow = ", ".join(sorted(taken))

    def decorate(view: F) -> F:
        @functools.wraps(view)
        def answered(*args: Any, **kwargs: Any) -> HttpResponse:
            request = _request_in(args)
            if request.method not in taken:
                refused = render(request, "405.html", status=405)
                refused["Allow"] = allow
                return refused
            answer: HttpResponse = view(*args, **kwargs)
            return answer

        answered.methods = frozenset(taken)  # type: ignore[attr-defined]
        return answered  # type: ignore[return-value]

    return decorate


def _request_in(args: tuple[Any, ...]) -> HttpRequest:
    return next(a for a in args if isinstance(a, HttpRequest))


def signed_in[F: Callable[..., Any]](view: F) -> F:
    """Send whoever is not signed in to the sign-in page, and back afterwards.

    In a workspace that has not begun the first-run page (the route `begin`) comes first.

    A person whose role needs a second factor is sent to set one up before anything else, unless
    an identity provider that asks for one has signed them in. A year in the address that is none
    is told. The view reads only, unless :func:`takes` says what else it does.
    """
    from linyin.platform.shell import Page

    answered = view if hasattr(view, "methods") else takes("GET")(view)

    @functools.wraps(answered)
    def guarded(*args: Any, **kwargs: Any) -> HttpResponse:
        request = _request_in(args)
        if not request.user.is_authenticated:
            if not _has_begun():
                return redirect("begin")
            where = urlencode({"next": request.get_full_path()})
            if request.headers.get("HX-Request"):
                gone = HttpResponse(status=401)
                gone["HX-Redirect"] = f"{reverse('account_login')}?{where}"
                return gone
            return redirect(f"{reverse('account_login')}?{where}")
        if lacks_factor(request):
            return redirect(reverse("mfa_activate_totp"))
        if not getattr(view, "asks_year", False):
            Page.of(request).require_scope()
        answer: HttpResponse = answered(*args, **kwargs)
        return answer

    guarded.needs_sign_in = True  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def asks_year[F: Callable[..., Any]](view: F) -> F:
    """Mark a view whose form asks a year in the address, and tells a wrong one at its field."""
    view.asks_year = True  # type: ignore[attr-defined]
    return view


def _has_begun() -> bool:
    """Whether the workspace has people or an organization."""
    from linyin.organization.web.models import Node
    from linyin.platform.models import Person

    return Person.objects.exists() or Node.objects.exists()


def lacks_factor(request: HttpRequest) -> bool:
    """Whether the role of who has signed in needs a second factor that was not asked of them."""
    from allauth.account.authentication import get_authentication_records
    from allauth.mfa.utils import is_mfa_enabled

    person = request.user
    if not _needs_factor(person) or is_mfa_enabled(person):
        return False
    asking = settings.IDENTITIES.second_factors
    records = get_authentication_records(request, person)
    return not any(record.get("provider") in asking for record in records)


def has_no_factor(person: Person) -> bool:
    """Whether a person's role needs a second factor and they have none.

    An account at an identity provider that asks for one is one: a token has no session that says
    how its owner came in.
    """
    from allauth.mfa.utils import is_mfa_enabled
    from allauth.socialaccount.models import SocialAccount

    if not _needs_factor(person) or is_mfa_enabled(person):
        return False
    asking = settings.IDENTITIES.second_factors
    return not SocialAccount.objects.filter(user=person, provider__in=asking).exists()


def _needs_factor(person: object) -> bool:
    from linyin.platform.models import Person
    from linyin.platform.roles import roles

    if not isinstance(person, Person) or (settings.IS_DEMO and person.is_demo):
        return False
    return any(roles()[grant.role].needs_mfa for grant in person.grants.all())
