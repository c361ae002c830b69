"""Every route × role × inside and outside the subtree × nobody: what is answered, what is left."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from company import ROLES

from linyin.platform.api.build import api
from linyin.platform.models import Person
from linyin.platform.models.record import owner_path
from linyin.platform.resources import RESOURCES, Query
from linyin.platform.roles import roles

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
    "GET /api/v1/factors/{key}/runs": "factors.view",
    "GET /api/v1/factor-choice": "factors.view",
    "GET /api/v1/grid/{site}/{year}": "activities.view",
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
    "POST /api/v1/imports/{key}/commit": "activities.edit",
}
# Parts of addresses; "" = the key.
PARTS = {
    "{site}": "", "{other}": "", "{year}": "2023", "{month}": "2023-01", "{line}": "x",
    "{sha256}": "0" * 64,
}  # fmt: skip
FILES = ("POST /api/v1/documents", "POST /api/v1/imports")
STATED = {
    "PATCH /api/v1/grid/{site}/{year}": {"cells": [{"line": "x", "month": "2023-01"}]},
    "PUT /api/v1/rules": {"config": {}, "version": 0, "reason": "x"},
    "POST /api/v1/grid/{site}/{month}/evidence": {"line": "x", "sha256": "0" * 64},
    "POST /api/v1/requests": {
        "site": "S", "first": "2023-01", "last": "2023-02", "due": "2123-01-01",
        "assignee": "data_owner@company.example",
    },
    "POST /api/v1/people": {"email": "new@company.example", "name": "New"},
}  # fmt: skip
NO_RECORD = "999999"
PARQUET = "application/vnd.apache.parquet"
NOWHERE = "00000000-0000-0000-0000-000000000000"


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


def address_of(name: str, key: str) -> tuple[str, str]:
    """Return method and address of a request, with what it must ask for."""
    method, path = name.split(" ")
    path = path.removeprefix("/api/v1/")
    path = path.replace("{kind}", "csv").replace("{language}.csv", "en.pdf")
    path = path.replace("{key}", key if "jobs/" not in path else NOWHERE)
    for part, stated in PARTS.items():
        path = path.replace(part, stated or key)
    if path == "search":
        path += "?q=x"
    if path == "factor-choice":
        path += "?item=electricity&unit=kWh&year=2023"
    if path == "access":
        path += f"?node=E&person={Person.objects.values_list('pk', flat=True).first()}"
    if path.endswith("/trace"):
        path += "?entry=activities/d0"
    asked = OPERATIONS[name].get("parameters", [])
    if any(one["name"] == "version" and one["required"] for one in asked):
        path += "?version=1"
    return method, path


def request_of(name: str, key: str):
    """Return method, path and body of a request that is right as far as its form goes."""
    method, path = address_of(name, key)
    if path == "activities/bulk":
        return method, f"{path}?source=test", b"PAR1"
    if path.endswith("/import"):
        return method, f"{path}?name=a.csv", b"a,b"
    if name in FILES:
        return method, f"{path}?node=S&name=a.csv", b"a,b"
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


def keys(resource_name: str, person=None) -> tuple[str, str]:
    """Return the key of a record inside E (of a person's own, theirs), and of one outside."""
    resource = RESOURCES.get(resource_name)
    if resource is None:
        return ("S", "T") if resource_name == "grid" else (NO_RECORD, NO_RECORD)
    inside, outside = ("E", "S"), ("F", "T")
    if resource.model is not None and owner_path(resource.model):
        inside, outside = ((str(person.pk),) if person else ()), ()
    rows = [resource.rows.page(frozenset(nodes), Query(size=1)).rows for nodes in (inside, outside)]
    found = [quote(r[0]["pk"], safe="~") if r else NO_RECORD for r in rows]
    return found[0], NO_RECORD if found[0] == found[1] else found[1]


def everything_stored() -> dict[str, int]:
    """Count the rows of every table but those that a denied call may touch."""
    from django.apps import apps

    touched = ("platform.apitoken", "sessions.session")
    return {
        m._meta.label_lower: m._default_manager.count()
        for m in apps.get_models()
        if m._meta.label_lower not in touched
    }


def trail():
    from linyin.platform.models import AuditEvent

    return AuditEvent.objects.order_by("-number").values_list("number", "hash").first()


def test_every_route_is_known_to_these_cases():
    unknown = [
        name
        for name in OPERATIONS
        if name not in PERMISSIONS
        and name.split(" ")[1].removeprefix("/api/v1/").partition("/")[0] not in RESOURCES
    ]
    assert not unknown
    assert set(PERMISSIONS) <= set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_nobody_is_asked_to_sign_in_and_nothing_happens(name, nobody):
    before = everything_stored(), trail()
    method, path, body = request_of(name, "1")
    media = {"content_type": PARQUET} if isinstance(body, bytes) else {}

    answer = nobody.call(method, path, body, **media)

    assert answer.status_code == 401
    assert answer.json()["code"] == "not-signed-in"
    assert (everything_stored(), trail()) == before


@pytest.mark.parametrize("role", [*ROLES, "stranger"])
def test_a_role_does_what_it_may_and_nothing_else(role, caller_of, subtests):
    if role == "stranger":
        pytest.skip("a person without a grant cannot make a token: see test_tokens")
    held, is_guest = roles()[role].permissions, roles()[role].is_guest
    caller = caller_of(role)
    person = Person.objects.get(email=f"{role}@company.example")
    for name in OPERATIONS:
        seen, needed = permission_of(name)
        resource_name = name.split(" ")[1].removeprefix("/api/v1/").partition("/")[0]
        inside, outside = keys(resource_name, person)
        denied = bool(needed) and needed not in held

        def called(key, name=name):
            method, path, body = request_of(name, key)
            media = {"content_type": PARQUET} if isinstance(body, bytes) else {}
            return caller.call(method, path, body, **media)

        if denied:
            with subtests.test(name, role=role):
                before = everything_stored(), trail()
                answer = called(inside)
                assert answer.status_code in (403, 404), answer.content
                assert seen in held or answer.status_code == 403
                assert (everything_stored(), trail()) == before
        elif name.startswith("GET") and "jobs/{key}" not in name:
            with subtests.test(name, role=role):
                answer = called(inside)
                is_keyed = re.search("{key}|{site}", name)
                is_own = resource_name == "tokens"  # a guest's too
                is_there = not is_keyed or (inside != NO_RECORD and (is_own or not is_guest))
                if name == "GET /api/v1/factor-choice":  # without packs, E sees no factor
                    assert answer.json()["where"] == "item"
                    continue
                if name == REPORT and is_there:  # who may see the run is told what to do
                    assert (answer.status_code, answer.json()["code"]) == (404, "report-missing")
                    continue
                assert answer.status_code in ((200, 202) if is_there else (404,)), answer
        if re.search("{key}|{site}", name) and outside != NO_RECORD:
            with subtests.test(name, role=role, where="outside"):
                before = everything_stored(), trail()
                answer, nothing = called(outside), called(NO_RECORD)
                assert answer.status_code in (403, 404), answer.content
                assert answer.status_code == 404 or denied
                assert (answer.status_code, answer.json()) == (nothing.status_code, nothing.json())
                assert (everything_stored(), trail()) == before
                assert not re.search(r"\bF\b|\bT\b", answer.json()["detail"])


@pytest.mark.parametrize("name", ["metrics", "nodes", "runs", "standings"])
def test_a_list_holds_what_is_inside_and_nothing_of_what_is_outside(name, caller_of):
    rows = caller_of("reader").get(f"{name}?size=500").json()["items"]
    nodes = {row.get("node") or row.get("code") for row in rows}

    assert nodes <= {"E", "S"}
    assert nodes

    assert {"F", "T"} & {
        row.get("node") or row.get("code")
        for row in caller_of("everything").get(f"{name}?size=500").json()["items"]
    }


def test_files_hold_what_lists_hold(caller_of):
    answer = caller_of("reader").get("nodes/file.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")

    assert [line.split(",")[0] for line in text.splitlines()] == ["code", "E", "S"]


def test_a_record_is_not_moved_out_of_sight(caller_of):
    caller = caller_of("carbon_office")
    row = caller.get("metrics").json()["items"][0]

    answer = caller.patch(f"metrics/{row['id']}", {"version": row["version"], "node": "F"})

    assert answer.status_code == 422
    assert answer.json()["where"] == "node"
    assert caller.get(f"metrics/{row['id']}").json() == row


def test_a_record_is_not_made_out_of_sight(caller_of):
    stated = {
        "node": "F", "metric": "heads", "begin": "2023-01-01", "end": "2024-01-01", "value": "3",
        "unit": "1",
    }  # fmt: skip

    answer = caller_of("carbon_office").post("metrics", stated)

    assert answer.status_code == 422
    assert answer.json()["where"] == "node"
