"""What the API refuses whatever it is asked about: methods, texts that nobody would read."""

from __future__ import annotations

import pytest

LONG = "x" * 10_001


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "This address takes GET, and nothing else."), ("zh", "此地址只接受 GET。")],
)
def test_a_method_that_an_address_does_not_take_is_a_problem(office, language, told):
    refused = office.call("PUT", "audit", {}, accept_language=language)

    assert (refused.status_code, refused["Allow"]) == (405, "GET")
    assert refused["Content-Type"] == "application/problem+json"
    assert (refused.json()["code"], refused.json()["detail"]) == ("method", told)


def test_a_text_that_nobody_would_read_is_told_at_its_field_whatever_the_way(company, office):
    from linyin.inventory.web.actions import lock_run
    from linyin.inventory.web.models import RunRecord
    from linyin.lake import BadInput
    from linyin.platform.actor import Actor

    run = RunRecord.objects.filter(node__code="E").get()

    by_api = office.post(f"runs/{run.pk}/lock_run", {"comment": LONG})
    with pytest.raises(BadInput, match="10001 characters") as by_python:
        lock_run(Actor(None, "cli", is_operator=True), run, comment=LONG)

    assert (by_api.status_code, by_api.json()["where"]) == (422, "comment")
    assert [f.at.column for f in by_python.value.findings] == ["comment"]
    run.refresh_from_db()
    assert run.state == "draft"


@pytest.mark.parametrize("name", [".", "..", "a/b.csv", "%00.csv", ""])
def test_a_file_that_has_no_name_is_told_at_its_name(office, name):
    for path in ("documents?node=S", "imports?node=S", "metrics/import?dry_run=true"):
        refused = office.post(f"{path}&name={name}", b"a,b", content_type="text/csv")

        assert (refused.status_code, refused.json()["where"]) == (422, "name"), path
