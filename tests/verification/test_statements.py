"""Statements: on a locked run, once all is followed; kept with it, on its page, in its report."""

import json

import pytest
from django.core.exceptions import PermissionDenied

from linyin.inventory.web.verification.actions import (
    change_engagement,
    close_matter,
    invite_verifier,
    raise_matter,
    state_opinion,
)
from linyin.lake import BadInput

pytestmark = pytest.mark.django_db(transaction=True)


def refused_with(house, code):
    from linyin.inventory.web.models import Opinion

    before = Opinion.objects.count()
    with pytest.raises(BadInput) as refused:
        house.state()
    assert [finding.code for finding in refused.value.findings] == [code]
    assert Opinion.objects.count() == before


def test_a_statement_waits_for_lock_sample_results_and_material_findings(house):
    from linyin.inventory.web.actions import unlock_run

    refused_with(house, "verification-run-not-locked")
    house.lock()
    refused_with(house, "verification-nothing-drawn")
    sample = house.draw()
    refused_with(house, "verification-items-open")
    house.tick(sample)
    finding = raise_matter(
        house.actor(house.anna), house.engagement, run=house.run, kind="misstatement",
        severity="material", text="x",
    )  # fmt: skip
    refused_with(house, "verification-material-open")
    close_matter(house.actor(house.anna), finding, comment="settled")
    unlock_run(house.actor(house.office), house.run, comment="once more")
    refused_with(house, "verification-run-not-locked")
    house.lock()

    opinion = house.state("modified", "Except for one bill.")

    assert (opinion.kind, opinion.level, opinion.materiality_pct) == ("modified", "limited", 5)
    assert opinion.run_hash == house.run.entries_hash
    assert 0 < opinion.coverage <= 1
    refused_with(house, "verification-opinion-stated")


def test_the_refusal_names_the_state_in_both_languages(house):
    from linyin.lake import render_finding

    with pytest.raises(BadInput) as refused:
        house.state()
    (finding,) = refused.value.findings
    assert "locked or approved" in render_finding(finding, "en")
    assert "锁定" in render_finding(finding, "zh")


def test_results_do_not_change_under_a_statement(house):
    from linyin.inventory.web.verification.actions import tick_item

    house.lock()
    sample = house.draw()
    house.tick(sample)
    house.state()

    with pytest.raises(BadInput):
        tick_item(
            house.actor(house.anna), sample.items.first(), version=2, verdict="no_evidence",
            note="x",
        )  # fmt: skip


def test_only_a_verifier_of_the_engagement_states(house):
    house.lock()
    house.tick(house.draw())
    for person in (house.ben, house.office):
        with pytest.raises(PermissionDenied):
            state_opinion(
                house.actor(person), house.engagement, run=house.run, kind="unmodified", text="x"
            )


def test_a_statement_stands_on_the_runs_page_for_who_sees_the_run(house):
    from engaged import somebody

    from linyin.organization.web.models import Node

    house.lock()
    house.tick(house.draw())
    house.state(text="Stated with care.")
    committee = somebody("Committee", "committee", Node.objects.get(code="G"))

    for person in (house.anna, house.office, committee):
        page = house.client(person).get(f"/inventory/runs/{house.run.pk}/").content.decode()
        assert "Stated with care." in page
        assert "Audit A" in page


def test_a_statement_stands_in_the_report(house):
    from linyin.inventory import Inventory, write_report
    from linyin.inventory.web.reported import report_file
    from linyin.inventory.web.verification.told import stated_on

    house.lock()
    before = report_file(house.run, "json", "en")
    assert stated_on(house.run) is None
    house.tick(house.draw())
    house.state(text="Stated with care.")

    file = house.run.path.parent / "report.json"
    write_report(Inventory(house.run.path), file, "json", "en", verification=stated_on(house.run))
    told = json.dumps(json.loads(file.read_text()), ensure_ascii=False)
    assert "Verified by Audit A" in told
    assert "Limited assurance, materiality 5 %, opinion: Unmodified. Stated with care." in told
    assert report_file(house.run, "json", "en") != before
    Inventory(house.run.path).verify()


def test_the_office_invites_an_outsider_who_then_sees_the_engagement(house):
    from linyin.platform.models import Grant, Person

    office = house.actor(house.office)
    invite_verifier(office, house.engagement, email="cleo@audit.example", name="Cleo")

    cleo = Person.objects.get(email="cleo@audit.example")
    assert not cleo.has_usable_password()
    assert [(g.role, g.node.code) for g in Grant.objects.filter(person=cleo)] == [("verifier", "A")]
    assert set(house.engagement.verifiers.all()) == {house.anna, cleo}
    cleo.is_demo = True
    cleo.save()
    client = house.client(cleo)
    assert client.get(f"/inventory/engagements/{house.engagement.pk}/").status_code == 200
    assert client.get(f"/inventory/engagements/{house.other.pk}/").status_code == 404


def test_nobody_verifies_their_own_house(house):
    from engaged import somebody

    from linyin.organization.web.models import Node

    owner = somebody("Owner", "data_owner", Node.objects.get(code="A1"))
    office = house.actor(house.office)
    with pytest.raises(BadInput) as refused:
        invite_verifier(office, house.engagement, email=owner.email, name="Owner")
    assert [f.code for f in refused.value.findings] == ["verification-person-inside"]
    assert list(house.engagement.verifiers.all()) == [house.anna]
    assert [grant.role for grant in owner.grants.all()] == ["data_owner"]


def test_what_verifiers_may_not_agree_with_themselves(house):
    anna, ben = house.actor(house.anna), house.actor(house.ben)
    for actor in (anna, ben):
        with pytest.raises(PermissionDenied):
            change_engagement(
                actor, house.engagement, values={"materiality_pct": 50}, verifiers=[house.ben],
                runs=[], version=house.engagement.version,
            )  # fmt: skip
        with pytest.raises(PermissionDenied):
            invite_verifier(actor, house.engagement, email="x@audit.example", name="X")


def test_a_run_outside_the_engagements_node_and_one_that_was_sampled_are_refused(house):
    office = house.actor(house.office)
    plan = {"values": {}, "verifiers": [house.anna], "version": house.engagement.version}
    with pytest.raises(BadInput) as refused:
        change_engagement(office, house.engagement, runs=[house.runs["B", 2023]], **plan)
    assert [f.code for f in refused.value.findings] == ["verification-run-outside"]
    house.lock()
    house.draw()
    with pytest.raises(BadInput) as refused:
        change_engagement(office, house.engagement, runs=[house.runs["A", 2022]], **plan)
    assert [f.code for f in refused.value.findings] == ["verification-run-sampled"]
    assert list(house.engagement.runs.all()) == [house.run]
