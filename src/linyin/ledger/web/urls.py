"""The ledger's own addresses; those of its resources follow from their declarations."""

from __future__ import annotations

from django.urls import path, register_converter

from linyin.ledger.web import correcting_pages, grid_overview, grid_views, request_views
from linyin.ledger.web.grid_months import MonthConverter

register_converter(MonthConverter, "month")
_SITE = "inventory/entry/<str:site>/"
_CELL = f"{_SITE}<month:month>/<int:line>/"
_ACTIVITY = "inventory/activities/<str:key>/"
urlpatterns = [
    path(f"{_ACTIVITY}correct/", correcting_pages.correct, name="activities-correct"),
    path(f"{_ACTIVITY}remove/", correcting_pages.remove, name="activities-remove"),
    path("inventory/entry/", grid_overview.overview, name="enter"),
    path("inventory/lines/derive/", grid_overview.derive, name="grid-derive"),
    path("inventory/requests/new/", request_views.new_request, name="requests-new"),
    path(_SITE, grid_views.grid_page, name="grid"),
    path(_CELL, grid_views.cell_page, name="grid-cell"),
    path(f"{_CELL}documents/<str:sha256>/", grid_views.document, name="grid-document"),
    path(f"{_CELL}<str:verb>/", grid_views.cell_post, name="grid-cell-post"),
    path(f"{_SITE}<month:month>/<str:verb>/", grid_views.month_post, name="grid-month"),
]
