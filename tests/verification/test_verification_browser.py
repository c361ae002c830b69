"""The whole job in a browser: the office engages, the verifier draws, follows, finds and states."""

import pytest
from visits import Variant, visitor

from workspace import cookie_of

pytestmark = pytest.mark.django_db(transaction=True)

DESK = Variant("en", "light", "desk")


@pytest.fixture
def come(house, browser, live_server, settings):
    """Open a browser as somebody: `come(person)` gives their visitor."""
    from contextlib import ExitStack

    settings.ALLOWED_HOSTS = ["*"]
    with ExitStack() as stack:

        def opened(person, variant=DESK):
            person.language = {"zh": "zh-hans", "en": "en"}[variant.language]
            person.theme = variant.look
            person.save()
            session = cookie_of(house.client(person))
            return stack.enter_context(visitor(browser, live_server.url, variant, session))

        yield opened


def send(page):
    """Send the form of the page."""
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


def test_the_whole_job(house, come):
    from linyin.inventory.web.models import Engagement, Opinion

    office, verifier = come(house.office), come(house.anna)

    page = office.visit("/inventory/engagements/new/")
    page.select_option("select[name=node]", "A")
    page.fill("input[name=name]", "Second look")
    page.check(f"input[name=verifiers][value='{house.anna.pk}']")
    page.check(f"input[name=runs][value='{house.run.pk}']")
    page.select_option("select[name=level]", "reasonable")
    page.fill("input[name=materiality_pct]", "5")
    page.fill("textarea[name=scope]", "ISO 14064-1")
    send(page)
    engagement = Engagement.objects.get(name="Second look")
    base = f"/inventory/engagements/{engagement.pk}"
    assert page.url.startswith(f"{office.origin}{base}/")

    page = verifier.visit(f"{base}/draw/")
    verifier.expected = {422}
    page.fill("input[name=size]", "3")
    page.fill("input[name=seed]", "a public number")
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector(".notice.tone-bad")
    assert "locked" in page.inner_text(".notice.tone-bad")
    assert page.input_value("input[name=seed]") == "a public number"
    house.lock()
    send(page)
    assert page.locator("main table tbody tr").count() == 3
    assert "a public number" in page.inner_text("main")
    with page.expect_navigation():
        page.locator("a", has_text="Draw again").click()
    assert page.locator(".notice.tone-good").count() == 1

    with page.expect_navigation():
        page.locator("a", has_text="Follow the next entry").click()
    shown = page.inner_text("main")
    assert "bill-A1-2023.pdf" in shown
    assert "page " in shown
    page.check("input[value=misstated]")
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector(".field-error")
    page.fill("input[name=difference_t]", "1.25")
    page.fill("textarea[name=note]", "The bill says less.")
    send(page)
    for _ in range(2):
        page.check("input[value=verified]")
        send(page)
    assert "3 / 3" in page.inner_text("main")

    page = verifier.visit(f"{base}/raise/")
    page.select_option("select[name=severity]", "material")
    page.fill("textarea[name=text]", "The bill of the first month differs.")
    send(page)
    page = office.visit("/home/tasks/")
    with page.expect_navigation():
        page.locator("a", has_text="The bill of the first month differs.").first.click()
    with page.expect_navigation():
        page.locator(".page-buttons a", has_text="Answer").click()
    page.fill("textarea[name=comment]", "Booked on the next month.")
    send(page)

    page = verifier.visit(f"{base}/state/")
    notices = page.locator("main .notice.tone-warning").all_inner_texts()
    assert any("material" in notice for notice in notices)
    assert page.locator("select[name=run] option").count() == 0
    finding = engagement.findings.get()
    page = verifier.visit(f"/inventory/verification-findings/{finding.pk}/")
    assert "Booked on the next month." in page.inner_text("main")
    with page.expect_navigation():
        page.locator(".page-buttons a", has_text="Close it").click()
    page.fill("textarea[name=comment]", "Immaterial in sum.")
    send(page)
    page = verifier.visit(f"{base}/state/")
    page.check("input[value=modified]")
    page.fill("textarea[name=text]", "Fairly stated except for one bill.")
    send(page)

    opinion = Opinion.objects.get()
    assert (opinion.kind, opinion.level) == ("modified", "reasonable")
    page = office.visit(f"/inventory/runs/{house.run.pk}/")
    assert "Fairly stated except for one bill." in page.inner_text("main")
