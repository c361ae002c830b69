"""What is answered when a request fails and nobody has said how."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template import loader

from linyin.platform.api.problems import problem_of
from linyin.platform.findings import finding_text
from linyin.platform.work.errors import may_pass
from linyin.platform.work.storage import storage_finding

__all__ = ["server_error"]


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database or the lake is away, 507 if a disk takes nothing, else 500.

    The page needs neither database nor lake.
    """
    error = sys.exc_info()[1]
    if not isinstance(error, Exception):
        return HttpResponse(loader.render_to_string("500.html"), status=500)
    stuck = None if may_pass(error) else storage_finding(error)
    if not may_pass(error) and stuck is None:
        return HttpResponse(loader.render_to_string("500.html"), status=500)
    if request.path.startswith("/api/"):
        return problem_of(request, error)
    if stuck is not None:
        told = {"told": finding_text(stuck)}
        return HttpResponse(loader.render_to_string("507.html", told), status=507)
    page = loader.render_to_string("503.html")
    return HttpResponse(page, status=503, headers={"Retry-After": "5"})
