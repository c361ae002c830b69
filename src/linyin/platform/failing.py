"""What is answered when a request fails and nobody has said how."""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme

from linyin.platform.api.problems import problem_of
from linyin.platform.findings import finding_text
from linyin.platform.work.errors import may_pass
from linyin.platform.work.storage import storage_finding

__all__ = ["form_too_old", "server_error"]


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """Answer 403 to a form whose token does not fit; lead to the page that it stood on."""
    came = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came, {request.get_host()}, request.is_secure())
    context = {"again": urlsplit(came)._replace(scheme="", netloc="").geturl() if is_ours else ""}
    return render(request, "403_csrf.html", context, status=403)


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
