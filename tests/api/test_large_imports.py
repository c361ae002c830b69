"""A large file that is imported over the API: kept at once, its headers read by a job."""

from __future__ import annotations

import pytest

ROWS = b"Ref,Where,Month,kWh\n1,S,2023-01,5\n"


@pytest.fixture
def large(office, monkeypatch):
    """The address of an import that was sent as if it were large."""
    from linyin.inventory.web.imports import api

    monkeypatch.setattr(api, "READ_AT_ONCE", 10)
    sent = office.post("imports?node=S&name=meters.csv", ROWS, content_type="text/csv")
    assert sent.status_code == 201, sent.text
    return f"imports/{sent.json()['id']}"


def test_the_headers_of_a_large_file_are_read_by_a_job(office, large):
    from linyin.platform.models import Job
    from linyin.platform.work.run import run

    before = office.get(f"{large}/mapping").json()
    assert (before["is_read"], before["headers"]) == (False, [])
    early = office.post(f"{large}/check", {"mapping": {"Ref": "external_id"}})
    assert (early.status_code, early.json()["code"]) == (409, "import-not-read")

    run(Job.objects.get(kind="inventory.read_import").pk)

    after = office.get(f"{large}/mapping").json()
    assert after["is_read"]
    assert [header["header"] for header in after["headers"]] == ["Ref", "Where", "Month", "kWh"]
    assert after["mapping"]["Month"] == "period"
    assert office.post(f"{large}/check", {}).status_code == 202
