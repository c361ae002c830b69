"""What makes the app installable: its manifest, and a worker that answers without a network."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control

from linyin.platform.signin import takes
from linyin.platform.words import say

__all__ = ["offline", "service_worker", "webmanifest"]


@takes("GET")
def webmanifest(request: HttpRequest) -> HttpResponse:
    """Describe the app to a device that installs it."""
    icons = [
        {"src": static(f"linyin/img/icon-{size}.png"), "sizes": f"{size}x{size}",
         "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]  # fmt: skip
    return JsonResponse(
        {
            "name": say("shell.brand_long"),
            "short_name": say("shell.brand"),
            "description": say("shell.promise"),
            "lang": request.LANGUAGE_CODE,
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f4f6f5",
            "theme_color": "#14432f",
            "icons": icons,
        },
        content_type="application/manifest+json",
    )


@takes("GET")
@cache_control(max_age=0)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Send the worker from the root, so that it may answer for every page."""
    return render(
        request, "platform/service-worker.js", content_type="text/javascript; charset=utf-8"
    )


@takes("GET")
def offline(request: HttpRequest) -> HttpResponse:
    """Say that there is no network; the one page that a device keeps."""
    return render(request, "platform/offline.html")
