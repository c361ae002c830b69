"""What lists, files and writes of the API hold is within the caller's reach."""

from __future__ import annotations

import csv

import pytest


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

    assert [row["code"] for row in csv.DictReader(text.splitlines())] == ["E", "S"]


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
