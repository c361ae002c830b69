"""Locking, approving through the levels, publishing: four eyes at every step."""

import pytest
from django.core.exceptions import PermissionDenied

from linyin.inventory import APPROVAL_LEVELS
from linyin.lake import BadInput

pytestmark = pytest.mark.django_db(transaction=True)

ROLES = {
    "data": "data_owner",
    "entity": "entity_manager",
    "office": "carbon_office",
    "committee": "committee",
}


@pytest.fixture
def locked(enterprise):
    from linyin.inventory.web.actions import lock_run
    from linyin.inventory.web.calculating import calculate

    office = enterprise.actor("carbon_office")
    (run,) = calculate(office, "G", [2023])
    return lock_run(office, run)


def codes(error):
    return [finding.code for finding in error.value.findings]


def test_a_run_is_approved_level_by_level_and_then_published(enterprise, locked):
    from linyin.inventory import Inventory
    from linyin.inventory.web.actions import approve_run, next_level, publish_run

    for level in APPROVAL_LEVELS:
        assert next_level(locked) == level
        approve_run(enterprise.actor(ROLES[level], name=f"second {level}"), locked)
    assert locked.state == "approved"

    publish_run(enterprise.actor("carbon_office"), locked)

    published = Inventory(locked.path)
    assert published.run["state"] == "published"
    assert published.run["authenticated"] is True
    assert published.run["approved_by"] == "second committee <second committee-g@test.invalid>"
    published.verify()


def test_a_run_keeps_the_levels_that_the_rules_stated_when_it_was_locked(enterprise, locked):
    from linyin.inventory.web.actions import (
        approve_run,
        lock_run,
        next_level,
        publish_run,
        unlock_run,
    )
    from linyin.inventory.web.models import Settings

    rules, office = Settings.now(), enterprise.actor("carbon_office")
    rules.config = {**rules.config, "approval": {"levels": ["committee"]}}
    rules.save()
    assert next_level(locked) == "data"
    again = lock_run(office, unlock_run(office, locked, comment="two people are enough"))
    client = enterprise.client("reader")
    page = client.get(f"/inventory/runs/{again.pk}/approvals/").content.decode()
    told = client.get(f"/api/v1/runs/{again.pk}/approvals").json()

    with pytest.raises(PermissionDenied):
        approve_run(enterprise.actor("data_owner"), again)
    approve_run(enterprise.actor("committee"), again)
    publish_run(office, again)

    assert again.levels == told["levels"] == ["committee"]
    assert told["next_level"] == "committee"
    assert "Committee" in page
    assert "Data owner" not in page
    assert again.state == "published"


def test_who_prepared_a_run_approves_it_at_no_level(enterprise, locked):
    from linyin.inventory.web.actions import approve_run
    from linyin.organization.web.models import Node
    from linyin.platform.actor import Actor
    from linyin.platform.models import Grant

    office = enterprise.actor("carbon_office").person
    Grant.objects.create(person=office, role="data_owner", node=Node.objects.get(code="G"))

    with pytest.raises(BadInput) as refused:
        approve_run(Actor(office, "web"), locked)

    assert codes(refused) == ["approval-four-eyes"]
    assert locked.state == "locked"


def test_nobody_approves_two_levels(enterprise, locked):
    from linyin.inventory.web.actions import approve_run
    from linyin.organization.web.models import Node
    from linyin.platform.actor import Actor
    from linyin.platform.models import Grant

    owner = enterprise.actor("data_owner").person
    approve_run(Actor(owner, "web"), locked)
    Grant.objects.create(person=owner, role="entity_manager", node=Node.objects.get(code="G"))

    with pytest.raises(BadInput) as refused:
        approve_run(Actor(owner, "web"), locked)

    assert codes(refused) == ["approval-four-eyes"]


def test_a_level_is_approved_by_its_role_on_the_runs_node_only(enterprise, locked):
    from linyin.inventory.web.actions import approve_run
    from linyin.platform.models import Approval, AuditEvent

    before = AuditEvent.objects.count()
    for role, node in (("reader", "G"), ("committee", "G"), ("data_owner", "A")):
        with pytest.raises(PermissionDenied):
            approve_run(enterprise.actor(role, node), locked)

    assert not Approval.objects.exists()
    assert AuditEvent.objects.count() == before


