"""The first run: what is asked, who may answer, and what to do next."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.test import Client

pytestmark = pytest.mark.django_db(transaction=True)

ANSWERS = {
    "name": "林荫", "country": "CN", "sites": "深圳\n 河源 \n\n", "base_year": "2021",
    "approach": "equity_share", "language": "zh-hans", "person": "李", "email": "A@Example.org",
    "password": "correct horse battery",
}  # fmt: skip


@pytest.fixture
def stranger(workspace) -> Client:
    return Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture
def address(workspace) -> str:
    from linyin.inventory.web.pages.beginning import begin_key

    return f"/begin?key={begin_key()}"


def count() -> int:
    from linyin.organization.web.models import Node
    from linyin.platform.models import AuditEvent, Person

    return Node.objects.count() + Person.objects.count() + AuditEvent.objects.count()


def test_an_enterprise_that_was_taken_over_has_begun(enterprise):
    nobody = Client(HTTP_HOST="localhost")

    assert nobody.get("/")["Location"].startswith("/account/login/")
    assert nobody.get("/begin")["Location"] == "/"


def test_who_comes_to_an_empty_workspace_is_sent_to_the_first_page(stranger):
    assert stranger.get("/")["Location"] == "/begin"


@pytest.mark.parametrize("key", ["", "?key=", "?key=0123456789abcdef0123456789abcdef"])
def test_nobody_begins_a_workspace_without_the_key_that_the_server_prints(stranger, key):
    asked, answered = stranger.get(f"/begin{key}"), stranger.post(f"/begin{key}", ANSWERS)

    assert [asked.status_code, answered.status_code] == [403, 403]
    assert "linyin serve" in asked.content.decode()
    assert b"<form" not in asked.content.partition(b"<main")[2].partition(b"</main>")[0]
    assert count() == 0


def test_what_is_wrong_is_said_beside_its_field_and_nothing_has_begun(stranger, address):
    wrong = {**ANSWERS, "sites": "深圳\n深圳", "base_year": "21", "country": "QQ", "email": "a",
             "password": "short"}  # fmt: skip

    answer = stranger.post(address, wrong)
    again = stranger.post(address, {**wrong, "country": "CN", "email": ANSWERS["email"]})

    assert [answer.status_code, again.status_code] == [422, 422]
    assert set(answer.context["form"].errors) == {"country", "email"}
    assert set(again.context["form"].errors) == {"sites", "base_year", "password"}
    assert 'value="林荫"' in again.content.decode()
    assert count() == 0


def test_six_answers_make_the_enterprise_and_who_keeps_it(stranger, address):
    from linyin.inventory.web.models import Settings
    from linyin.organization.web.models import Node, Standing
    from linyin.platform.audit import verify
    from linyin.platform.models import Person

    answer = stranger.post(address, ANSWERS)

    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")
    nodes = set(Node.objects.values_list("code", "kind"))
    assert nodes == {("林荫", "group"), ("深圳", "site"), ("河源", "site")}
    assert set(Standing.objects.values_list("country", flat=True)) == {"CN"}
    config = Settings.now().config
    assert config["base_year"] == {"year": 2021}
    assert config["inventory"]["approach"] == "equity_share"
    person = Person.objects.get()
    assert (person.email, person.language, person.name) == ("a@example.org", "zh-hans", "李")
    assert person.check_password(ANSWERS["password"])
    assert list(verify()) == []


def test_a_workspace_begins_once(stranger, address):
    stranger.post(address, ANSWERS)
    before = count()

    asked, answered = stranger.get(address), stranger.post(address, ANSWERS)

    assert [asked["Location"], answered["Location"]] == ["/", "/"]
    assert stranger.get("/")["Location"].startswith("/account/login/")
    assert count() == before


@pytest.fixture
def keeper(stranger, address) -> Client:
    """The first administrator, signed in."""
    from linyin.platform.models import Person

    stranger.post(address, {**ANSWERS, "language": "en"})
    Person.objects.update(is_demo=True)
    person = Person.objects.get()
    stranger.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return stranger


def states(client: Client) -> list[str]:
    """What the check-list says of each step."""
    import re

    shown = client.get("/").content.decode().partition("To a first inventory")[2]
    text = re.sub(r"<[^>]+>", " ", shown)
    return re.findall(r"\b(?:done|next|later)\b", text.partition("What waits")[0])


def test_home_says_what_to_do_next_and_follows(keeper, settings):
    from linyin.ledger.web.grid_models import SiteMonth, SourceLine
    from linyin.organization.web.models import Node
    from linyin.platform.models import Grant, Person

    settings.IS_DEMO = True
    assert states(keeper) == ["done", "next", *["later"] * 5]
    site = Node.objects.get(code="深圳")
    SourceLine.objects.create(
        code="E", site=site, source_type="electricity", item="electricity", unit="kWh"
    )
    assert states(keeper) == ["done", "done", "next", *["later"] * 4]
    second = Person.objects.create_user("second@test.invalid", name="Second")
    Grant.objects.create(person=second, role="entity_manager", node=site)
    assert states(keeper) == ["done", "done", "done", "next", *["later"] * 3]
    month = SiteMonth.objects.create(site=site, month=date(2024, 1, 1), state="submitted")
    assert states(keeper) == [*["done"] * 4, "next", *["later"] * 2]
    month.state = "approved"
    month.save()
    assert states(keeper) == [*["done"] * 5, "next", "later"]


def test_the_list_leads_to_pages_that_its_reader_may_open(keeper, settings):
    import re

    settings.IS_DEMO = True
    shown = keeper.get("/").content.decode().partition("To a first inventory")[2]
    links = re.findall(
        r'href="(/(?:inventory|home|administration)/[^"?]*)', shown.partition("</table>")[0]
    )

    assert len(set(links)) == 6
    assert [keeper.get(link).status_code for link in links] == [200] * len(links)


def test_the_list_stands_where_a_workspace_began_until_a_run_was_approved(enterprise):
    from linyin.inventory.web.calculating import calculate
    from linyin.inventory.web.models import RunRecord
    from linyin.platform.audit import record_event

    office = enterprise.client("carbon_office")
    preparer = enterprise.actor("carbon_office", name="preparer")
    calculate(preparer, "G", [2023])
    assert "To a first inventory" not in office.get("/").content.decode()
    with transaction.atomic():
        record_event(preparer, "inventory.begin", subject="platform.person", key="1")
    assert "To a first inventory" in office.get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    RunRecord.objects.update(state="approved")

    assert "To a first inventory" not in office.get("/").content.decode()


def test_the_demonstration_says_how_to_begin_ones_own(enterprise, settings):
    office = enterprise.client("carbon_office")

    assert "/demo/start-your-own" in office.get("/").content.decode()
    assert "linyin init" in office.get("/demo/start-your-own").content.decode()
    settings.IS_DEMO = False
    assert Client(HTTP_HOST="localhost").get("/demo/start-your-own").status_code == 302
