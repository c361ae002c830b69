"""Governance in a browser: every page in every look, and the walks through it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate
from visits import VARIANTS, Variant, visitor

from linyin.platform.actor import Actor
from workspace import cookie_of

OPERATOR = Actor(None, "cli", is_operator=True)


@pytest.fixture
def come(company, browser, live_server, settings):
    """Somebody with a browser, in the governance of the example."""
    from linyin.governance.web.demo import make_governance
    from linyin.platform.demo import make_people

    settings.ALLOWED_HOSTS = ["*"]
    for body in (company.team, company.committee, company.board):
        body.delete()
    make_people()
    make_governance(OPERATOR)
    opened = []

    def open_as(person, variant):
        person.language = {"zh": "zh-hans", "en": "en"}[variant.language]
        person.theme = variant.look
        person.save()
        client = Client()
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        one = visitor(browser, live_server.url, variant, cookie_of(client))
        opened.append(one)
        return one.__enter__()

    yield open_as
    for one in opened:
        one.__exit__(None, None, None)


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_every_page_of_governance(company, come, variant):
    from linyin.governance.web.models import Body, Decision, Duty, Milestone

    office = come(company.actor("carbon_office").person, variant)
    committee = Body.objects.get(code="SDC")
    decision = Decision.objects.filter(body=committee).first()
    step = Milestone.objects.filter(done_on=None).first()
    duty = Duty.objects.first()
    for name, path in {
        "governance": "/strategy/governance/",
        "calendar": "/strategy/calendar/",
        "calendar-empty": "/strategy/calendar/?year=2011",
        "calendar-plan": "/strategy/calendar/plan/",
        "bodies": "/strategy/bodies/",
        "body": f"/strategy/bodies/{committee.pk}/",
        "body-new": "/strategy/bodies/new/",
        "members": "/strategy/members/",
        "duties": "/strategy/duties/",
        "duty": f"/strategy/duties/{duty.pk}/",
        "decisions": "/strategy/decisions/",
        "decision": f"/strategy/decisions/{decision.pk}/",
        "decision-new": "/strategy/decisions/new/",
        "decision-correct": f"/strategy/decisions/{decision.pk}/do/governance.correct_decision/",
        "milestones": "/strategy/milestones/",
        "milestone": f"/strategy/milestones/{step.pk}/",
        "milestone-finish": f"/strategy/milestones/{step.pk}/do/governance.finish_milestone/",
        "node-move": f"/inventory/nodes/{company.nodes['A1'].pk}/do/organization.move_node/",
    }.items():
        office.visit(path, name=name)
    office.visit("/strategy/governance/", name="governance again")
    office.page.click(".chart-table > summary")
    office.check("governance with its table")


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_who_sees_what(company, come, variant):
    administrator = come(company.actor("administrator").person, variant)
    reader = company.actor("reader", "A").person

    administrator.visit("/home/access/", name="access")
    administrator.visit(f"/home/access/?person={reader.pk}&at=A1", name="access-sees")
    administrator.visit(f"/home/access/?person={reader.pk}&at=B1", name="access-not")


def test_a_decision_from_the_picture_to_its_record_and_its_correction(company, come):
    from linyin.governance.web.models import Decision

    page = come(company.actor("carbon_office").person, Variant("en", "light", "desk")).visit(
        "/strategy/governance/"
    )
    page.click(".gov-across a.gov-board")
    page.wait_for_selector("h1:has-text('Board of directors')")
    page.click("text=Record a decision")
    page.fill("[name=heading]", "Carbon price of 200 CNY")
    page.fill("[name=text]", "From January on, for all investments.")
    page.select_option("[name=way]", "votes")
    page.fill("[name=votes_for]", "5")
    page.click("main button[type=submit]")
    assert "2 members with a vote" in page.locator(".field-error").inner_text()
    assert page.input_value("[name=heading]") == "Carbon price of 200 CNY"
    page.fill("[name=votes_for]", "2")
    page.click("main button[type=submit]")
    page.wait_for_selector("h1:has-text('Carbon price of 200 CNY')")
    page.click("text=Correct it")
    page.fill("[name=heading]", "Carbon price of 250 CNY")
    page.click("main button[type=submit]")
    page.wait_for_selector("h1:has-text('Carbon price of 250 CNY')")

    second, first = Decision.objects.filter(heading__startswith="Carbon price")
    assert (second.corrects, first.votes_for) == (first, 2)


def test_a_year_is_planned_and_a_step_finished(company, come):
    from linyin.governance.web.models import Milestone

    visitor = come(company.actor("carbon_office").person, Variant("zh", "light", "desk"))
    page = visitor.visit("/strategy/calendar/?year=2040")
    page.click("text=编制年度日程")
    page.fill("[name=year]", "2040")
    page.click("main button[type=submit]")
    page.wait_for_selector(".gov-timeline .gov-bar")
    assert page.locator(".gov-timeline .gov-bar").count() == 7
    page.click(".task-list >> text=完成 >> nth=0")
    page.click("main button[type=submit]")
    page.wait_for_selector("text=已完成")

    assert Milestone.objects.get(year=2040, kind="data").done_on == localdate()


def test_a_site_is_moved_once_the_gains_and_losses_were_seen(company, come):
    company.actor("reader", "A")
    today = localdate()
    visitor = come(company.actor("carbon_office").person, Variant("en", "dark", "phone"))
    page = visitor.visit(f"/inventory/nodes/{company.nodes['A1'].pk}/do/organization.move_node/")
    page.select_option("[name=parent]", str(company.nodes["B"].pk))
    page.fill("[name=begin]", (today + timedelta(days=1)).isoformat())
    page.click("main button[type=submit]")
    page.wait_for_selector("text=reader A")
    assert company.nodes["A1"].standings.count() == 1
    visitor.check("node-move-preview")
    page.click("main button[type=submit]")
    page.wait_for_selector("h1:has-text('Node A1')")

    assert [s.parent.code for s in company.nodes["A1"].standings.order_by("begin")] == ["A", "B"]
