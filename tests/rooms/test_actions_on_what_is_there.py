"""An action is done to its subject as it is stored, not as somebody has read it before."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from linyin.lake import BadInput, Finding

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(enterprise):
    from linyin.inventory.web.calculating import calculate

    return calculate(enterprise.actor("carbon_office"), "G", [2023])[0]


@pytest.fixture
def finding(run):
    from linyin.inventory.web.models import RunFinding

    return RunFinding.objects.create(
        run=run, code="factor-draft", severity="warning",
        finding=Finding("factor-draft", "warning", fields={"factor": "f"}).to_dict(),
    )  # fmt: skip


def read_twice(record):
    return [type(record).objects.get(pk=record.pk) for _ in range(2)]


def test_what_is_settled_already_is_not_settled_again_by_who_read_it_open(enterprise, finding):
    from linyin.inventory.web.actions import settle_finding

    first, second = read_twice(finding)
    settle_finding(enterprise.actor("carbon_office"), first, comment="looked into")

    with pytest.raises(BadInput) as refused:
        settle_finding(enterprise.actor("carbon_office", name="second"), second, comment="mine")

    assert [f.code for f in refused.value.findings] == ["finding-not-open"]
    finding.refresh_from_db()
    assert (finding.comment, finding.version) == ("looked into", 2)


def test_the_trail_tells_from_what_was_stored_and_a_later_change_stays(enterprise, run):
    from linyin.inventory.web.actions import lock_run, unlock_run
    from linyin.platform.models import AuditEvent

    office = enterprise.actor("carbon_office")
    first, second = read_twice(run)
    lock_run(office, first)

    unlock_run(office, second, comment="too early")

    event = AuditEvent.objects.filter(action="inventory.unlock_run").get()
    assert (event.before["state"], event.after["state"]) == ("locked", "draft")
    assert event.after["version"] == 3


def test_to_a_record_that_is_gone_nothing_is_done(enterprise, finding):
    from linyin.inventory.web.actions import settle_finding
    from linyin.platform.models import AuditEvent

    read, _ = read_twice(finding)
    finding.delete()

    with pytest.raises(Http404):
        settle_finding(enterprise.actor("carbon_office"), read, comment="looked into")

    assert not AuditEvent.objects.filter(action="inventory.settle_finding").exists()


def test_who_loses_the_node_of_a_record_meanwhile_may_not_act_on_it(enterprise):
    from linyin.organization.web.models import Metric, Node
    from linyin.platform.resources import RESOURCES

    metrics, office = RESOURCES["metrics"], enterprise.actor("carbon_office")
    nodes = {node.code: node for node in Node.objects.all()}
    made = metrics.create(office, values={
        "node": nodes["A"], "metric": "heads", "begin": "2023-01-01", "end": "2024-01-01",
        "value": 7, "unit": "1",
    })  # fmt: skip
    read, moved = read_twice(made)
    metrics.update(office, moved, values={"node": nodes["B"]}, version=1)

    with pytest.raises(PermissionDenied):
        metrics.delete(enterprise.actor("entity_manager", "A"), read, version=2)

    assert Metric.objects.filter(pk=made.pk).exists()


def test_a_form_carries_what_was_seen_and_shows_what_has_changed_since(enterprise, finding):
    from linyin.inventory.web.actions import reopen_finding, settle_finding

    client, office = enterprise.client("carbon_office"), enterprise.actor("carbon_office")
    address = f"/inventory/run-findings/{finding.pk}/do/inventory.settle_finding/"
    shown = client.get(address).context["form"]
    assert shown["version"].value() == 1
    settle_finding(office, finding, comment="theirs")
    reopen_finding(office, finding, comment="not done")

    answer = client.post(address, {"version": "1", "comment": "mine"})

    assert answer.status_code == 409
    assert "not done" in answer.content.decode()
    assert answer.context["form"]["version"].value() == "3"
    finding.refresh_from_db()
    assert (finding.state, finding.comment) == ("open", "not done")
    client.post(address, {"version": "3", "comment": "mine"})
    finding.refresh_from_db()
    assert (finding.state, finding.comment) == ("closed", "mine")


def test_a_request_may_state_what_it_has_seen(enterprise, run):
    from linyin.inventory.web.actions import lock_run, unlock_run

    office = enterprise.actor("carbon_office")
    client = enterprise.client("carbon_office")
    lock_run(office, run)
    unlock_run(office, run, comment="too early")

    answer = client.post(
        f"/api/v1/runs/{run.pk}/lock_run", {"version": 1}, content_type="application/json"
    )

    assert answer.status_code == 409, answer.content
    assert answer.json()["code"] == "stale"
    assert answer.json()["version"] == 3
    run.refresh_from_db()
    assert run.state == "draft"


def test_a_publication_that_broke_off_is_published_again(enterprise, run, monkeypatch):
    from linyin.inventory import Inventory
    from linyin.inventory.web import actions

    office = enterprise.actor("carbon_office")
    actions.lock_run(office, run)
    for level in run.levels:
        role = {"data": "data_owner", "entity": "entity_manager", "office": "carbon_office"}
        other = enterprise.actor(role.get(level, "committee"), name=f"second {level}")
        actions.approve_run(other, run)

    def die(*_):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(actions, "tell_of_run", die)
        with pytest.raises(SystemExit):
            actions.publish_run(office, run)
    run.refresh_from_db()
    assert (run.state, Inventory(run.path).run["state"]) == ("approved", "published")

    actions.publish_run(office, run)

    run.refresh_from_db()
    assert run.state == "published"
    Inventory(run.path).verify()
    with pytest.raises(BadInput) as refused:
        actions.publish_run(office, run)
    assert [f.code for f in refused.value.findings] == ["run-not-approved"]


def test_what_is_written_while_the_trail_is_verified_is_no_fault_of_it(
    enterprise, run, monkeypatch
):
    from linyin.inventory.web.actions import lock_run, unlock_run
    from linyin.platform import audit

    office = enterprise.actor("carbon_office")
    hashed = audit._hash
    written = []

    def slow(event):
        if not written:
            written.append(event)
            lock_run(office, run)
            unlock_run(office, run, comment="too early")
        return hashed(event)

    monkeypatch.setattr(audit, "_hash", slow)

    assert list(audit.verify()) == []
    assert written
    assert list(audit.verify()) == []
