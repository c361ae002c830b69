"""The inventory's own addresses; those of its resources follow from their declarations."""

from __future__ import annotations

from django.urls import path

from linyin.inventory.web.factors import explaining, own
from linyin.inventory.web.factors import pages as factors
from linyin.inventory.web.imports import views as imports
from linyin.inventory.web.pages import calculate, compare, entry, overview, report, runs

urlpatterns = [
    path("inventory/imports/new/", imports.upload, name="imports-new"),
    path("inventory/imports/<str:key>/map/", imports.mapped, name="imports-map"),
    path("inventory/imports/<str:key>/look/", imports.look, name="imports-look"),
    path("inventory/factors/-/choice/", explaining.explain, name="factors-explain"),
    path("inventory/factors/-/comparison/", factors.compare, name="factors-compare"),
    path("inventory/factors/<str:key>/", factors.record, name="factors-record"),
    path("inventory/factors/<str:key>/runs/", factors.runs, name="factors-runs"),
    path("inventory/own-factors/<int:key>/", own.record, name="own-factors-record"),
    path("inventory/own-factors/<int:key>/evidence/", own.attach, name="own-factors-evidence"),
    path("inventory/", overview.overview, name="inventory-overview"),
    path("inventory/runs/new/", calculate.new_runs, name="runs-new"),
    path("inventory/runs/<str:key>/", runs.record, name="runs-record"),
    path("inventory/runs/<str:key>/findings/", runs.findings, name="runs-findings"),
    path("inventory/runs/<str:key>/entries/", runs.entries, name="runs-entries"),
    path("inventory/runs/<str:key>/entries/<path:entry>/", entry.entry, name="runs-entry"),
    path("inventory/runs/<str:key>/factors/", runs.factors, name="runs-factors"),
    path("inventory/runs/<str:key>/compare/", compare.compare, name="runs-compare"),
    path("inventory/runs/<str:key>/approvals/", runs.approvals, name="runs-approvals"),
    path("inventory/runs/<str:key>/report/", report.report, name="runs-report"),
    path(
        "inventory/runs/<str:key>/report/<str:lang>.<str:kind>",
        report.download,
        name="runs-download",
    ),
]
