"""The page /design: every part as it looks loading, empty, in error, with long text."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linyin.platform import samples
from linyin.platform.signin import signed_in

__all__ = ["design"]


@signed_in
def design(request: HttpRequest) -> HttpResponse:
    """Show the parts that pages are put together from."""
    return render(request, "platform/design.html", samples.everything())
