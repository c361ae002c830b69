"""The inventory's own addresses; those of its resources follow from their declarations."""

from __future__ import annotations

from django.urls import path

from linyin.inventory.web.factors import explaining, own
from linyin.inventory.web.factors import pages as factors
from linyin.inventory.web.imports import views as imports
from linyin.inventory.web.pages import (
    base_year,
    beginning,
    calculate,
    compare,
    entry,
    overview,
    report,
    runs,
)
from linyin.inventory.web.rules import pages as rules
from linyin.inventory.web.verification.pages import (
    engagements,
    findings,
    following,
    samples,
    statements,
)

_engagement = "inventory/engagements/<str:key>"
urlpatterns = [
    path("begin", beginning.begin_page, name="begin"),
    path("inventory/engagements/", engagements.engagements, name="engagements-list"),
    path("inventory/engagements/new/", engagements.new, name="engagements-new"),
    path(f"{_engagement}/", engagements.record, name="engagements-record"),
    path(f"{_engagement}/change/", engagements.change, name="engagements-change"),
    path(f"{_engagement}/draw/", samples.draw, name="samples-new"),
    path(f"{_engagement}/raise/", findings.new_finding, name="verification-findings-new"),
    path(f"{_engagement}/state/", statements.new_statement, name="opinions-new"),
    path("inventory/samples/<str:key>/", samples.sample, name="samples-record"),
    path("inventory/sample-items/<str:key>/", following.follow, name="sample-items-record"),
    path(
        "inventory/verification-findings/<str:key>/",
        findings.finding,
        name="verification-findings-record",
    ),
    path("inventory/opinions/<str:key>/", statements.statement, name="opinions-record"),
    path("inventory/imports/new/", imports.upload, name="imports-new"),
    path("inventory/imports/<str:key>/map/", imports.mapped, name="imports-map"),
    path("inventory/imports/<str:key>/look/", imports.look, name="imports-look"),
    path("inventory/imports/<str:key>/wrong-rows.csv", imports.wrong, name="imports-wrong"),
    path("inventory/factors/-/choice/", explaining.explain, name="factors-explain"),
    path("inventory/factors/-/comparison/", factors.compare, name="factors-compare"),
    path("inventory/factors/<str:key>/", factors.record, name="factors-record"),
    path("inventory/factors/<str:key>/runs/", factors.runs, name="factors-runs"),
    path("inventory/own-factors/<int:key>/", own.record, name="own-factors-record"),
    path("inventory/own-factors/<int:key>/evidence/", own.attach, name="own-factors-evidence"),
    path("inventory/own-factors/<int:key>/do/ledger.attach_evidence/", own.attach),
    path("inventory/", overview.overview, name="inventory-overview"),
    path("inventory/rules/", rules.rules, name="rules"),
    path("inventory/rules/change/", rules.change, name="rules-change"),
    path("inventory/runs/new/", calculate.new_runs, name="runs-new"),
    path("inventory/runs/<str:key>/", runs.record, name="runs-record"),
    path("inventory/runs/<str:key>/findings/", runs.findings, name="runs-findings"),
    path("inventory/runs/<str:key>/entries/", runs.entries, name="runs-entries"),
    path("inventory/runs/<str:key>/entries/<path:entry>/", entry.entry, name="runs-entry"),
    path("inventory/runs/<str:key>/factors/", runs.factors, name="runs-factors"),
    path("inventory/runs/<str:key>/compare/", compare.compare, name="runs-compare"),
    path("inventory/runs/<str:key>/base-year/", base_year.base_year, name="runs-base-year"),
    path("inventory/runs/<str:key>/approvals/", runs.approvals, name="runs-approvals"),
    path("inventory/runs/<str:key>/report/", report.report, name="runs-report"),
    path(
        "inventory/runs/<str:key>/report/<str:lang>.<str:kind>",
        report.download,
        name="runs-download",
    ),
]
