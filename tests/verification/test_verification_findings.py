"""Findings: raised by the verifier, answered by the carbon office, closed by the verifier."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from linyin.inventory.web.verification.actions import (
    answer_matter,
    close_matter,
    raise_matter,
    return_matter,
)
from linyin.lake import BadInput

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def raised(house):
    """A material finding about an entry of the locked run."""
    house.lock()
    entry = house.draw().items.first().entry
    return raise_matter(
        house.actor(house.anna), house.engagement, run=house.run, kind="misstatement",
        severity="material", text="The bill says 90 MWh.", entry=entry, amount_t=Decimal("-3.25"),
    )  # fmt: skip


def test_the_way_of_a_finding(house, raised):
    from linyin.platform.models import AuditEvent

    anna, office = house.actor(house.anna), house.actor(house.office)
    assert (raised.state, raised.amount_mg) == ("open", -3_250_000_000)

    answer_matter(office, raised, comment="The meter was replaced.")
    assert (raised.state, raised.answered_by) == ("answered", house.office)
    return_matter(anna, raised, comment="Show the protocol.")
    assert (raised.state, raised.conclusion) == ("open", "Show the protocol.")
    answer_matter(office, raised, comment="Protocol attached.")
    close_matter(anna, raised, comment="Settled.")

    raised.refresh_from_db()
    assert (raised.state, raised.closed_by) == ("closed", house.anna)
    told = AuditEvent.objects.filter(subject="inventory.verificationfinding", key=str(raised.pk))
    assert [event.action.partition(".")[2] for event in told.order_by("number")] == [
        "raise_matter", "answer_matter", "return_matter", "answer_matter", "close_matter",
    ]  # fmt: skip


def test_each_side_does_its_part_only(house, raised):
    anna, ben, office = (house.actor(p) for p in (house.anna, house.ben, house.office))
    for actor in (anna, ben):
        with pytest.raises(PermissionDenied):
            answer_matter(actor, raised, comment="x")
    answer_matter(office, raised, comment="x")
    for actor in (ben, office):
        with pytest.raises(PermissionDenied):
            close_matter(actor, raised, comment="x")
        with pytest.raises(PermissionDenied):
            return_matter(actor, raised, comment="x")
    raised.refresh_from_db()
    assert raised.state == "answered"


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ({"kind": "bad luck"}, "kind"),
        ({"severity": "awful"}, "severity"),
        ({"text": "  "}, "text"),
        ({"entry": "activities/nothing@1"}, "entry"),
    ],
)
def test_what_is_said_wrongly_is_told_beside_its_field(house, said, column):
    from linyin.inventory.web.models import VerificationFinding

    stated = {"run": house.run, "kind": "clarification", "severity": "minor", "text": "?"} | said
    with pytest.raises(BadInput) as refused:
        raise_matter(house.actor(house.anna), house.engagement, **stated)
    assert [finding.at.column for finding in refused.value.findings] == [column]
    assert not VerificationFinding.objects.exists()


def test_tasks_stand_with_whose_turn_it_is(house, raised):
    from linyin.inventory.web.verification.home import verification_tasks

    def kinds(person):
        return [task.href for task in verification_tasks(house.actor(person))]

    page = f"/inventory/verification-findings/{raised.pk}/"
    assert page in kinds(house.office)
    assert page not in kinds(house.anna)
    answer_matter(house.actor(house.office), raised, comment="x")
    assert page not in kinds(house.office)
    assert page in kinds(house.anna)
    assert kinds(house.ben) == []


def test_a_finding_opens_the_entry_that_it_is_about(house, raised):
    page = house.client(house.office).get(f"/inventory/verification-findings/{raised.pk}/")
    link = next(str(v) for k, v in page.context["facts"] if raised.entry in str(v))
    href = link.partition('href="')[2].partition('"')[0]

    entry = house.client(house.office).get(href)
    assert entry.status_code == 200
    assert raised.entry.partition("/")[2].partition("@")[0] in entry.content.decode()


def test_a_new_finding_is_about_the_run_that_was_drawn_and_says_its_weight(house):
    house.engagement.runs.add(house.runs["A", 2022])
    house.lock()
    house.draw()
    address = f"/inventory/engagements/{house.engagement.pk}/raise/"
    client = house.client(house.anna)
    form = client.get(address).context["form"]
    sent = client.post(address, {"run": house.run.pk, "kind": "clarification", "text": "?"})

    assert form.initial["run"] == str(house.run.pk)
    assert sent.status_code == 422
    assert list(sent.context["form"].errors) == ["severity"]


def test_findings_are_not_settled_before_all_entries_are_followed(house):
    from linyin.inventory.web.verification.pages.common import steps_of
    from linyin.inventory.web.verification.progress import progress_of

    def done():
        steps = steps_of(progress_of([(house.engagement, house.run)]), "draw").steps
        return [step.state for step in steps]

    house.lock()
    sample = house.draw()
    assert done() == ["now", "next", "next", "next"]
    house.tick(sample)
    assert done() == ["now", "done", "done", "next"]
