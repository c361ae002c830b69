"""What every request gets: its actor, the reader's language, a problem where the API refuses."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from linyin.platform.actor import Actor
from linyin.platform.remembered import remembering

__all__ = ["MethodMiddleware", "PersonMiddleware"]


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
        with remembering():
            return self.get_response(request)


class MethodMiddleware:
    """Answers a method that an address of the API does not take as the API tells all else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        answer = self.get_response(request)
        if answer.status_code != 405 or not request.path.startswith("/api/"):
            return answer
        from linyin.platform.api.problems import ApiProblem, problem_of

        taken = answer["Allow"]
        refused = ApiProblem(405, "method", headers={"Allow": taken}, taken=taken)
        return problem_of(request, refused)