def test_a_returned_run_is_a_draft_again_without_its_approvals(enterprise, locked):
    from linyin.inventory.web.actions import approve_run, next_level, return_run
    from linyin.platform.models import Approval

    approve_run(enterprise.actor("data_owner"), locked)
    return_run(enterprise.actor("entity_manager"), locked, comment="March is missing")

    assert locked.state == "draft"
    assert next_level(locked) == ""
    (kept,) = Approval.objects.all()
    assert (kept.is_granted, kept.comment) == (False, "March is missing")


def test_open_errors_keep_a_run_from_being_locked_until_they_are_settled(enterprise):
    from linyin.inventory.web.actions import lock_run, settle_finding
    from linyin.inventory.web.calculating import calculate
    from linyin.inventory.web.models import RunFinding
    from linyin.lake import Finding

    office = enterprise.actor("carbon_office")
    (run,) = calculate(office, "G", [2023])
    finding = RunFinding.objects.create(
        run=run, code="x", severity="error", finding=Finding("x", "error").to_dict()
    )

    with pytest.raises(BadInput) as refused:
        lock_run(office, run)
    assert codes(refused) == ["run-errors-open"]

    with pytest.raises(BadInput) as own:
        settle_finding(office, finding, comment="mine is right")
    assert codes(own) == ["finding-four-eyes"]
    second = enterprise.actor("carbon_office", name="second office")
    settle_finding(second, finding, comment="checked with the site")
    lock_run(office, run)
    assert run.state == "locked"


def test_what_is_not_approved_is_not_published(enterprise, locked):
    from linyin.inventory.web.actions import publish_run

    with pytest.raises(BadInput) as refused:
        publish_run(enterprise.actor("carbon_office"), locked)

    assert codes(refused) == ["run-not-approved"]
    assert not (locked.path / "published.json").exists()


def test_who_calculated_and_who_locked_a_run_approve_it_at_no_level(enterprise):
    from linyin.inventory.web.actions import approve_run, lock_run
    from linyin.inventory.web.calculating import calculate
    from linyin.organization.web.models import Node
    from linyin.platform.actor import Actor
    from linyin.platform.models import Grant

    first, second = (enterprise.actor("carbon_office", name=name) for name in ("first", "second"))
    (run,) = calculate(first, "G", [2023])
    lock_run(second, run)

    for actor in (first, second):
        Grant.objects.create(
            person=actor.person, role="data_owner", node=Node.objects.get(code="G")
        )
        with pytest.raises(BadInput) as refused:
            approve_run(Actor(actor.person, "web"), run)
        assert codes(refused) == ["approval-four-eyes"]


def published(enterprise, node="G", office_at="G"):
    from linyin.inventory.web.actions import approve_run, lock_run, publish_run
    from linyin.inventory.web.calculating import calculate

    office = enterprise.actor("carbon_office", office_at)
    (run,) = calculate(office, node, [2023])
    lock_run(office, run)
    for level in APPROVAL_LEVELS:
        approve_run(enterprise.actor(ROLES[level], name=f"second {level}"), run)
    publish_run(office, run)
    return run


def test_a_published_run_is_restated_by_a_later_one_and_the_trail_tells_it(enterprise):
    from linyin.inventory.web.actions import approve_run, lock_run, publish_run, request_runs
    from linyin.inventory.web.models import RunRecord
    from linyin.platform.models import AuditEvent

    old, office = published(enterprise), enterprise.actor("carbon_office")
    asked = request_runs(office, node=old.node, years=[2023], reason="a bill", restates=old.pk)
    assert asked.arguments["restates"] == old.pk
    from linyin.inventory.web.calculating import calculate

    (run,) = calculate(office, "G", [2023], reason="a bill", restates=old.pk)
    lock_run(office, run)
    for level, role in ROLES.items():
        approve_run(enterprise.actor(role, name=f"second {level}"), run)
    assert RunRecord.objects.get(pk=old.pk).state == "published"
    publish_run(office, run)

    old.refresh_from_db()
    assert old.state == "superseded"
    event = AuditEvent.objects.get(action="inventory.supersede")
    assert (event.key, event.after["by"], event.reason) == (str(old.pk), run.name, "a bill")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"reason": ""}, "restates-without-reason"),
        ({"years": [2022]}, "restates-another"),
        ({"years": [2022, 2023]}, "restates-another"),
        ({"approach": "equity_share"}, "restates-another"),
        ({"node": "A"}, "restates-another"),
    ],
)
def test_a_restatement_is_of_the_same_question_and_says_why(enterprise, asked, code):
    from linyin.inventory.web.actions import request_runs
    from linyin.organization.web.models import Node
    from linyin.platform.models import Job

    old = published(enterprise)
    stated = {"node": "G", "years": [2023], "reason": "a bill"} | asked
    stated["node"] = Node.objects.get(code=stated["node"])

    with pytest.raises(BadInput) as refused:
        request_runs(enterprise.actor("carbon_office"), **stated, restates=old.pk)

    assert codes(refused) == [code]
    assert not Job.objects.filter(kind="inventory.calculate").exists()


