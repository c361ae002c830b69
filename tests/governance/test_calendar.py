"""The calendar: planned from the template, seen from the work, told to whom it concerns."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate

from linyin.lake import BadInput

pytestmark = pytest.mark.django_db(transaction=True)


class Context:
    """A job that keeps what it did."""

    def __init__(self):
        self.kept = {}

    def keep(self, key, work):
        self.kept.setdefault(key, work())

    def checkpoint(self):
        pass


def milestone(company, **stated):
    from linyin.governance.web.models import Milestone

    values = {"node": company.nodes["G"], "year": 2024, "kind": "verification", "due": localdate()}
    return Milestone.objects.create(**{**values, **stated})


def test_a_year_is_planned_once_with_the_bodies_that_answer(company):
    from linyin.governance.web.actions import plan_year
    from linyin.governance.web.models import Milestone

    office = company.actor("carbon_office")
    whole = plan_year(office, node=company.nodes["G"], year=2024)
    entity = plan_year(office, node=company.nodes["A"], year=2024)
    again = plan_year(office, node=company.nodes["G"], year=2024)

    of_group = {m.kind: m.body for m in whole}
    of_entity = {m.kind: m.body for m in entity}
    assert len(whole) == 7
    assert again == []
    assert (of_group["committee_approval"], of_group["publication"]) == (
        company.committee,
        company.board,
    )
    assert of_group["calculation"] is None
    assert (of_entity["calculation"], of_entity["publication"]) == (company.team, company.board)
    assert Milestone.objects.count() == 14


def test_a_fiscal_year_is_planned_from_its_last_day(company):
    from linyin.governance.web.actions import plan_year

    office = company.actor("carbon_office")
    made = plan_year(office, node=company.nodes["G"], year=2024, last_day=date(2025, 3, 31))

    assert {m.kind: m.due for m in made}["data"] == date(2025, 4, 20)
    with pytest.raises(BadInput):
        plan_year(office, node=company.nodes["A"], year=2024, last_day=date(2026, 3, 31))


def test_a_step_is_done_when_somebody_says_so_and_open_again_with_a_reason(company):
    from linyin.governance.web.actions import finish_milestone, reopen_milestone
    from linyin.governance.web.watching import standing_of

    office = company.actor("carbon_office")
    step = milestone(company, due=localdate() - timedelta(days=1))
    assert standing_of(step).state == "overdue"

    finish_milestone(office, step, done_on=localdate() - timedelta(days=3))
    assert (standing_of(step).state, step.done_on) == ("done", localdate() - timedelta(days=3))
    with pytest.raises(BadInput):
        finish_milestone(office, step)
    reopen_milestone(office, step, reason="the letter is missing")
    assert standing_of(step).state == "overdue"
    with pytest.raises(BadInput):
        finish_milestone(office, step, done_on=localdate() + timedelta(days=2))


def run(company, state):
    from linyin.inventory.web.models import RunRecord

    return RunRecord.objects.create(
        name=f"run-{state}", node=company.nodes["G"], year=2024, approach="operational",
        gwp="AR6", standard="ghgp", begin=date(2024, 1, 1), end=date(2025, 1, 1), state=state,
        entries_hash="0" * 64,
    )  # fmt: skip


def test_steps_of_the_inventory_are_seen_from_its_runs(company):
    from linyin.governance.web.watching import standing_of
    from linyin.platform.models import Approval

    kinds = ("calculation", "committee_approval", "publication")
    due = localdate() + timedelta(days=40)
    steps = {kind: milestone(company, kind=kind, due=due) for kind in kinds}

    def states():
        return [standing_of(step).state for step in steps.values()]

    assert states() == ["planned"] * 3
    run(company, "draft")
    assert states() == ["planned"] * 3
    locked = run(company, "locked")
    assert states() == ["done", "planned", "planned"]
    approval = {"subject": "inventory.runrecord", "person": company.actor("committee").person}
    Approval.objects.create(**approval, key="999", level="committee", is_granted=True)
    Approval.objects.create(**approval, key=str(locked.pk), level="entity", is_granted=True)
    assert states() == ["done", "planned", "planned"]
    Approval.objects.create(**approval, key=str(locked.pk), level="committee", is_granted=True)
    assert states() == ["done", "done", "planned"]
    locked.state = "published"
    locked.save()
    assert states() == ["done"] * 3


def line(company, code, site, person, **stated):
    from linyin.ledger.web.models import SourceLine

    return SourceLine.objects.create(
        site=company.nodes[site], code=code, source_type="electricity", item="electricity",
        unit="kWh", responsible=person, **stated,
    )  # fmt: skip


def test_the_data_step_asks_everybody_who_answers_for_a_source(company):
    from linyin.governance.web.watching import standing_of
    from linyin.ledger.web.milestones import ask_for_data
    from linyin.ledger.web.models import DataRequest, Reminder

    office = company.actor("carbon_office")
    owner = company.actor("data_owner", "A1").person
    stranger = company.actor("data_owner", "B1").person
    meter, gas = line(company, "M", "A1", owner), line(company, "N", "A1", owner)
    line(company, "OLD", "A1", owner, end=date(2023, 1, 1))
    line(company, "X", "A1", stranger)  # may not enter anything there
    line(company, "Y", "B1", None)
    step = milestone(company, kind="data", due=localdate() + timedelta(days=30))
    assert standing_of(step).seen is None

    ask_for_data(office, step)
    asked = DataRequest.objects.get()
    assert (asked.assignee, asked.site, asked.due) == (owner, company.nodes["A1"], step.due)
    assert set(asked.lines.all()) == {meter, gas}
    assert (standing_of(step).seen.done, standing_of(step).seen.of) == (0, 1)

    Reminder.objects.create(request=asked, kind="week")
    step.due = localdate() + timedelta(days=60)
    step.save()
    ask_for_data(office, step)
    asked.refresh_from_db()
    assert (DataRequest.objects.count(), asked.due) == (1, step.due)
    assert not asked.reminders.exists()

    asked.state = "done"
    asked.save()
    assert standing_of(step).state == "done"


def test_asking_without_anybody_to_ask_or_too_late_is_refused(company):
    from linyin.ledger.web.milestones import ask_for_data

    office = company.actor("carbon_office")
    for step, code in (
        (milestone(company, kind="data"), "milestone-nobody-asked"),
        (milestone(company, kind="data", due=localdate() - timedelta(days=1)), "request-due-past"),
        (milestone(company, kind="publication"), "milestone-asks-nothing"),
    ):
        with pytest.raises(BadInput) as refused:
            ask_for_data(office, step)
        assert [finding.code for finding in refused.value.findings] == [code]


def test_reminders_of_a_step_come_a_week_and_a_day_before_and_when_it_is_late(company):
    from linyin.ledger.web.reminding import remind

    person = company.actor("committee").person
    step = milestone(company, due=localdate() + timedelta(days=30), person=person)
    done = milestone(company, due=localdate(), person=person, done_on=localdate())
    milestone(company, due=localdate())  # nobody is reminded of it

    sent = [remind(Context(), step.due + timedelta(days=d)) for d in (-30, -7, -6, -1, 0, 1, 9)]

    assert sent == [0, 1, 0, 1, 0, 1, 0]
    assert {to for message in mail.outbox for to in message.to} == {person.email}
    assert f"/strategy/milestones/{step.pk}/" in mail.outbox[0].body
    assert "Overdue" in mail.outbox[-1].subject
    assert not done.reminders.exists()


def test_tasks_hold_what_is_due_within_a_month_for_person_and_chair(company):
    from linyin.governance.web.models import Member
    from linyin.platform.tasks import tasks_of

    chair = company.actor("committee")
    Member.objects.create(body=company.board, person=chair.person, name="x", role="chair")
    mine = milestone(company, person=chair.person, due=localdate() + timedelta(days=5))
    of_board = milestone(company, body=company.board, due=localdate() + timedelta(days=6))
    milestone(company, body=company.committee, due=localdate())
    milestone(company, person=chair.person, due=localdate() + timedelta(days=90))
    milestone(company, person=chair.person, due=localdate(), done_on=localdate())

    hrefs = [task.href for task in tasks_of(chair) if task.kind == "milestones"]

    assert hrefs == [f"/strategy/milestones/{step.pk}/" for step in (mine, of_board)]


@pytest.mark.parametrize("role", ["reader", "committee", "data_owner"])
def test_who_may_not_plan_changes_nothing(company, role):
    from linyin.governance.web.actions import finish_milestone, plan_year
    from linyin.governance.web.models import Milestone
    from linyin.platform.models import AuditEvent

    step = milestone(company)
    actor, client = company.actor(role), company.client(role)

    with pytest.raises(PermissionDenied):
        plan_year(actor, node=company.nodes["G"], year=2024)
    with pytest.raises(PermissionDenied):
        finish_milestone(actor, step)
    form = {"node": company.nodes["G"].pk, "year": 2023}
    assert client.post("/strategy/calendar/plan/", form).status_code == 403
    assert client.post(
        f"/strategy/milestones/{step.pk}/do/governance.finish_milestone/", {}
    ).status_code in (403, 404)
    step.refresh_from_db()
    assert (step.done_on, Milestone.objects.count(), AuditEvent.objects.count()) == (None, 1, 0)


def test_the_file_holds_the_year_s_steps_in_reach(company):
    seen = milestone(company, node=company.nodes["A"], due=date(2025, 1, 20))
    milestone(company, node=company.nodes["B"], due=date(2025, 1, 21))
    milestone(company, node=company.nodes["A"], year=2025, due=date(2026, 1, 20))

    answer = company.client("reader", "A").get("/strategy/calendar/file.ics?year=2024")

    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert text.count("BEGIN:VEVENT") == 1
    assert f"UID:milestone-{seen.pk}@localhost\r\n" in text
    assert "DTEND;VALUE=DATE:20250121\r\n" in text
