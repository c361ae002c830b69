"""The addresses of all resources."""

from __future__ import annotations

from django.urls import URLPattern, path

from linyin.platform.resources.resource import RESOURCES, Resource
from linyin.platform.resources.views import ResourceViews

__all__ = ["resource_urls"]


def resource_urls() -> list[URLPattern]:
    """Return the routes of every declared resource."""
    return [route for resource in RESOURCES.values() for route in _routes(resource)]


def _routes(resource: Resource) -> list[URLPattern]:
    views, name = ResourceViews(resource), resource.name
    base = f"{resource.section}/{name}/"
    routes = [
        path(base, views.rows, name=f"{name}-list"),
        path(f"{base}file.<str:kind>", views.file, name=f"{name}-file"),
    ]
    if resource.edit and resource.fields:
        routes.append(path(f"{base}new/", views.create, name=f"{name}-create"))
    if resource.is_importable:
        routes.append(path(f"{base}import/", views.bring_in, name=f"{name}-import"))
    routes.append(path(f"{base}<str:key>/", views.record, name=f"{name}-record"))
    if resource.edit and resource.fields:
        routes.append(path(f"{base}<str:key>/edit/", views.edit, name=f"{name}-edit"))
        routes.append(path(f"{base}<str:key>/delete/", views.delete, name=f"{name}-delete"))
    if resource.actions:
        routes.append(path(f"{base}<str:key>/do/<str:name>/", views.act, name=f"{name}-act"))
    return routes
