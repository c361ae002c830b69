"""From a run to its publication, by several people, each in a browser of their own."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.django_db(transaction=True)

LEVELS = {
    "data_owner": "Dana", "entity_manager": "Emil", "carbon_office": "Olga", "committee": "Cora"
}  # fmt: skip


@pytest.fixture
def folder(folder):
    """An enterprise that used less in the year before."""
    for site in ("A1", "A2", "B1"):
        folder.add(
            "activities", external_id=f"{site}-2022", site=site, source_type="electricity",
            item="electricity", period="2022", quantity=1000, unit="MWh", status="invoiced",
        )  # fmt: skip
    return folder


def go(visitor, path):
    """Open a page whose look was checked before."""
    visitor.settle()
    visitor.page.goto(visitor.origin + path)
    visitor.settle()
    return visitor.page


def act(visitor, path, button, comment=""):
    """Press a button of a page and send the form that it leads to."""
    page = go(visitor, path)
    page.locator(".page-buttons >> a", has_text=re.compile(f"^\\s*{button}\\s*$")).click()
    page.wait_for_url("**/do/**")
    if comment:
        page.fill("[name=comment]", comment)
    page.locator("main form button[type=submit]").click()
    return page


def state(page):
    """Return the state that the head of a run's page names."""
    return page.inner_text(".page-name").split("\n")[-1].strip()


def has_button(visitor, path, button):
    """Whether somebody is offered to do something with a run."""
    page = go(visitor, path)
    return button in [text.strip() for text in page.locator(".page-buttons a").all_inner_texts()]


def calculate(visitor, work, path="/inventory/runs/new/", **stated):
    """Ask for runs, follow their job and open what it made; return its address."""
    page = visitor.visit(path)
    for name, value in stated.items():
        field = page.locator(f"[name={name}]")
        (field.select_option if name == "node" else field.fill)(value)
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector("main .progress-part progress")
    assert "inventory.calculate" in work()
    page.click("main .progress-part a")
    page.wait_for_url(re.compile(r"/inventory/runs/\d+/"))
    return page.url.removeprefix(visitor.origin).partition("?")[0]


def test_a_run_is_worked_off_compared_locked_approved_published_reported_and_restated(
    enterprise, come, work, tmp_path
):
    import pymupdf

    preparer = come(enterprise.actor("carbon_office", name="Paul"))
    people = {role: come(enterprise.actor(role, name=name)) for role, name in LEVELS.items()}
    office = people["carbon_office"]

    run = calculate(preparer, work, node="G", years="2022 2023")
    page = preparer.visit(run)
    assert state(page) == "Draft"
    total = page.locator(".figure-value").first.inner_text().strip()
    assert total.startswith("1.666")

    page = preparer.visit(f"{run}findings/")
    (warning,) = page.locator("article.finding", has_text="no factor for the supply chain").all()
    warning.locator("a", has_text="Settle").click()
    page.fill("[name=comment]", "Factors of the supply chain come next year.")
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector("text=Factors of the supply chain come next year.")
    page = go(preparer, f"{run}findings/?state=closed")
    assert "Factors of the supply chain come next year." in page.inner_text("article.finding")

    page = preparer.visit(f"{run}compare/")
    assert "278.4 t" in page.inner_text("main .lead >> nth=-1")
    bars = page.locator("main [data-chart] svg text").all_text_contents()
    assert {"2022", "Activity", "2023"} <= set(bars), bars

    act(preparer, run, "Lock")
    page.wait_for_selector("text=is locked; it can be approved now.")
    assert state(go(preparer, run)) == "Locked"
    for role, after in zip(LEVELS, [*list(LEVELS)[1:], ""], strict=True):
        if after:
            assert not has_button(people[after], run, "Approve")
        if role == "carbon_office":
            assert not has_button(preparer, run, "Approve")
            refused = go(preparer, f"{run}do/inventory.approve_run/")
            preparer.expected = {422}
            refused.locator("main form button[type=submit]").click()
            refused.wait_for_selector("[role=alert]:has-text('somebody else must decide')")
        act(people[role], run, "Approve", f"{LEVELS[role]} has looked.")
        people[role].page.wait_for_selector("text=was approved.")
    page = office.visit(f"{run}approvals/")
    told = page.inner_text("main .record-main")
    assert all(f"{name} has looked." in told for name in LEVELS.values())
    assert state(page) == "Approved"

    act(office, run, "Publish")
    office.page.wait_for_selector("text=is published")
    assert state(go(preparer, run)) == "Published"
    assert not has_button(preparer, run, "Unlock")

    page = preparer.visit(f"{run}report/")
    page.click("main button[name=make][value='en.pdf']")
    page.wait_for_selector("main .progress-part progress")
    assert "inventory.report" in work()
    page.wait_for_selector("main .progress-part a")
    with page.expect_download() as given:
        page.click("main .progress-part a")
    report = tmp_path / "report.pdf"
    given.value.save_as(report)
    preparer.problems.remove(f"failed: {given.value.url} net::ERR_ABORTED")  # no page came of it
    assert report.read_bytes().startswith(b"%PDF-")
    text = " ".join(page.get_text() for page in pymupdf.open(report))
    assert "1,666 t CO₂e" in text

    page = preparer.visit(run)  # published
    page.click(".page-buttons >> text=Restate")
    page.wait_for_url("**/runs/new/**restates=**")
    address = page.url.removeprefix(preparer.origin)
    preparer.expected = {422}
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector("[role=alert]")
    later = calculate(preparer, work, address, reason="A bill of May was missing.")
    assert later != run
    page = preparer.visit(later)
    assert state(page) == "Draft"
    assert "A bill of May was missing." in page.inner_text("main")
    assert state(go(preparer, run)) == "Published"  # until the restatement is published
