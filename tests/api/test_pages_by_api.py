"""What pages do beside lists and forms, by the API: imports, comparison, approvals, people."""

from __future__ import annotations

import pytest

from linyin.lake import BadInput

CSV = "编号,场所,类型,燃料,期间,数量（L）\nu1,{site},mobile_combustion,diesel,2023-05,{quantity}\n"
MAPPING = {
    "编号": "external_id", "场所": "site", "类型": "source_type", "燃料": "item",
    "期间": "period", "数量（L）": "quantity",
}  # fmt: skip


def import_file(caller, *, site="S", quantity="10", node="S"):
    body = CSV.format(site=site, quantity=quantity).encode()
    path = f"imports?node={node}&name=fuel.csv&source=fuel"
    return caller.post(path, body, content_type="application/octet-stream")


def finish(caller, answer):
    """Run the job that an answer names, and return how it stands then."""
    from linyin.platform.work.run import run

    assert answer.status_code == 202, answer.content
    run(answer.json()["id"])
    return caller.get(f"jobs/{answer.json()['id']}").json()


def quantities():
    import duckdb

    from linyin.lake import current_revisions
    from linyin.ledger import ACTIVITIES
    from linyin.platform.lake import workspace_lake

    with duckdb.connect() as connection:
        there = current_revisions(workspace_lake(), ACTIVITIES)
        query = f"SELECT external_id, quantity FROM ({there}) WHERE source = 'fuel'"
        return dict(connection.sql(query).fetchall())


def test_a_file_is_uploaded_mapped_checked_committed_and_undone(office):
    made = import_file(office)
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    assert made["Location"] == f"/api/v1/imports/{key}"
    read = office.get(f"imports/{key}/mapping").json()
    assert [header["header"] for header in read["headers"]] == list(MAPPING)
    assert set(MAPPING.values()) <= set(read["columns"])

    job = finish(office, office.post(f"imports/{key}/check", {"mapping": MAPPING}))
    assert job["state"] == "done", job
    checked = office.get(f"imports/{key}/check").json()
    assert (checked["state"], checked["counts"]["new"], checked["findings"]) == ("checked", 1, [])
    assert quantities() == {}

    assert (
        finish(office, office.post(f"imports/{key}/commit", {"reason": "May"}))["state"] == "done"
    )
    assert quantities() == {"u1": 10.0}
    undone = finish(office, office.post(f"imports/{key}/undo_import", {"reason": "wrong month"}))
    assert undone["state"] == "done"
    assert office.get(f"imports/{key}").json()["state"] == "undone"
    assert quantities() == {}


def test_what_is_wrong_with_a_file_is_told_row_by_row_and_stops_it(office):
    key = import_file(office, quantity="ten").json()["id"]
    finish(office, office.post(f"imports/{key}/check", {"mapping": MAPPING}))

    checked = office.get(f"imports/{key}/check").json()

    assert checked["counts"]["errors"] == len(checked["findings"]) == 1
    wrong = office.get(f"imports/{key}/wrong-rows")
    assert wrong["Content-Type"].startswith("text/csv")
    assert wrong.content.decode("utf-8-sig").splitlines()[0].endswith("What is wrong")
    assert "ten" in wrong.content.decode()
    assert checked["findings"][0]["where"]["row"] == 2
    assert "ten" in checked["findings"][0]["detail"]
    refused = office.post(f"imports/{key}/commit")
    assert (refused.status_code, refused.json()["code"]) == (409, "import-has-errors")


def test_wrong_rows_are_mended_or_left_out_and_the_file_stays(office):
    key = import_file(office, quantity="ten").json()["id"]
    finish(office, office.post(f"imports/{key}/check", {"mapping": MAPPING}))
    sha256 = office.get(f"imports/{key}").json()["sha256"]
    (quantity,) = (header for header, column in MAPPING.items() if column == "quantity")
    row = {"row": 2, "cells": {quantity: "10"}}

    unknown = office.post(f"imports/{key}/mend", {"rows": [{**row, "row": 3}]})
    assert (unknown.status_code, unknown.json()["code"]) == (409, "import-row-not-wrong")
    header = office.post(f"imports/{key}/mend", {"rows": [{"row": 2, "cells": {"kWh": "1"}}]})
    assert (header.status_code, header.json()["code"]) == (409, "import-header-unknown")
    job = finish(office, office.post(f"imports/{key}/mend", {"rows": [row]}))
    assert job["state"] == "done", job
    checked = office.get(f"imports/{key}/check").json()
    assert (checked["findings"], checked["counts"]["new"]) == ([], 1)
    assert finish(office, office.post(f"imports/{key}/commit"))["state"] == "done"

    assert quantities() == {"u1": 10.0}
    assert office.get(f"imports/{key}").json()["sha256"] == sha256


def test_an_import_with_a_key_is_made_once_and_read_once(office, monkeypatch, settings):
    from linyin.inventory.web.imports import checking
    from linyin.inventory.web.models import Import

    body = CSV.format(site="S", quantity="1").encode()
    headers = {"content_type": "application/octet-stream", "idempotency_key": "once"}
    first = office.post("imports?node=S&name=fuel.csv", body, **headers)
    monkeypatch.delattr(checking, "parse_file")
    again = office.post("imports?node=S&name=fuel.csv", body, **headers)
    other = office.post("imports?node=S&name=fuel.csv", body + b" ", **headers)

    assert (first.status_code, again.json()) == (201, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "key-of-another")
    assert Import.objects.count() == 1
    assert list(settings.WORKSPACE.uploads.iterdir()) == [Import.objects.get().folder]


