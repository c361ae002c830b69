"""The rules by the API: what holds, and a change of all of it by version and with a reason."""

from __future__ import annotations

import pytest


def test_rules_are_read_changed_and_kept_where_the_change_is_wrong_or_stale(office):
    before = office.get("rules").json()
    config = before["config"] | {"base_year": {"year": 2022, "reason": "the first full year"}}
    sent = {"config": config, "version": before["version"], "reason": "decided by the committee"}

    changed = office.call("PUT", "rules", sent)
    stale = office.call("PUT", "rules", sent)
    wrong = office.call(
        "PUT", "rules", sent | {"version": before["version"] + 1, "config": {"base_yaer": {}}}
    )

    assert changed.status_code == 200
    assert changed.json()["config"] == config
    assert changed.json()["version"] == before["version"] + 1
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert stale.json()["version"] == before["version"] + 1
    assert (wrong.status_code, wrong.json()["where"]) == (422, "base_yaer")
    assert "base_year" in wrong.json()["detail"]
    assert office.get("rules").json()["config"] == config


@pytest.mark.parametrize(
    ("config", "where"),
    [
        ({"inventory": 3}, "inventory"),
        ({"inventory": {"factors_as_of": "soon"}}, "inventory.factors_as_of"),
        ({"inventory": {"approach": None}}, "inventory.approach"),
        ({"base_year": {"year": 20230}}, "base_year.year"),
        ({"policies": {"residual": []}}, "policies.residual"),
        ({"report": {"contact": "a\0b"}}, "report.contact"),
        ({"exclusions": [{"line": "3.1", "estimate_t": "many"}]}, "exclusions"),
        ({"exclusions": {"line": "3.1"}}, "exclusions"),
    ],
)
def test_what_is_wrong_is_named_by_its_key(office, config, where):
    version = office.get("rules").json()["version"]

    wrong = office.call("PUT", "rules", {"config": config, "version": version, "reason": "x"})

    assert (wrong.status_code, wrong.json()["where"]) == (422, where)


def test_who_sees_one_entity_reads_the_rules_and_changes_none(caller_of):
    caller = caller_of("carbon_office")
    before = caller.get("rules").json()

    refused = caller.call(
        "PUT", "rules", {"config": {}, "version": before["version"], "reason": "x"}
    )

    assert refused.status_code == 403
    assert caller.get("rules").json() == before
