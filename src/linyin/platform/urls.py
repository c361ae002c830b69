"""All addresses: the platform's own, and those that resources and rooms declare."""

from __future__ import annotations

from django.urls import include, path

from linyin.platform import pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("account/", include("allauth.urls")),
]
