"""What is answered when a request fails and nobody has said how."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template import loader

from linyin.platform.api.problems import problem_of
from linyin.platform.work.errors import may_pass

__all__ = ["server_error"]


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database or the lake is away, else 500; needs neither for the page."""
    error = sys.exc_info()[1]
    if not isinstance(error, Exception) or not may_pass(error):
        return HttpResponse(loader.render_to_string("500.html"), status=500)
    if request.path.startswith("/api/"):
        return problem_of(request, error)
    page = loader.render_to_string("503.html")
    return HttpResponse(page, status=503, headers={"Retry-After": "5"})
