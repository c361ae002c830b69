"""The pages of the grid in every language, look and device: accessible, whole, quiet."""

from datetime import date

import pytest
from browsing import session_of
from django.utils.timezone import localdate
from test_posting import JAN, submit, type_in
from visits import VARIANTS, visitor

from linyin.ledger.web.grid_actions import return_cell
from linyin.ledger.web.models import CellEvidence
from linyin.ledger.web.requests import request_data
from linyin.platform.models import Document


@pytest.fixture(params=VARIANTS, ids=str)
def look(request, world, browser, live_server, monkeypatch, settings):
    """Somebody who looks at pages as a person, and checks all that must hold of a page."""
    monkeypatch.setattr("linyin.platform.signin.lacks_factor", lambda request: False)
    settings.ALLOWED_HOSTS = ["*"]
    opened = []

    def come(person):
        person.language = {"zh": "zh-hans", "en": "en"}[request.param.language]
        person.theme = request.param.look
        person.save()
        one = visitor(browser, live_server.url, request.param, session_of(person))
        opened.append(one)
        return one.__enter__()

    yield come
    for one in opened:
        one.__exit__(None, None, None)


def check_again(one, name):
    """Check the page as it stands now; what axe has put into it before does not count."""
    one.page.wait_for_timeout(500)
    one.page.evaluate("linyinSeen.violations = []")
    one.check(name)


def test_the_grid_with_every_state_of_a_cell(world, look):
    document = Document.objects.create(
        sha256="ab" * 32, name="bill.pdf", media_type="application/pdf", size=1, node=world.site
    )
    for month, power, gas in ((JAN, "1,010", "50"), (date(2024, 2, 1), "1,020", "51")):
        type_in(world, world.power, month, power)
        type_in(world, world.gas, month, gas, status="estimated")
    CellEvidence.objects.create(line=world.power, month=JAN, document=document)
    submit(world, date(2024, 2, 1))
    record = submit(world)
    return_cell(
        world.actor(world.manager), record, line=world.gas.pk, comment="账单为 55 / bill says 55"
    )
    march = date(2024, 3, 1)
    type_in(world, world.power, march, "5000")
    type_in(world, world.gas, march, "12 t")

    owner = look(world.owner)
    owner.visit("/inventory/entry/HEYUAN/?month=2024-03", name="grid")
    owner.page.locator(f"#c-{world.gas.pk}-2024-03").focus()
    check_again(owner, "grid-error")
    owner.page.locator(f"#c-{world.power.pk}-2024-01").evaluate("field => field.focus()")
    check_again(owner, "grid-returned")
    owner.visit(f"/inventory/entry/HEYUAN/2024-01/{world.gas.pk}/", name="grid-cell")
    owner.visit("/inventory/entry/?year=2024", name="grid-overview")
    owner.visit("/home/tasks/", name="grid-tasks")
    manager = look(world.manager)
    manager.visit("/inventory/entry/HEYUAN/?month=2024-02", name="grid-approve")
    manager.page.locator(f"#c-{world.gas.pk}-2024-02").evaluate("field => field.focus()")
    check_again(manager, "grid-return")


def test_refusals_and_requests(world, look):
    request_data(
        world.actor(world.manager), site=world.site, begin=JAN, end=date(2024, 3, 1),
        due=localdate(), assignee=world.owner, note="含食堂 / with the canteen",
    )  # fmt: skip
    owner = look(world.owner)
    owner.visit("/home/tasks/", name="grid-tasks-asked")
    owner.visit("/inventory/entry/HEYUAN/?month=2024-01", name="grid-empty")
    owner.expected = {422}
    owner.page.locator(".mg-bar:not([hidden]) .mg-submit button").click()
    owner.page.wait_for_selector("#mg-refused")
    owner.check("grid-refused")
    owner.visit("/inventory/lines/", name="grid-lines")
    manager = look(world.manager)
    manager.visit("/inventory/requests/new/", name="grid-request-new")
    manager.visit("/inventory/requests/", name="grid-requests")