def test_nobody_restates_what_is_out_of_reach_or_not_published(enterprise):
    from linyin.inventory.web.actions import request_runs
    from linyin.inventory.web.calculating import calculate
    from linyin.organization.web.models import Node

    office_of_a, office = (enterprise.actor("carbon_office", code) for code in ("A", "G"))
    (other,) = calculate(office, "B", [2023])
    node, stated = Node.objects.get(code="A"), {"years": [2023], "reason": "mine"}

    with pytest.raises(BadInput) as unseen:
        request_runs(office_of_a, node=node, **stated, restates=other.pk)
    with pytest.raises(BadInput) as draft:
        request_runs(office, node=other.node, **stated, restates=other.pk)
    page = enterprise.client("carbon_office", "A").get(f"/inventory/runs/new/?restates={other.pk}")

    assert codes(unseen) == ["restates-unknown"]
    assert codes(draft) == ["restates-not-published"]
    assert other.name not in page.content.decode()


def test_what_was_found_in_a_published_run_stands(enterprise):
    from linyin.inventory.web.actions import settle_finding
    from linyin.inventory.web.models import RunFinding
    from linyin.lake import Finding

    run = published(enterprise)
    finding = RunFinding.objects.create(
        run=run, code="x", severity="warning", finding=Finding("x", "warning").to_dict()
    )

    with pytest.raises(BadInput) as refused:
        settle_finding(enterprise.actor("carbon_office", name="third"), finding, comment="late")

    assert codes(refused) == ["finding-of-published"]


