"""What every request gets: its actor, and the reader's own language."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from linyin.platform.actor import Actor

__all__ = ["PersonMiddleware"]


class PersonMiddleware:
    """Sets `request.actor` and speaks the language that the person has chosen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        person = request.user if request.user.is_authenticated else None
        request.actor = Actor(person, "web")  # type: ignore[attr-defined]
        if person is not None:
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
        return self.get_response(request)
