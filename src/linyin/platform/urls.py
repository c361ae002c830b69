"""All addresses: the platform's own, and those that resources and rooms declare."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from linyin.platform import (
    access,
    demo,
    design,
    documents,
    failing,
    guiding,
    helping,
    home,
    jobs_pages,
    offline,
    preferences,
    search,
    tasks,
)
from linyin.platform.api.build import api_urls
from linyin.platform.invitations import invite
from linyin.platform.resources.exporting import export_file
from linyin.platform.resources.urls import resource_urls
from linyin.platform.tokens import new_token

_rooms = [f"{app}.urls" for app in settings.ROOM_APPS]
urlpatterns = [
    path("", home.home, name="home"),
    path("account/", include("allauth.urls")),
    path("home/tasks/", tasks.tasks_page, name="tasks"),
    path("preferences", preferences.preferences, name="preferences"),
    path("search", search.search, name="search"),
    path("help/", helping.help_page, name="help"),
    path("help/<slug:name>/", guiding.guide_page, name="guide"),
    path("design", design.design, name="design"),
    path("linyin.webmanifest", offline.webmanifest, name="webmanifest"),
    path("service-worker.js", offline.service_worker, name="service-worker"),
    path("offline", offline.offline, name="offline"),
    path("demo/start-your-own", demo.start_own, name="start_own"),
    path("demo/sign-in", demo.sign_in, name="demo-sign-in"),
    path("home/documents/<str:sha256>", documents.open_document, name="documents-open"),
    path("home/jobs/<uuid:key>/", jobs_pages.record, name="jobs-record"),
    path("home/jobs/<uuid:key>/state", jobs_pages.job_state, name="jobs-state"),
    path("home/jobs/<uuid:key>/cancel", jobs_pages.cancel_view, name="jobs-cancel"),
    path("home/exports/<uuid:key>", export_file, name="export-file"),
    path("home/jobs/<uuid:key>/repeat", jobs_pages.repeat_view, name="jobs-repeat"),
    path("home/access/", access.access_page, name="access"),
    path("home/people/invite/", invite, name="people-invite"),
    path("home/tokens/new/", new_token, name="tokens-create"),
    *api_urls(),
    *(route for name in _rooms if find_spec(name) for route in import_module(name).urlpatterns),
    *resource_urls(),
]
handler500 = failing.server_error
