"""The platform's own pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linyin.platform.signin import signed_in

__all__ = ["home"]


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Show where the reader stands and what there is to do."""
    return render(request, "platform/home.html")
