"""The month grid by the API: typed, submitted, returned, approved, as on its page."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import localdate


@pytest.fixture
def api(world):
    """Return a function that calls the API as somebody: method, path, body → status, answer."""
    from linyin.platform.tokens import create_token

    cache.clear()
    clients = {}

    def client_of(person):
        if person.pk not in clients:
            actor = world.actor(person)
            token = create_token(actor, name="t", scopes=sorted(actor.reach), read_only=False)
            clients[person.pk] = Client(headers={"Authorization": f"Bearer {token.secret}"})
        return clients[person.pk]

    def call(person, method, path, body=None):
        kind = "application/json"
        if isinstance(body, bytes):
            data, kind = body, "application/octet-stream"
        else:
            data = "" if body is None else json.dumps(body)
        response = client_of(person).generic(method, f"/api/v1/{path}", data, content_type=kind)
        content = b"".join(response) if response.streaming else response.content
        is_json = "json" in response["Content-Type"]
        return response.status_code, json.loads(content) if is_json else content

    return call


POWER = {"line": "HEYUAN-P1", "month": "2024-01", "text": "1001"}
GAS = {"line": "HEYUAN-GAS", "month": "2024-01", "text": "50"}


def test_a_month_goes_from_its_owner_to_an_approver_and_back(world, api):
    status, shown = api(world.owner, "GET", "grid/HEYUAN/2024")
    assert status == 200
    january = shown["months"][0]
    assert (january["month"], january["state"], january["sources"]) == ("2024-01", "open", 2)

    status, saved = api(world.owner, "PATCH", "grid/HEYUAN/2024", {"cells": [POWER, GAS]})
    assert status == 200
    assert [(c["outcome"], c["quantity"]) for c in saved["cells"]] == [
        ("saved", 1001.0), ("saved", 50.0),
    ]  # fmt: skip

    status, month = api(world.owner, "POST", "grid/HEYUAN/2024-01/submit")
    assert (status, month["state"], month["submitted_by"]) == (200, "submitted", "owner")
    posted = world.activities("external_id = 'HEYUAN-P1-2024-01'")
    assert [row["quantity"] for row in posted] == [1001.0]

    status, told = api(world.owner, "POST", "grid/HEYUAN/2024-01/approve")
    assert (status, told["code"]) == (403, "not-permitted")

    stated = {"line": "HEYUAN-P1", "comment": "Is this the whole line?"}
    status, month = api(world.manager, "POST", "grid/HEYUAN/2024-01/return", stated)
    assert (status, month["state"]) == (200, "returned")

    status, told = api(world.owner, "POST", "grid/HEYUAN/2024-01/submit")
    assert (status, told["code"]) == (422, "grid-needs-answer")

    api(world.owner, "PATCH", "grid/HEYUAN/2024", {"cells": [POWER | {"reason": "It is."}]})
    assert api(world.owner, "POST", "grid/HEYUAN/2024-01/submit")[0] == 200
    status, month = api(world.manager, "POST", "grid/HEYUAN/2024-01/approve", {"comment": "ok"})
    assert (status, month["state"], month["approved_by"]) == (200, "approved", "manager")

    status, told = api(world.owner, "PATCH", "grid/HEYUAN/2024", {"cells": [POWER]})
    assert [c["outcome"] for c in told["cells"]] == ["locked"]
    status, month = api(world.owner, "POST", "grid/HEYUAN/2024-01/reopen", {"reason": "typo"})
    assert (status, month["state"]) == (200, "draft")


def test_how_the_months_of_the_sites_stand_is_told_as_on_the_overview(world, api):
    _, before = api(world.owner, "GET", "site-months?year=2024")
    api(world.owner, "PATCH", "grid/HEYUAN/2024", {"cells": [POWER]})
    _, typed = api(world.owner, "GET", "site-months?year=2024&node=HEYUAN")
    _, posted = api(world.owner, "GET", "site-months?year=2023&node=HEYUAN")
    status, _ = api(world.owner, "GET", "site-months?year=1066")

    def january(told):
        return next(m for m in told["items"] if (m["site"], m["month"][5:]) == ("HEYUAN", "01"))

    assert january(before)["state"] == "open"
    assert (january(typed)["state"], january(typed)["sources_in"]) == ("draft", 1)
    assert january(posted)["state"] == "recorded"
    assert january(posted)["sources_in"] == january(posted)["sources"] > 0
    assert {m["site"] for m in typed["items"]} == {"HEYUAN"}
    assert status == 422


def test_what_a_month_lacks_is_told_cell_by_cell_and_nothing_is_posted(world, api):
    api(world.owner, "PATCH", "grid/HEYUAN/2024", {"cells": [POWER | {"text": "2 MWh"}]})

    status, told = api(world.owner, "POST", "grid/HEYUAN/2024-01/submit")

    assert status == 422
    assert {f["code"] for f in told["findings"]} == {"grid-needs-value", "grid-needs-deviation"}
    assert not world.activities("external_id LIKE '%2024-01'")


def test_nobody_writes_over_what_somebody_else_has_typed_meanwhile(world, api):
    _, first = api(world.owner, "PATCH", "grid/HEYUAN/2024", {"cells": [POWER]})
    seen = first["cells"][0]["token"]
    api(world.second, "PATCH", "grid/HEYUAN/2024", {"cells": [POWER | {"text": "990"}]})

    again = POWER | {"text": "1002", "token": seen}
    status, told = api(world.owner, "PATCH", "grid/HEYUAN/2024", {"cells": [again]})

    assert status == 200
    assert [(c["outcome"], c["theirs"], c["by"]) for c in told["cells"]] == [
        ("stale", "990", "second")
    ]
    assert told["cells"][0]["quantity"] == 990.0


def test_a_site_out_of_reach_is_none_and_a_reader_types_nothing(world, api):
    from linyin.ledger.web.grid_models import CellDraft

    outside = api(world.owner, "PATCH", "grid/NANJING/2024", {"cells": [POWER]})
    nowhere = api(world.owner, "PATCH", "grid/NOWHERE/2024", {"cells": [POWER]})
    assert outside == nowhere
    assert outside[0] == 404
    assert api(world.owner, "GET", "grid/NANJING/2024")[0] == 404
    assert api(world.reader, "GET", "grid/HEYUAN/2024")[0] == 200
    assert api(world.reader, "PATCH", "grid/HEYUAN/2024", {"cells": [POWER]})[0] == 403
    assert not CellDraft.objects.exists()


def test_a_line_of_another_site_and_a_month_of_another_year_are_refused(world, api):
    for wrong, field in (({"line": "NANJING-P1"}, "line"), ({"month": "2023-01"}, "month")):
        status, told = api(world.owner, "PATCH", "grid/HEYUAN/2024", {"cells": [POWER | wrong]})
        assert (status, told["code"]) == (422, "record-unknown")
        assert told["where"] == f"cells.0.{field}"


def test_a_document_is_kept_shown_as_evidence_given_back_and_hidden(world, api):
    bill = b"%PDF-1.4 bill"
    sha256 = hashlib.sha256(bill).hexdigest()
    status, kept = api(world.owner, "POST", "documents?node=HEYUAN&name=bill.pdf", bill)
    assert (status, kept["sha256"], kept["size"]) == (201, sha256, len(bill))

    stated = {"line": "HEYUAN-P1", "sha256": sha256}
    status, cell = api(world.owner, "POST", "grid/HEYUAN/2024-01/evidence", stated)
    assert (status, cell["documents"]) == (200, [sha256])
    assert api(world.owner, "GET", f"documents/{kept['id']}/content") == (200, bill)
    assert api(world.stranger, "GET", f"documents/{kept['id']}/content")[0] == 404

    path = f"grid/HEYUAN/2024-01/evidence/HEYUAN-P1/{sha256}"
    status, cell = api(world.owner, "DELETE", path)
    assert (status, cell["documents"]) == (200, [])
    assert api(world.owner, "DELETE", path)[0] == 404


def test_a_document_is_not_kept_at_a_node_out_of_reach_nor_if_it_is_no_evidence(world, api):
    from linyin.platform.models import Document

    status, told = api(world.owner, "POST", "documents?node=NANJING&name=bill.pdf", b"%PDF-1")
    assert (status, told["where"]) == (422, "node")
    status, told = api(world.owner, "POST", "documents?node=HEYUAN&name=bill.pdf", b"MZ")
    assert (status, told["code"]) == (409, "document-other-kind")
    assert not Document.objects.exists()


def test_data_are_asked_for_answered_as_a_task_and_withdrawn(world, api):
    due = (localdate() + timedelta(days=9)).isoformat()
    stated = {
        "site": "HEYUAN", "first": "2024-01", "last": "2024-03", "due": due,
        "assignee": "owner@example.org", "lines": ["HEYUAN-P1"], "note": "please",
    }  # fmt: skip
    status, made = api(world.manager, "POST", "requests", stated)
    assert (status, made["state"], made["begin"], made["end"]) == (
        201, "open", "2024-01-01", "2024-04-01",
    )  # fmt: skip

    _, tasks = api(world.owner, "GET", "me/tasks")
    assert [task["due"] for task in tasks["items"] if task["due"]] == [due]
    status, made = api(world.manager, "POST", f"requests/{made['id']}/withdraw_request")
    assert (status, made["state"]) == (200, "withdrawn")


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"assignee": "nobody@example.org"}, 422, "record-unknown"),
        ({"assignee": "stranger@example.org"}, 409, "request-assignee"),
        ({"site": "NANJING"}, 422, "record-unknown"),
        ({"last": "2023-01"}, 409, "request-without-month"),
        ({"lines": ["NANJING-P1"]}, 422, "record-unknown"),
    ],
)
def test_a_request_that_cannot_be_answered_is_refused(world, api, wrong, status, code):
    from linyin.ledger.web.grid_models import DataRequest

    stated = {
        "site": "HEYUAN", "first": "2024-01", "last": "2024-03", "due": localdate().isoformat(),
        "assignee": "owner@example.org",
    }  # fmt: skip
    answered, told = api(world.manager, "POST", "requests", stated | wrong)

    assert (answered, told["code"]) == (status, code)
    assert not DataRequest.objects.exists()
