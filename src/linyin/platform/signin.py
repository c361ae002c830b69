"""Views that need somebody signed in, with a second factor where their role asks for one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

__all__ = ["lacks_factor", "signed_in"]


def signed_in[F: Callable[..., Any]](view: F) -> F:
    """Send whoever is not signed in to the sign-in page, and back afterwards.

    In a workspace that has not begun the first-run page (the route `begin`) comes first.

    A person whose role needs a second factor is sent to set one up before anything else, unless
    an identity provider that asks for one has signed them in.
    """

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> HttpResponse:
        request: HttpRequest = next(a for a in args if isinstance(a, HttpRequest))
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
        answer: HttpResponse = view(*args, **kwargs)
        return answer

    guarded.needs_sign_in = True  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def _has_begun() -> bool:
    """Whether the workspace has people or an organization."""
    from linyin.organization.web.models import Node
    from linyin.platform.models import Person

    return Person.objects.exists() or Node.objects.exists()


def lacks_factor(request: HttpRequest) -> bool:
    """Whether the person's role needs a second factor that they have not set up."""
    from linyin.platform.models import Person
    from linyin.platform.roles import roles

    person = request.user
    if not isinstance(person, Person):
        return False
    if settings.IS_DEMO and person.is_demo:
        return False
    held = {grant.role for grant in person.grants.all()}
    if not any(roles()[role].needs_mfa for role in held):
        return False
    from allauth.account.authentication import get_authentication_records
    from allauth.mfa.utils import is_mfa_enabled

    theirs = settings.IDENTITIES.second_factors
    if any(r.get("provider") in theirs for r in get_authentication_records(request, person)):
        return False
    return not is_mfa_enabled(person)
