"""What a reader chooses of the pages: language and look."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from linyin.platform.signin import takes

__all__ = ["LOOKS", "look_of", "preferences"]

LOOKS: Final = (("auto", "device-desktop"), ("light", "sun"), ("dark", "moon"))
_COOKIE: Final = "linyin_look"
_YEAR: Final = 365 * 24 * 3600


def look_of(request: HttpRequest) -> str:
    """Return `light`, `dark` or `auto`: of the person, else of the browser that asks."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return str(user.theme)
    asked = request.COOKIES.get(_COOKIE, "auto")
    return asked if asked in dict(LOOKS) else "auto"


@takes("POST")
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the language or the look that was chosen: with the person, and in the browser."""
    goal = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(goal, {request.get_host()}, request.is_secure())
    answer = HttpResponseRedirect(goal if is_ours else "/")
    language, look = request.POST.get("language", ""), request.POST.get("look", "")
    changed = {}
    if language in dict(settings.LANGUAGES):
        changed["language"] = language
        _remember(answer, settings.LANGUAGE_COOKIE_NAME, language)
    if look in dict(LOOKS):
        changed["theme"] = look
        _remember(answer, _COOKIE, look)
    if request.user.is_authenticated and changed:
        for name, value in changed.items():
            setattr(request.user, name, value)
        request.user.save(update_fields=list(changed))
    return answer


def _remember(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(
        name, value, max_age=_YEAR, samesite="Lax", secure=settings.IS_HTTPS, httponly=True
    )