def told(client, run, page, **asked):
    answer = client.get(f"/inventory/runs/{run.pk}/{page}", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_level_that_waits_names_who_can_decide_and_only_they_get_the_button(enterprise, locked):
    from linyin.inventory.web.actions import approve_run
    from linyin.organization.web.models import Node
    from linyin.platform.models import Grant

    preparer = enterprise.actor("carbon_office").person
    Grant.objects.create(person=preparer, role="data_owner", node=Node.objects.get(code="G"))
    office, owner = enterprise.client("carbon_office"), enterprise.client("data_owner")
    button = "/do/inventory.approve_run/"

    assert "data owner can decide" in told(office, locked, "approvals/")
    assert button not in told(office, locked, "approvals/")
    assert button in told(owner, locked, "approvals/")

    approve_run(enterprise.actor("data_owner"), locked)
    assert "nobody can decide yet" in told(office, locked, "approvals/")
    assert button not in told(owner, locked, "approvals/")


def test_open_warnings_and_what_is_for_ever_are_told_before_it_is_done(enterprise, locked):
    from linyin.inventory.web.actions import approve_run

    warnings = locked.findings.filter(severity="warning", state="open").count()
    assert warnings
    owner, office = enterprise.client("data_owner"), enterprise.client("carbon_office")
    warned = f"{warnings} {'warning is' if warnings == 1 else 'warnings are'} open in this run"

    approving = told(owner, locked, "do/inventory.approve_run/")
    for level in APPROVAL_LEVELS:
        approve_run(enterprise.actor(ROLES[level], name=f"second {level}"), locked)
    publishing = told(office, locked, "do/inventory.publish_run/")

    assert warned in approving
    assert "never changes" not in approving
    assert warned in publishing
    assert "What is published never changes" in publishing


def test_the_period_of_a_run_ends_with_its_last_day(enterprise, locked):
    assert "1 Jan 2023 – 31 Dec 2023" in told(enterprise.client("carbon_office"), locked, "")


def test_the_report_tells_how_far_the_run_is_and_who_answers_for_it(enterprise, locked):
    import json

    from linyin.inventory.web.actions import approve_run, publish_run, request_report
    from linyin.inventory.web.reported import report_file
    from linyin.platform.work.run import run as do

    office = enterprise.actor("carbon_office")

    def told():
        do(request_report(office, locked, kind="json", language="en").pk)
        identity = json.loads(report_file(locked, "json", "en").read_text("utf-8"))["identity"]
        return identity["state"], identity["prepared_by"], identity["approved_by"]

    assert told() == ("locked", "carbon office", "")
    for level in APPROVAL_LEVELS:
        approve_run(enterprise.actor(ROLES[level], name=f"second {level}"), locked)
    everybody = ", ".join(f"second {level}" for level in APPROVAL_LEVELS)
    assert told() == ("approved", "carbon office", everybody)
    publish_run(office, locked)
    locked.refresh_from_db()
    state, _, approved_by = told()
    assert (state, approved_by) == ("published", everybody)


def test_publishing_tells_which_required_items_the_report_lacks(enterprise, locked):
    import json

    from linyin.inventory.web.actions import approve_run, request_report
    from linyin.inventory.web.reported import lacking_of, report_file
    from linyin.platform.work.run import run as do

    office, page = enterprise.actor("carbon_office"), enterprise.client("carbon_office")
    for level in APPROVAL_LEVELS:
        approve_run(enterprise.actor(ROLES[level], name=f"second {level}"), locked)
    assert lacking_of(locked) is None
    assert "No report of this state has been written" in told(
        page, locked, "do/inventory.publish_run/"
    )

    do(request_report(office, locked, kind="json", language="en").pk)

    written = json.loads(report_file(locked, "json", "en").read_text("utf-8"))["checklist"]
    texts = [one["text"] for one in written if one["state"] == "missing"]
    assert texts
    publishing, report = (told(page, locked, p) for p in ("do/inventory.publish_run/", "report/"))
    assert f"The report lacks {len(texts)} required items" in publishing
    assert texts[0] in publishing
    assert all(text in report for text in texts)


def test_a_year_that_is_published_has_no_second_run_beside_it_but_its_restatement(enterprise):
    from linyin.inventory.web.actions import lock_run
    from linyin.inventory.web.calculating import calculate

    first, office = published(enterprise), enterprise.actor("carbon_office")
    (beside,) = calculate(office, "G", [2023])
    (of_another,) = calculate(office, "A", [2023])
    page = enterprise.client("carbon_office").get(f"/inventory/runs/{beside.pk}/")

    with pytest.raises(BadInput) as refused:
        lock_run(office, beside)
    assert codes(refused) == ["run-beside-published"]
    assert beside.state == "draft"
    (told,) = [n for n in page.context["notices"] if "is published" in n.title]
    assert told.button.href.endswith(f"restates={first.pk}")
    assert lock_run(office, of_another).state == "locked"
    (again,) = calculate(office, "G", [2023], reason="a bill came", restates=first.pk)
    assert lock_run(office, again).state == "locked"


def test_locking_warns_of_levels_at_which_nobody_can_approve(enterprise):
    from linyin.inventory.web.actions import lock_run
    from linyin.inventory.web.calculating import calculate

    (run,) = calculate(enterprise.actor("carbon_office"), "G", [2023])
    address = f"/inventory/runs/{run.pk}/do/{lock_run.name}/"
    client = enterprise.client("carbon_office", "G")

    def missing():
        notices = client.get(address).context["notices"]
        return [n.title for n in notices if "Nobody can approve" in n.title]

    (told,) = missing()
    assert told.endswith("Data owner, Entity, Carbon office, Committee")
    for role in ("data_owner", "entity_manager", "committee"):
        enterprise.actor(role, name=f"second {role}")
    assert missing()[0].endswith(": Carbon office")  # who locks does not approve
    enterprise.actor("carbon_office", name="second office")
    assert missing() == []


@pytest.mark.parametrize(
    ("able", "left"),
    [
        ({"a": [1], "b": [1, 2], "c": [2, 3]}, []),
        ({"a": [1, 2], "b": [1], "c": [2]}, ["c"]),
        ({"a": [], "b": [1]}, ["a"]),
        ({"a": [2, 1], "b": [2], "c": [1, 3]}, []),
    ],
)
def test_nobody_decides_at_two_levels(able, left):
    from linyin.inventory.web.matching import unmatched

    assert unmatched(able) == left
