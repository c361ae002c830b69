"""The governance's own addresses; those of its resources follow from their declarations."""

from __future__ import annotations

from django.urls import path

from linyin.governance.web.pages import calendar, decisions, overview

urlpatterns = [
    path("strategy/governance/", overview.overview, name="governance"),
    path("strategy/calendar/", calendar.calendar, name="calendar"),
    path("strategy/calendar/plan/", calendar.plan, name="calendar-plan"),
    path("strategy/calendar/file.ics", calendar.file, name="calendar-file"),
    path("strategy/decisions/new/", decisions.new, name="decisions-new"),
    path("strategy/bodies/<str:key>/do/governance.record_decision/", decisions.of_body),
    path("strategy/decisions/<str:key>/do/governance.correct_decision/", decisions.correct),
]
