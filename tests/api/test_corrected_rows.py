"""Single rows of activities over the API: what they said, corrected, removed, brought back."""

from __future__ import annotations

import pytest

CORRECT = {"values": {"quantity": "123.5"}, "revision": 1, "reason": "the bill says so"}


@pytest.fixture
def row(office):
    """A row of activities, as the list gives it."""
    return office.get("activities?size=1").json()["items"][0]


def path_of(row, verb=""):
    return f"activities/{row['id']}" + (f"/{verb}" if verb else "")


def test_a_row_is_corrected_and_tells_its_revisions(office, row):
    done = office.post(path_of(row, "correct"), CORRECT)
    assert done.status_code == 200, done.text
    first, second = done.json()["revisions"]
    assert (second["revision"], second["reason"]) == (2, CORRECT["reason"])
    assert second["row"] == first["row"] | {"quantity": "123.5", "reason": CORRECT["reason"]}
    assert office.get(path_of(row)).json()["quantity"] == "123.5"
    assert office.get(path_of(row, "revisions")).json() == done.json()


def test_the_same_request_again_is_answered_and_not_done_again(office, row):
    sent = [office.post(path_of(row, "correct"), CORRECT, idempotency_key="c1") for _ in range(2)]
    assert sent[0].json() == sent[1].json()
    assert len(office.get(path_of(row, "revisions")).json()["revisions"]) == 2


@pytest.mark.parametrize("verb", ["correct", "remove"])
def test_another_revision_than_was_seen_is_refused(office, row, verb):
    office.post(path_of(row, "correct"), CORRECT)
    body = CORRECT if verb == "correct" else {"revision": 1, "reason": "x"}
    late = office.post(path_of(row, verb), body)
    assert (late.status_code, late.json()["code"]) == (409, "row-stale")
    assert late.json()["where"] == "revision"


def test_a_row_is_removed_and_comes_back_when_it_is_corrected(office, row):
    gone = office.post(path_of(row, "remove"), {"revision": 1, "reason": "typed twice"})
    assert gone.json()["revisions"][-1]["is_removed"]
    assert office.get(path_of(row)).status_code == 404
    again = office.post(path_of(row, "remove"), {"revision": 2, "reason": "typed twice"})
    assert (again.status_code, again.json()["code"]) == (409, "row-removed")
    back = office.post(path_of(row, "correct"), {"values": {}, "revision": 2, "reason": "it was"})
    assert not back.json()["revisions"][-1]["is_removed"]
    assert office.get(path_of(row)).json()["quantity"] == row["quantity"]


def test_what_is_wrong_is_told_by_column_and_nothing_is_posted(office, row):
    wrong = {"quantity": "many", "unit": "furlong", "kind": "reversal"}
    for name, text in wrong.items():
        answer = office.post(path_of(row, "correct"), CORRECT | {"values": {name: text}})
        assert answer.status_code == 422, (name, answer.text)
        assert answer.json()["findings"][0]["where"]["column"] == name
    assert len(office.get(path_of(row, "revisions")).json()["revisions"]) == 1


def test_days_may_be_written_as_files_may_write_them(office, row):
    stated = {"begin": "2023/1/1", "end": "2024年1月1日"}
    done = office.post(path_of(row, "correct"), CORRECT | {"values": stated})
    assert done.status_code == 200, done.text
    now = done.json()["revisions"][-1]["row"]
    assert (now["begin"], now["end"]) == ("2023-01-01", "2024-01-01")


def test_a_reader_reads_revisions_and_changes_nothing(caller_of, office, row):
    reader = caller_of("reader")
    assert reader.get(path_of(row, "revisions")).status_code in (200, 404)
    assert reader.post(path_of(row, "correct"), CORRECT).status_code == 403
    assert reader.post(path_of(row, "remove"), {"revision": 1, "reason": "x"}).status_code == 403
    assert office.get("activities/none~none/revisions").status_code == 404
