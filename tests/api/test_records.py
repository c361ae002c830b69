"""Records over the API: pages, filters, changes, what is wrong, twice the same request."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from caller import Caller
from django.utils import timezone

METRIC = {
    "node": "S", "metric": "heads", "begin": "2023-01-01", "end": "2024-01-01", "value": "12.5",
    "unit": "1", "source": "HR",
}  # fmt: skip


def take_away():
    """Remove what was made of METRIC, so that it can be made again."""
    from linyin.organization.web.models import Metric

    Metric.objects.filter(node__code="S", metric="heads", source="HR").delete()


def walk(caller, path):
    rows = []
    while path:
        page = caller.get(path).json()
        rows += page["items"]
        path = page["next"].removeprefix("/api/v1/") if page["next"] else None
    return rows


def test_pages_follow_one_another_and_lead_back(office):
    whole = office.get("nodes?size=500&count=true").json()
    assert whole["count"] == len(whole["items"]) == 5
    assert whole["next"] is whole["prev"] is None

    assert walk(office, "nodes?size=2") == whole["items"]

    second = office.get(office.get("nodes?size=2").json()["next"].removeprefix("/api/v1/")).json()
    back = office.get(second["prev"].removeprefix("/api/v1/")).json()
    assert back["items"] == whole["items"][:2]


def test_pages_keep_filters_and_order(office):
    rows = walk(office, "nodes?kind=site&kind=entity&sort=-code&size=1")
    assert [row["code"] for row in rows] == ["T", "S", "F", "E"]


def test_lists_are_filtered_by_nodes_years_and_words(office):
    codes = lambda path: [row["code"] for row in office.get(path).json()["items"]]  # noqa: E731
    assert codes("nodes?node=E&sort=code") == ["E", "S"]
    assert codes("nodes?q=nothing-like-it") == []
    assert len(office.get("metrics?year=2023").json()["items"]) == 2
    assert office.get("metrics?year=2022").json()["items"] == []


def test_a_record_is_made_changed_and_removed(office):
    made = office.post("metrics", METRIC)
    assert made.status_code == 201
    row = made.json()
    assert row == METRIC | {"id": row["id"], "version": 1, "item": ""}
    assert office.get(urlsplit(made["Location"]).path.removeprefix("/api/v1/")).json() == row

    changed = office.patch(
        f"metrics/{row['id']}", {"version": 1, "value": "13", "reason": "counted again"}
    )
    assert changed.json() == row | {"version": 2, "value": "13"}

    assert office.delete(f"metrics/{row['id']}?version=2").status_code == 204
    assert office.get(f"metrics/{row['id']}").status_code == 404


def test_what_was_done_is_in_the_audit_trail_as_done_by_the_api(office):
    from linyin.platform.audit import verify
    from linyin.platform.models import AuditEvent

    row = office.post("metrics", METRIC).json()
    office.patch(f"metrics/{row['id']}", {"version": 1, "value": "13", "reason": "counted again"})

    event = AuditEvent.objects.get(action="organization.update_metrics", key=row["id"])
    assert (event.channel, event.reason) == ("api", "counted again")
    assert not list(verify())


def test_a_stale_change_is_refused_with_the_differences(office):
    row = office.post("metrics", METRIC).json()
    office.patch(f"metrics/{row['id']}", {"version": 1, "value": "13"})

    late = office.patch(f"metrics/{row['id']}", {"version": 1, "value": "14", "source": "HR"})

    assert late.status_code == 409
    problem = late.json()
    assert (problem["code"], problem["version"]) == ("stale", 2)
    value = {"stated": "14", "there": "13", "stated_text": "14", "there_text": "13"}
    assert problem["differences"] == [{"field": "value", "label": "Value"} | value]
    assert office.get(f"metrics/{row['id']}").json()["value"] == "13"


def test_differences_are_told_in_the_words_of_the_pages_too(office):
    row = office.post("metrics", METRIC).json()
    office.patch(f"metrics/{row['id']}", {"version": 1, "metric": "revenue", "end": "2024-04-01"})

    stated = {"version": 1, "metric": "heads", "end": "2024-03-01", "node": "G"}
    late = office.patch(f"metrics/{row['id']}", stated, accept_language="zh")

    assert late.status_code == 409, late.json()
    told = {one["field"]: one for one in late.json()["differences"]}
    assert told["metric"]["label"] == "指标"
    assert (told["end"]["stated_text"], told["end"]["there"]) == ("2024年3月1日", "2024-04-01")
    assert told["metric"]["stated_text"] == "人数"


def test_a_stale_removal_is_refused_with_the_differences(office):
    row = office.post("metrics", METRIC).json()
    office.patch(f"metrics/{row['id']}", {"version": 1, "value": "0"})

    late = office.delete(f"metrics/{row['id']}?version=1")

    assert late.status_code == 409
    problem = late.json()
    assert (problem["code"], problem["version"]) == ("stale", 2)
    then = METRIC["value"]
    value = {"stated": then, "there": "0", "stated_text": then, "there_text": "0"}
    assert problem["differences"] == [{"field": "value", "label": "Value"} | value]
    assert office.get(f"metrics/{row['id']}").json()["value"] == "0"
    assert office.delete(f"metrics/{row['id']}?version=2").status_code == 204


@pytest.mark.parametrize("asked", ["", "?version=x", "?version=-1", f"?version={'9' * 30}"])
def test_a_removal_states_what_was_seen(office, asked):
    row = office.post("metrics", METRIC).json()

    answer = office.delete(f"metrics/{row['id']}{asked}")

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert office.get(f"metrics/{row['id']}").status_code == 200


@pytest.mark.parametrize(
    ("stated", "field", "code"),
    [
        ({"value": "twelve"}, "value", "field-pattern"),
        ({"value": 12.5}, "value", "field-string"),
        ({"begin": "1st May"}, "begin", "field-date"),
        ({"node": "nowhere"}, "node", "field-invalid"),
        ({"colour": "red"}, "colour", "field-unknown"),
        ({"unit": ""}, "unit", "field-short"),
        ({"source": "a\x00b"}, "source", "field-pattern"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(office, stated, field, code):
    answer = office.post("metrics", METRIC | stated)

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["where"], answer.json()["code"]) == (field, code)


def test_everything_that_is_wrong_is_told_at_once(office):
    answer = office.post("metrics", {"node": "S", "value": "x", "begin": "y"})

    fields = {found["where"]["column"] for found in answer.json()["findings"]}
    assert fields == {"metric", "begin", "end", "value", "unit"}


def test_problems_are_in_the_language_that_the_caller_accepts(office):
    asked = {"accept_language": "zh-CN,zh;q=0.9"}
    chinese = office.post("metrics", METRIC | {"value": "x"}, **asked).json()
    english = office.post("metrics", METRIC | {"value": "x"}, accept_language="en-GB").json()

    assert chinese["code"] == english["code"]
    assert chinese["detail"].startswith("不符合格式")
    assert english["detail"].startswith("does not have the form")


def test_a_node_that_others_rest_on_stays(office):
    entity = office.get("nodes?q=E&kind=entity").json()["items"][0]

    answer = office.delete(f"nodes/{entity['id']}?version={entity['version']}")

    assert (answer.status_code, answer.json()["code"]) == (409, "record-in-use")
    assert office.get(f"nodes/{entity['id']}").json() == entity


def test_a_request_that_comes_twice_is_done_once(office):
    from linyin.organization.web.models import Metric

    before = Metric.objects.count()
    first = office.post("metrics", METRIC, idempotency_key="m-1")
    second = office.post("metrics", METRIC, idempotency_key="m-1")

    assert Metric.objects.count() == before + 1
    assert second.status_code == first.status_code == 201
    assert second.json() == first.json()
    assert second["Location"] == first["Location"]
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first


def test_a_refusal_is_given_again_too(office):
    row = office.post("metrics", METRIC).json()
    stale = {"version": 7, "value": "1"}
    first = office.patch(f"metrics/{row['id']}", stale, idempotency_key="k")
    office.patch(f"metrics/{row['id']}", {"version": 1, "value": "2"})

    second = office.patch(f"metrics/{row['id']}", stale, idempotency_key="k")

    assert second.status_code == 409
    assert second.json() == first.json()


def test_a_key_stands_for_one_request_of_one_caller(office, caller_of):
    office.post("metrics", METRIC, idempotency_key="k")

    other = office.post("metrics", METRIC | {"value": "9"}, idempotency_key="k")
    elsewhere = office.post("nodes", {"code": "N", "kind": "site"}, idempotency_key="k")
    take_away()
    somebody = caller_of("carbon_office").post("metrics", METRIC, idempotency_key="k")

    assert (other.status_code, other.json()["code"]) == (422, "key-of-another")
    assert elsewhere.status_code == 422
    assert somebody.status_code == 201
    assert somebody.json()["id"] != other.json().get("id")


def test_a_key_at_work_is_refused_until_its_request_is_dead(office):
    from linyin.platform.models import StoredAnswer

    office.post("metrics", METRIC, idempotency_key="k")
    StoredAnswer.objects.update(status=None)

    busy = office.post("metrics", METRIC, idempotency_key="k")
    assert (busy.status_code, busy.json()["code"]) == (409, "key-in-use")

    StoredAnswer.objects.update(at=timezone.now() - timedelta(seconds=31))
    take_away()
    assert office.post("metrics", METRIC, idempotency_key="k").status_code == 201


def test_a_slow_request_whose_key_another_took_over_writes_nothing(office, monkeypatch):
    from linyin.organization.web.models import Metric
    from linyin.platform.api import idempotency
    from linyin.platform.models import StoredAnswer

    keep, before = idempotency._keep, Metric.objects.count()

    def overtaken(claim, response):
        StoredAnswer.objects.filter(pk=claim.pk).delete()
        StoredAnswer.objects.create(
            caller=claim.caller, key=claim.key, request=claim.request, at=timezone.now()
        )
        keep(claim, response)

    monkeypatch.setattr(idempotency, "_keep", overtaken)
    slow = office.post("metrics", METRIC, idempotency_key="k")

    assert (slow.status_code, slow.json()["code"]) == (409, "key-in-use")
    assert Metric.objects.count() == before


def test_a_key_is_forgotten_after_a_day(office):
    from linyin.platform.models import StoredAnswer

    first = office.post("metrics", METRIC, idempotency_key="k").json()
    StoredAnswer.objects.update(at=timezone.now() - timedelta(hours=25))

    take_away()
    assert office.post("metrics", METRIC, idempotency_key="k").json()["id"] != first["id"]


def test_of_many_at_the_same_time_one_is_done(office):
    from django.db import connection

    from linyin.organization.web.models import Metric

    before, codes = Metric.objects.count(), []

    def send():
        codes.append(office.post("metrics", METRIC, idempotency_key="race").status_code)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(codes) <= {201, 409}
    assert 201 in codes
    assert Metric.objects.count() == before + 1


@pytest.fixture
def one_minute(monkeypatch):
    """A minute that does not turn while calls are counted."""
    from types import SimpleNamespace

    from linyin.platform.api import limits

    now = time.time() // 60 * 60 + 30
    clock = SimpleNamespace(time=lambda: now, monotonic=time.monotonic)
    monkeypatch.setattr(limits, "time", clock)
    monkeypatch.setattr(limits, "_counts", {})  # kept by the process, over its tests


@pytest.mark.usefixtures("one_minute")
def test_calls_are_limited_by_the_minute(office, settings):
    settings.API_CALLS_A_MINUTE = 5
    answers = [office.get("me") for _ in range(7)]

    assert [a.status_code for a in answers] == [200] * 5 + [429] * 2
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1].json()["code"] == "too-many"


@pytest.mark.usefixtures("one_minute")
def test_guesses_at_tokens_are_limited(nobody, settings):
    settings.API_FAILURES_A_MINUTE = 3
    guess = Caller({"Authorization": "Bearer linyin_guess"})

    assert [guess.get("me").status_code for _ in range(5)] == [401] * 3 + [429] * 2


def test_an_address_without_a_route_is_a_problem_too(office):
    answer = office.get("nothing/here")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_masses_and_decimals_are_texts_in_digits(office):
    run = office.get("runs?q=-G-").json()["items"][0]
    entry = office.get(f"runs/{run['id']}/entries").json()["items"][0]

    assert entry["co2e_mg"] == "7500000000"
    assert entry["amount"] == "3000"


def test_a_file_as_parquet_holds_exact_numbers(office, tmp_path):
    from decimal import Decimal

    import pyarrow.parquet as pq

    office.post("metrics", METRIC)
    target = tmp_path / "metrics.parquet"
    target.write_bytes(b"".join(office.get("metrics/file.parquet?node=S").streaming_content))
    table = pq.read_table(target)

    assert table["value"].to_pylist() == [Decimal("12.5")]
    assert str(table.schema.field("begin").type) == "date32[day]"
