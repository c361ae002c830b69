"""What each operation of the API needs, and a request that is right as far as its form goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from cases import MONTH, NOWHERE

from linyin.platform.api.build import api
from linyin.platform.models import Person
from linyin.platform.resources import RESOURCES

REPORT = "GET /api/v1/runs/{key}/report/{language}.{kind}"
# What a route without a resource asks for; "" = to be known is enough.
PERMISSIONS = {
    "GET /api/v1/me": "",
    "GET /api/v1/resources": "",
    "GET /api/v1/search": "",
    "GET /api/v1/me/jobs": "",
    "GET /api/v1/me/tasks": "",
    "GET /api/v1/jobs/{key}": "",
    "POST /api/v1/jobs/{key}/cancel": "",
    "POST /api/v1/jobs/{key}/repeat": "",
    "POST /api/v1/runs/request": "inventory.run",
    "GET /api/v1/figures": "inventory.view",
    "GET /api/v1/runs/{key}/totals": "inventory.view",
    "GET /api/v1/runs/{key}/findings": "inventory.view",
    "GET /api/v1/runs/{key}/entries": "inventory.view",
    "GET /api/v1/runs/{key}/trace": "inventory.view",
    REPORT: "inventory.view",
    "POST /api/v1/runs/{key}/report/{language}.{kind}": "inventory.view",
    "GET /api/v1/runs/{key}/compare/{other}": "inventory.view",
    "GET /api/v1/runs/{key}/approvals": "inventory.view",
    "GET /api/v1/runs/{key}/base-year": "inventory.view",
    "GET /api/v1/runs/{key}/factors": "inventory.view",
    "GET /api/v1/rules": "organization.view",
    "PUT /api/v1/rules": "inventory.rules",
    "POST /api/v1/activities/bulk": "activities.edit",
    "GET /api/v1/activities/{key}/revisions": "activities.view",
    "POST /api/v1/activities/{key}/correct": "activities.edit",
    "POST /api/v1/activities/{key}/remove": "activities.edit",
    "GET /api/v1/factors/{key}/runs": "factors.view",
    "GET /api/v1/factor-choice": "factors.view",
    "GET /api/v1/grid/{site}/{year}": "activities.view",
    "GET /api/v1/site-months": "activities.view",
    "PATCH /api/v1/grid/{site}/{year}": "activities.edit",
    "POST /api/v1/grid/{site}/{month}/submit": "activities.edit",
    "POST /api/v1/grid/{site}/{month}/approve": "activities.approve",
    "POST /api/v1/grid/{site}/{month}/return": "activities.approve",
    "POST /api/v1/grid/{site}/{month}/reopen": "activities.edit",
    "POST /api/v1/grid/{site}/{month}/evidence": "activities.edit",
    "DELETE /api/v1/grid/{site}/{month}/evidence/{line}/{sha256}": "activities.edit",
    "POST /api/v1/lines/derive": "activities.edit",
    "POST /api/v1/requests": "activities.approve",
    "POST /api/v1/people": "people.manage",
    "POST /api/v1/documents": "activities.edit",
    "GET /api/v1/documents/{key}/content": "documents.view",
    "GET /api/v1/engagement-choices": "verification.manage",
    "POST /api/v1/engagements": "verification.manage",
    "PATCH /api/v1/engagements/{key}": "verification.manage",
    "POST /api/v1/calendar/plan": "governance.edit",
    "GET /api/v1/calendar/file.ics": "governance.view",
    "GET /api/v1/access": "people.view",
    "POST /api/v1/imports": "activities.edit",
    "GET /api/v1/imports/{key}/mapping": "activities.edit",
    "POST /api/v1/imports/{key}/check": "activities.edit",
    "GET /api/v1/imports/{key}/check": "activities.edit",
    "GET /api/v1/imports/{key}/wrong-rows": "activities.edit",
    "POST /api/v1/imports/{key}/mend": "activities.edit",
    "POST /api/v1/imports/{key}/commit": "activities.edit",
}
# Part of an address → the kind of what it names.
NAMED = {"site": "grid", "other": "runs", "line": "line", "sha256": "sha256"}
PARTS = {"year": "2023", "month": f"{MONTH:%Y-%m}", "kind": "csv", "language": "en"}
FILES = ("POST /api/v1/documents", "POST /api/v1/imports")
STATED = {
    "PATCH /api/v1/grid/{site}/{year}": {"cells": [{"line": "x", "month": "2023-01"}]},
    "POST /api/v1/imports/{key}/mend": {"rows": [{"row": 2, "left_out": True}]},
    "POST /api/v1/activities/{key}/correct": {
        "values": {"quantity": "1"}, "revision": 1, "reason": "x",
    },
    "PUT /api/v1/rules": {"config": {}, "version": 0, "reason": "x"},
    "POST /api/v1/grid/{site}/{month}/evidence": {"line": "x", "sha256": "0" * 64},
    "POST /api/v1/requests": {
        "site": "S", "first": "2023-01", "last": "2023-02", "due": "2123-01-01",
        "assignee": "data_owner@company.example",
    },
    "POST /api/v1/destinations": {"name": "x", "url": "ftp://x.example/", "purpose": "x"},
    "PATCH /api/v1/destinations/{key}": {"version": 1, "url": "ftp://x.example/"},
    "POST /api/v1/people": {"email": "new@company.example", "name": "New"},
}  # fmt: skip


def operations() -> dict[str, dict]:
    document = api().get_openapi_schema()
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


OPERATIONS = operations()


def permission_of(name: str) -> tuple[str, str]:
    """Return what a route needs to be seen, and what it needs to be done."""
    if name in PERMISSIONS:
        return PERMISSIONS[name], PERMISSIONS[name]
    method, path = name.split(" ")
    parts = path.removeprefix("/api/v1/").split("/")
    resource = RESOURCES[parts[0]]
    if method == "GET":
        return resource.view, resource.view
    if method == "POST" and len(parts) == 3:
        action = next(a for a in resource.actions if a.name.endswith(f".{parts[2]}"))
        return resource.view, action.permission
    return resource.view, resource.edit


def kind_of(name: str) -> str:
    """Return the kind of record whose key an address holds."""
    first = name.split(" ")[1].removeprefix("/api/v1/").partition("/")[0]
    return "grid" if first == "figures" else first  # which asks for a site


def address_of(name: str, there: Mapping[str, str]) -> tuple[str, str]:
    """Return method and address of a request, with what it must ask for, of records by kind."""
    method, path = name.split(" ")
    named = {part: quote(there.get(kind, NOWHERE), safe="~") for part, kind in NAMED.items()}
    key = quote(there.get(kind_of(name), NOWHERE), safe="~")
    path = path.replace("{language}.{kind}", "en.pdf").removeprefix("/api/v1/")
    path = path.format(key=key, **PARTS, **named)
    if path == "search":
        path += "?q=x"
    if path == "factor-choice":
        path += "?item=electricity&unit=kWh&year=2023"
    if path == "site-months":
        path += "?year=2023"
    if path == "figures":
        path += f"?node={quote(there.get('grid', NOWHERE))}&year=2023"
    if path == "access":
        path += f"?node=E&person={Person.objects.values_list('pk', flat=True).first()}"
    if path.endswith("/trace"):
        path += f"?entry={'/'.join(there.get('entry', NOWHERE).split('~')[:2])}"
    asked = OPERATIONS[name].get("parameters", [])
    if any(one["name"] == "version" and one["required"] for one in asked):
        path += "?version=1"
    return method, path


def request_of(name: str, there: Mapping[str, str]) -> tuple[str, str, Any]:
    """Return method, path and body of a request that is right as far as its form goes."""
    method, path = address_of(name, there)
    if path == "activities/bulk":
        return method, f"{path}?source=test", b""
    if path.endswith("/import"):
        return method, f"{path}?name=a.csv", b""
    if name in FILES:
        return method, f"{path}?node={there['grid']}&name=a.csv", b""
    if name in STATED:
        return method, path, STATED[name]
    body = OPERATIONS[name].get("requestBody", {}).get("content", {}).get("application/json")
    if body is None:
        return method, path, None
    named = body["schema"].get("anyOf", [body["schema"]])[0]
    reference = named["$ref"].rsplit("/", 1)[-1]
    schema = api().get_openapi_schema()["components"]["schemas"][reference]
    stated = {n: sample(schema["properties"][n]) for n in schema.get("required", [])}
    return method, path, stated


def sample(field: dict):
    if "anyOf" in field:
        field = field["anyOf"][0]
    if "enum" in field:
        return field["enum"][0]
    if field.get("format") == "date":
        return "2023-01-01"
    if field.get("type") == "integer":
        return field.get("minimum", 1)
    if field.get("type") == "boolean":
        return True
    if field.get("type") == "array":
        return [2023] if field["items"].get("type") == "integer" else ["1"]
    if "[0-9]" in field.get("pattern", ""):
        return "1"
    return "x" * max(1, field.get("minLength", 1))
