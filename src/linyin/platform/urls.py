"""All addresses: the platform's own, and those that resources and rooms declare."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from linyin.platform import design, offline, pages, preferences, search
from linyin.platform.resources.urls import resource_urls

_rooms = [f"linyin.{room}.web.urls" for room in settings.ROOMS]
urlpatterns = [
    path("", pages.home, name="home"),
    path("account/", include("allauth.urls")),
    path("preferences", preferences.preferences, name="preferences"),
    path("search", search.search, name="search"),
    path("design", design.design, name="design"),
    path("linyin.webmanifest", offline.webmanifest, name="webmanifest"),
    path("service-worker.js", offline.service_worker, name="service-worker"),
    path("offline", offline.offline, name="offline"),
    *(route for name in _rooms if find_spec(name) for route in import_module(name).urlpatterns),
    *resource_urls(),
]
