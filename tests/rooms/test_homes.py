"""Home answers each role: where do we stand, what must I do, can I trust it?"""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def year_before(folder):
    """Half as much electricity at one site in 2022."""
    for month in range(1, 13):
        folder.add(
            "activities", external_id=f"A1-2022-{month}", site="A1", source_type="electricity",
            item="electricity", period=f"2022-{month:02}", quantity=50, unit="MWh",
            status="invoiced",
        )  # fmt: skip


@pytest.fixture
def calculated(year_before, enterprise):
    from linyin.inventory.web.calculating import calculate

    calculate(enterprise.actor("carbon_office", name="preparer"), "G", [2022, 2023])
    return enterprise


# A token may hold what a test looks for.
BY_CHANCE = re.compile(r'csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken[^}]*}')


def page(enterprise, role, node="G"):
    answer = enterprise.client(role, node).get("/", HTTP_ACCEPT_LANGUAGE="en")
    return BY_CHANCE.sub("", answer.content.decode())


def test_the_carbon_office_sees_what_moved_the_total_and_which_months_are_missing(calculated):
    shown = page(calculated, "carbon_office")

    assert "Causes of the change" in shown
    assert "Site-months that are missing, 2024" in shown
    assert "Jan – Dec" in shown


def test_an_entity_manager_decides_from_home(calculated):
    from linyin.inventory.web.actions import approve_run, lock_run
    from linyin.inventory.web.models import RunRecord
    from linyin.platform.models import Approval

    run = RunRecord.objects.get(year=2023)
    assert "Approve" not in page(calculated, "entity_manager")
    lock_run(calculated.actor("carbon_office"), run)
    approve_run(calculated.actor("data_owner", name="second"), run)
    shown = page(calculated, "entity_manager")

    assert f"/inventory/runs/{run.pk}/do/inventory.approve_run/" in shown
    assert "Lines that moved most since 2022" in shown

    client = calculated.client("entity_manager")
    approve, give_back = re.findall(r'formaction="([^"]+)"', shown)
    assert client.get("/?year=2023").status_code == 200
    refused = client.post(give_back, {"comment": "", "next": "/?year=2023"})
    assert (refused.status_code, run.state) == (422, "locked")
    done = client.post(approve, {"comment": "seen", "next": "/?year=2023"})
    assert (done.status_code, done.url) == (302, "/?year=2023")
    assert Approval.objects.filter(level="entity", comment="seen").count() == 1
    assert "decision-comment" not in page(calculated, "entity_manager")


def test_who_has_several_roles_changes_between_them_in_the_same_year(calculated):
    from linyin.organization.web.models import Node
    from linyin.platform.models import Grant

    client = calculated.client("carbon_office")
    person = calculated.actor("carbon_office").person
    Grant.objects.create(person=person, role="reader", node=Node.objects.get(code="G"))
    shown = client.get("/?year=2022&role=reader").content.decode()

    assert 'href="/?year=2022&amp;role=carbon_office"' in shown


def test_verifiers_owners_and_administrators_have_a_main_chart(calculated):
    from linyin.platform.models import Job

    Job.objects.create(kind="runs", state="done", ended_at=timezone.now())
    Job.objects.create(kind="runs", state="failed", ended_at=timezone.now())
    machine = page(calculated, "administrator")

    assert "Jobs a day" in machine
    assert "In order" in machine
    assert 'id="chart-jobs-option"' in machine
    assert machine.index("In order") < machine.index("Jobs a day") < machine.index("People")
    assert 'id="chart-months-option"' in page(calculated, "data_owner", "B1")


def test_who_reaches_a_part_is_told_no_causes_of_the_whole(calculated):
    shown = page(calculated, "entity_manager", "A")

    assert "Emissions by scope" in shown
    assert "Lines that moved most" not in shown
    assert "Causes of the change" not in shown


def test_a_data_owner_is_told_how_many_sources_of_the_month_are_in(calculated):
    shown = page(calculated, "data_owner", "B1")

    assert "0 / 1" in shown
    assert "January 2024" in shown
    assert "1 still missing" in shown


def test_an_administrator_is_told_what_the_machine_lacks(calculated):
    from linyin.platform.actor import Actor
    from linyin.platform.audit import BACKUP, record_event
    from linyin.platform.chores import verify_audit
    from linyin.platform.models import AuditEvent, WorkerBeat

    before = page(calculated, "administrator")
    assert before.count("never") == 7  # worker and backup, as figures and tasks too; the trail

    WorkerBeat.objects.create(name="w", seen_at=timezone.now())
    with transaction.atomic():
        record_event(Actor(None, "cli", is_operator=True), BACKUP, key="b.zip", after={"rows": 1})
    assert page(calculated, "administrator").count("never") == 1

    assert verify_audit(_Context()) == {"faults": 0, "first": None}
    AuditEvent.objects.filter(number=2).update(who="somebody else")
    assert verify_audit(_Context())["first"] == 2


def test_a_backup_of_last_week_is_no_backup(calculated):
    from linyin.platform.actor import Actor
    from linyin.platform.audit import BACKUP, record_event
    from linyin.platform.models import AuditEvent

    with transaction.atomic():
        record_event(Actor(None, "cli", is_operator=True), BACKUP, key="b.zip", after={"rows": 1})
    fresh = page(calculated, "administrator").count("needs attention")
    AuditEvent.objects.filter(action=BACKUP).update(at=timezone.now() - timedelta(days=8))

    assert page(calculated, "administrator").count("needs attention") == fresh + 1


def test_who_has_a_role_on_a_part_sees_nothing_of_the_rest(calculated):
    assert "B1" not in page(calculated, "data_owner", "A1")


class _Context:
    def step(self, name):
        """Steps are for progress."""


@pytest.mark.parametrize(
    ("seconds", "served", "warned"),
    [(None, 5, False), (None, 31, True), (5, 60, False), (31, 60, True)],
)
def test_pages_warn_when_no_worker_has_reported_for_half_a_minute(
    enterprise, monkeypatch, seconds, served, warned
):
    from datetime import timedelta

    from django.utils import timezone

    from linyin.platform import choosers
    from linyin.platform.models import WorkerBeat

    monkeypatch.setattr(choosers, "BEGUN", timezone.now() - timedelta(seconds=served))
    if seconds is not None:
        seen = timezone.now() - timedelta(seconds=seconds)
        WorkerBeat.objects.create(name="w", seen_at=seen)
    page = enterprise.client("reader").get("/inventory/runs/").content.decode()

    assert ("No worker has reported for 30 seconds" in page) == warned


def test_what_moved_the_total_is_worked_out_with_the_run(enterprise, monkeypatch):
    from linyin.inventory.web import causes
    from linyin.inventory.web.actions import request_runs
    from linyin.organization.web.models import Node
    from linyin.platform.models import Job
    from linyin.platform.words import say
    from linyin.platform.work.run import run

    office = enterprise.actor("carbon_office")
    job = request_runs(office, node=Node.objects.get(code="G"), years=[2022, 2023])
    run(job.pk)
    assert Job.objects.get(pk=job.pk).error is None

    def work_out(*_, **__):
        pytest.fail("home waits")

    monkeypatch.setattr(causes, "diff_inventories", work_out)
    home = enterprise.client("carbon_office").get("/")

    assert home.status_code == 200
    assert home.context["home"].main.title == say("run.compare.causes")
