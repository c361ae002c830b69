"""Activities in bulk: checked whole, posted once, nothing of what others answer for is touched."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ARROW = "application/vnd.apache.arrow.stream"
PARQUET = "application/vnd.apache.parquet"
ROW = {
    "external_id": "u1", "site": "S", "source_type": "mobile_combustion", "item": "diesel",
    "quantity": 10.0, "unit": "L", "period": "2023-05",
}  # fmt: skip


def parquet(*rows: dict) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), sink)
    return sink.getvalue()


def arrow(*rows: dict) -> bytes:
    table, sink = pa.Table.from_pylist(list(rows)), io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def upload(caller, body: bytes, media: str = PARQUET, **asked):
    from urllib.parse import urlencode

    query = urlencode({"source": "fleet", "reason": "May", **asked})
    return caller.post(f"activities/bulk?{query}", body, content_type=media)


def finish(caller, answer) -> dict:
    from uuid import UUID

    from linyin.platform.work.run import run

    assert answer.status_code == 202, answer.content
    run(UUID(answer.json()["id"]))
    return caller.get(answer["Location"].removeprefix("/api/v1/")).json()


def rows_of(source: str = "fleet") -> dict[str, float]:
    import duckdb

    from linyin.lake import current_revisions
    from linyin.platform.lake import workspace_lake

    found = duckdb.sql(
        "SELECT external_id, quantity FROM "
        f"({current_revisions(workspace_lake(), 'activities')}) WHERE source = '{source}'"
    )
    return dict(found.fetchall())


@pytest.mark.parametrize(("pack", "media"), [(parquet, PARQUET), (arrow, ARROW)])
def test_rows_are_posted_as_one_batch_by_a_job(office, pack, media):
    from linyin.platform.models import AuditEvent

    job = finish(office, upload(office, pack(ROW, ROW | {"external_id": "u2"}), media))

    assert job["state"] == "done", job
    assert (job["result"]["new"], job["result"]["revised"]) == (2, 0)
    assert job["result"]["batch"]
    assert rows_of() == {"u1": 10.0, "u2": 10.0}
    event = AuditEvent.objects.get(action="inventory.upload_activities")
    assert (event.reason, event.after["new"]) == ("May", 2)


def test_the_same_rows_again_are_no_news(office):
    finish(office, upload(office, parquet(ROW)))
    again = finish(office, upload(office, parquet(ROW)))

    assert (again["result"]["unchanged"], again["result"]["batch"]) == (1, None)


def test_a_full_upload_removes_what_it_lacks_a_delta_does_not(office):
    second = ROW | {"external_id": "u2"}
    finish(office, upload(office, parquet(ROW, second)))

    finish(office, upload(office, parquet(ROW | {"quantity": 11.0})))
    assert rows_of() == {"u1": 11.0, "u2": 10.0}

    job = finish(office, upload(office, parquet(second), mode="full"))
    assert job["result"]["removed"] == 1
    assert rows_of() == {"u2": 10.0}


def test_what_is_wrong_is_told_row_by_row_and_nothing_is_posted(office):
    wrong = [
        ROW,
        ROW | {"external_id": "u2", "site": "NOWHERE"},
        ROW | {"external_id": "u3", "unit": "ton"},
        ROW | {"external_id": "u4", "period": "last spring"},
    ]
    answer = upload(office, parquet(*wrong))

    assert answer.status_code == 422
    found = {(f["where"]["row"], f["where"]["column"]) for f in answer.json()["findings"]}
    assert found == {(2, "site"), (3, "unit"), (4, "period")}
    assert rows_of() == {}


def test_a_large_upload_is_checked_by_its_job(office, monkeypatch):
    from linyin.inventory.web import api

    monkeypatch.setattr(api, "AT_ONCE", 0)
    job = finish(office, upload(office, parquet(ROW | {"site": "NOWHERE"})))

    assert job["state"] == "failed"
    assert [f["where"]["column"] for f in job["findings"]] == ["site"]
    assert "NOWHERE" in job["findings"][0]["detail"]


def test_a_site_out_of_reach_is_one_that_is_not_known(caller_of):
    caller = caller_of("data_owner")
    outside = upload(caller, parquet(ROW | {"site": "T"})).json()
    nowhere = upload(caller, parquet(ROW | {"site": "NOWHERE"})).json()

    assert outside["findings"][0]["code"] == nowhere["findings"][0]["code"] == "site-unknown"
    assert upload(caller, parquet(ROW)).status_code == 202


def test_rows_of_others_are_not_touched(office, caller_of):
    theirs = ROW | {"external_id": "t1", "site": "T"}
    finish(office, upload(office, parquet(theirs)))
    caller = caller_of("data_owner")

    full = upload(caller, parquet(ROW), mode="full")
    moved = upload(caller, parquet(theirs | {"site": "S"}))
    replaced = upload(caller, parquet(ROW | {"supersedes": "t1"}))

    for answer in (full, moved, replaced):
        assert (answer.status_code, answer.json()["code"]) == (409, "upload-out-of-reach")
    assert rows_of() == {"t1": 10.0}


@pytest.mark.parametrize("body", [b"", b"PAR1", b"PAR1" * 100, b"\xff\xff\xff\xff" * 9, b"{}"])
def test_what_is_no_table_is_refused(office, body):
    for media in (PARQUET, ARROW):
        answer = upload(office, body, media)
        assert answer.status_code == 422, answer.content
        assert answer.json()["findings"]


def test_another_kind_of_content_is_refused(office):
    assert upload(office, b"a,b", "text/csv").status_code == 415


def test_an_upload_that_is_too_large_is_refused_and_leaves_nothing(office, settings):
    settings.UPLOAD_LIMIT_BYTES = 10

    assert upload(office, parquet(ROW)).status_code == 413
    assert not list(settings.WORKSPACE.uploads.iterdir())


def test_nothing_is_left_of_an_upload_that_is_over(office, settings):
    finish(office, upload(office, parquet(ROW)))
    upload(office, parquet(ROW | {"site": "NOWHERE"}))

    assert not list(settings.WORKSPACE.uploads.iterdir())


def test_an_upload_with_a_key_comes_once_and_is_read_once(office, monkeypatch):
    from linyin.inventory.web import uploads
    from linyin.platform.models import Job

    options = {"content_type": PARQUET, "idempotency_key": "u"}
    path = "activities/bulk?source=fleet"
    first = office.post(path, parquet(ROW), **options)
    monkeypatch.delattr(uploads, "parse_file")
    second = office.post(path, parquet(ROW), **options)
    other = office.post(path, parquet(ROW | {"quantity": 1.0}), **options)

    assert first.json()["id"] == second.json()["id"]
    assert other.status_code == 422
    assert Job.objects.filter(kind="inventory.upload").count() == 1


def test_whoever_may_not_enter_activities_uploads_nothing(caller_of, settings):
    answer = upload(caller_of("reader"), parquet(ROW))

    assert answer.status_code == 403
    assert not list(settings.WORKSPACE.uploads.iterdir())


def test_webhooks_are_told(office):
    from linyin.organization.web.models import Node
    from linyin.platform.models import Delivery, Destination, Webhook

    erp = Destination.objects.create(name="d", url="http://127.0.0.1:1", purpose="test")
    Webhook.objects.create(
        name="w", destination=erp, node=Node.objects.get(code="E"), events="activities.posted",
        secret="s" * 16,
    )  # fmt: skip
    finish(office, upload(office, parquet(ROW, ROW | {"external_id": "u2", "site": "T"})))

    assert [(d.event, d.node) for d in Delivery.objects.all()] == [("activities.posted", "S")]


@pytest.mark.parametrize(("write", "media"), [(parquet, PARQUET), (arrow, ARROW)])
def test_a_quantity_that_is_not_a_number_is_missing_and_never_zero(office, write, media):
    body = write(ROW, ROW | {"external_id": "u2", "quantity": float("nan")})
    refused = upload(office, body, media)
    assert refused.status_code == 422
    (finding,) = refused.json()["findings"]
    assert finding["code"] == "value-missing"
    assert finding["where"]["column"] == "quantity"
    assert rows_of() == {}


@pytest.mark.parametrize("broken", [b"PAR1 is not all of it", None])
def test_the_file_is_called_by_its_source_and_not_by_where_it_lies(office, broken):
    import duckdb

    from linyin.platform.derived import current_activities

    body = parquet(ROW | {"unit": "furlong"}) if broken is None else broken
    refused = upload(office, body)
    assert refused.status_code == 422
    assert {finding["where"]["file"] for finding in refused.json()["findings"]} == {"fleet"}
    finish(office, upload(office, parquet(ROW)))
    read = f"read_parquet('{current_activities()}')"
    asked = f"SELECT DISTINCT _file FROM {read} WHERE source = 'fleet'"
    assert duckdb.sql(asked).fetchall() == [("fleet",)]