@pytest.mark.parametrize("stated", [{"mapping": {"没有": "site"}}, {"mapping": {"场所": "nothing"}},
                                    {"constants": {"nothing": "x"}}])  # fmt: skip
def test_a_mapping_of_what_is_not_there_is_refused(office, stated):
    key = import_file(office).json()["id"]
    refused = office.post(f"imports/{key}/check", stated)
    assert (refused.status_code, refused.json()["code"]) == (422, "record-unknown")


def test_a_file_of_no_known_kind_leaves_nothing(office, settings):
    from linyin.inventory.web.models import Import

    answer = office.post(
        "imports?node=S&name=a.exe", b"MZ", content_type="application/octet-stream"
    )

    assert answer.status_code in (409, 422)
    assert not Import.objects.exists()
    assert not list(settings.WORKSPACE.uploads.iterdir())


def test_an_import_out_of_reach_is_refused(caller_of):
    owner = caller_of("data_owner")
    assert import_file(owner, node="T").json()["where"] == "node"
    key = import_file(owner, site="T").json()["id"]
    finish(owner, owner.post(f"imports/{key}/check", {"mapping": MAPPING}))
    found = owner.get(f"imports/{key}/check").json()["findings"]
    assert [f["code"] for f in found] == ["site-unknown"]


def run_of(code):
    from linyin.inventory.web.models import RunRecord

    return RunRecord.objects.get(node__code=code)


def test_the_causes_between_two_runs_add_up_to_the_change(office):
    before, after = run_of("F"), run_of("G")
    told = office.get(f"runs/{after.pk}/compare/{before.pk}").json()

    assert (told["before"]["total_mg"], told["after"]["total_mg"]) == ("7500000000", "15000000000")
    assert sum(int(mg) for mg in told["causes"].values()) == int(told["change_mg"]) == 7_500_000_000


def test_a_run_is_not_compared_with_one_out_of_reach(caller_of):
    reader = caller_of("reader")
    assert reader.get(f"runs/{run_of('E').pk}/compare/{run_of('F').pk}").status_code == 404


def test_how_far_the_base_year_has_moved_is_told_once_it_was_assessed(office):
    from linyin.inventory.web.baseyear import assess
    from linyin.inventory.web.models import Settings

    run = run_of("E")
    refused = office.post(f"runs/{run.pk}/assess_base_year")
    code = "assessment-base-year-unset"
    assert (refused.status_code, refused.json()["code"]) == (409, code)
    settings = Settings.now()
    settings.config |= {"base_year": {"year": run.year}}
    settings.config["inventory"] |= {"approach": run.approach, "gwp": run.gwp}
    settings.save()

    assert office.post(f"runs/{run.pk}/assess_base_year").status_code == 202
    assert office.get(f"runs/{run.pk}/base-year").json() == {
        "run": str(run.pk), "assessment": None,
    }  # fmt: skip
    assess(run)
    told = office.get(f"runs/{run.pk}/base-year").json()["assessment"]

    assert (told["base_year"], told["changes"]) == (run.year, [])
    assert told["stated_mg"] == told["restated_mg"] != "0"
    assert not told["needs_restatement"]


def test_who_approved_a_run_and_who_is_next_is_told(office, caller_of):
    run = run_of("E")
    caller_of("carbon_office").post(f"runs/{run.pk}/lock_run")
    assert office.get(f"runs/{run.pk}/approvals").json() == {
        "levels": ["data", "entity", "office", "committee"], "next_level": "data", "items": [],
    }  # fmt: skip

    approved = caller_of("data_owner").post(f"runs/{run.pk}/approve_run", {"comment": "seen"})
    assert approved.status_code == 200, approved.content

    told = office.get(f"runs/{run.pk}/approvals").json()
    assert told["next_level"] == "entity"
    assert [(d["level"], d["person"], d["comment"]) for d in told["items"]] == [
        ("data", "data_owner", "seen")
    ]


def test_the_factors_of_a_run_carry_all_its_emissions_and_their_sources(office):
    run = run_of("E")
    used = office.get(f"runs/{run.pk}/factors").json()["items"]

    assert sum(int(one["co2e_mg"]) for one in used) == 7_500_000_000
    assert all(one["factor"]["publisher"] for one in used)


def test_somebody_is_invited_once_and_only_by_an_administrator(caller_of):
    from linyin.platform.models import Person

    stated = {"email": "new@company.example", "name": "New", "language": "zh-hans"}
    assert caller_of("carbon_office").post("people", stated).status_code == 403
    administrator = caller_of("administrator")
    made = administrator.post("people", stated)
    assert (made.status_code, made.json()["email"]) == (201, "new@company.example")
    again = administrator.post("people", stated)
    assert (again.status_code, again.json()["code"]) == (409, "person-known")
    assert not Person.objects.get(email="new@company.example").has_usable_password()


def test_a_role_without_a_node_invites_nobody(company):
    from linyin.platform.actor import Actor
    from linyin.platform.invitations import invite_person
    from linyin.platform.models import Person

    operator = Actor(None, "cli", is_operator=True)
    with pytest.raises(BadInput, match="state both, or neither"):
        invite_person(operator, email="half@company.example", name="Half", role="reader")

    assert not Person.objects.filter(email="half@company.example").exists()


@pytest.mark.parametrize("path", ["nodes?kindd=site", "runs?nope=1", "activities?sit=A1"])
def test_a_filter_that_a_list_does_not_know_is_refused_not_passed_over(office, path):
    answer = office.get(path)

    assert (answer.status_code, answer.json()["code"]) == (422, "filter-unknown")
    name = path.partition("?")[2].partition("=")[0]
    assert name in answer.json()["detail"]
    assert office.get(f"runs/{run_of('E').pk}/entries?{name}=1").status_code == 422
