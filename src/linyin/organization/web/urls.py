"""The organization's own addresses; those of its resources follow from their declarations."""

from __future__ import annotations

from django.urls import path

from linyin.organization.web import pages

urlpatterns = [
    path("inventory/nodes/new/", pages.add, name="nodes-create"),
    path("inventory/nodes/<str:key>/do/organization.move_node/", pages.move),
]
