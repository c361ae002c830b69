"""Files of records over the API: told first, then done once, all of it or nothing."""

from __future__ import annotations

import pytest

from linyin.client import ApiError, Client
from linyin.platform.api import intake

HEADER = "node,metric,begin,end,value,unit\n"
GOOD = HEADER + "S,heads,2023-01-01,2024-01-01,12.5,1\nE,revenue,2023-01-01,2024-01-01,11,CNY\n"
OCTETS = "application/octet-stream"


def bring(caller, text: str, *, name="metrics.csv", key="", **asked):
    from urllib.parse import urlencode

    query = urlencode({"name": name, **asked})
    headers = {"idempotency_key": key} if key else {}
    path = f"metrics/import?{query}"
    return caller.post(path, text.encode(), content_type=OCTETS, **headers)


def metrics(caller):
    return {(r["node"], r["metric"]): r["value"] for r in caller.get("metrics").json()["items"]}


def events():
    from linyin.platform.models import AuditEvent

    return AuditEvent.objects.count()


def test_a_dry_run_tells_what_every_row_would_do_and_writes_nothing(office):
    before, count = metrics(office), events()

    told = bring(office, GOOD, dry_run="true").json()

    assert told["counts"] == {"rows": 2, "new": 1, "changed": 1, "unchanged": 0, "errors": 0}
    assert [(r["row"], r["act"]) for r in told["rows"]] == [(2, "new"), (3, "changed")]
    assert told["rows"][0]["id"] is None
    assert told["rows"][0]["changes"][0] == {"field": "node", "before": None, "after": "S"}
    assert told["rows"][1]["changes"] == [{"field": "value", "before": "10", "after": "11"}]
    assert told["is_dry_run"]
    assert (metrics(office), events()) == (before, count)


def test_a_dry_run_names_every_wrong_cell(office):
    text = HEADER + "S,heads,soon,2024-01-01,many,1\nT9,heads,2023-01-01,2024-01-01,1,1\n"

    told = bring(office, text, dry_run="true")

    assert told.status_code == 200
    assert told.json()["counts"]["errors"] == 3
    assert [
        (f["code"], f["where"]["row"], f["where"]["column"]) for f in told.json()["findings"]
    ] == [
        ("date-broken", 2, "begin"), ("number-broken", 2, "value"), ("code-unknown", 3, "node"),
    ]  # fmt: skip


def test_what_was_seen_is_done_and_answers_the_same_unread_when_it_comes_twice(office, monkeypatch):
    seen = bring(office, GOOD, dry_run="true").json()["digest"]

    done = bring(office, GOOD, seen=seen, reason="HR", key="k")
    count = events()
    monkeypatch.delattr(intake, "read_records")
    again = bring(office, GOOD, seen=seen, reason="HR", key="k")

    assert done.status_code == again.status_code == 200, done.content
    assert metrics(office)["S", "heads"] == "12.5"
    assert again.json() == done.json()
    assert again["Idempotency-Replayed"] == "true"
    assert all(row["id"] for row in done.json()["rows"])
    assert events() == count


def test_what_would_do_something_else_by_now_is_not_done(office):
    seen = bring(office, GOOD, dry_run="true").json()["digest"]
    bring(office, GOOD.replace(",11,", ",14,"))
    before, count = metrics(office), events()

    late = bring(office, GOOD, seen=seen)

    problem = late.json()
    assert (late.status_code, problem["code"], problem["where"]) == (409, "preview-changed", "seen")
    assert problem["preview"]["rows"][1]["changes"][0]["before"] == "14"
    assert (metrics(office), events()) == (before, count)
    assert bring(office, GOOD, seen=problem["preview"]["digest"]).status_code == 200


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        (HEADER + "S,heads,2023-01-01,2024-01-01,1,1\nS,heads,x,2024-01-01,1,1\n", "m.csv",
         "date-broken"),
        ("", "m.csv", "document-empty"),
        ("MZ", "m.exe", "intake-kind"),
        ("PK\x03\x04", "m.xlsx", "file-broken"),
        ("colour\nred\n", "m.csv", "column-missing"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_whole(office, settings, text, name, code):
    before, count = metrics(office), events()

    answer = bring(office, text, name=name)

    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.content
    assert answer.json()["findings"]
    assert (metrics(office), events()) == (before, count)
    assert not list(settings.WORKSPACE.uploads.iterdir())


def test_others_bring_in_nothing_and_learn_nothing(caller_of, nobody):
    before = events()
    outside = HEADER + "T,heads,2023-01-01,2024-01-01,1,1\n"

    assert bring(nobody, GOOD).status_code == 401
    assert bring(caller_of("reader"), GOOD).status_code == 403
    assert bring(caller_of("carbon_office", read_only=True), GOOD).status_code == 403
    answer = bring(caller_of("carbon_office"), outside)
    nowhere = bring(caller_of("carbon_office"), outside.replace("T,", "X,"))

    assert answer.json()["code"] == nowhere.json()["code"] == "code-unknown"
    assert events() == before + 4  # four tokens


def test_the_client_weighs_a_file_and_brings_it_in(served, tmp_path):
    client = Client(*served())
    file = tmp_path / "指标.csv"
    file.write_text(GOOD, encoding="utf-8")

    told = client.metrics.weigh(file)
    done = client.metrics.bring_in(file, seen=told["digest"], reason="HR")

    assert done["counts"] == told["counts"]
    assert {row["value"] for row in client.metrics.list(node="S")} == {"12.5"}
    assert client.metrics.weigh(file)["counts"]["unchanged"] == 2
    with pytest.raises(ApiError) as late:
        client.metrics.bring_in(file, seen=told["digest"])
    assert late.value.code == "preview-changed"


def test_every_resource_that_files_make_has_the_route(office):
    from linyin.platform.resources import RESOURCES

    paths = office.get("openapi.json").json()["paths"]
    routes = {p.split("/")[3] for p in paths if p.endswith("/import")}

    assert routes == {name for name, r in RESOURCES.items() if r.is_importable}
