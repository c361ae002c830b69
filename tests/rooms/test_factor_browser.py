"""Factors in a browser: their pages as people see them, and the way of an own factor, once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from factor_builders import PDF, STATED, office, submitted, write

sys.path.append(str(Path(__file__).parents[1] / "web"))

from visits import VARIANTS  # isort: skip

__all__ = ["write"]

pytestmark = pytest.mark.django_db(transaction=True)
GUANGDONG = "mee-grid-2023-CN-GD"


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_the_pages_of_factors(enterprise, write, come, variant):
    from linyin.inventory.web.calculating import calculate

    calculate(enterprise.actor("carbon_office"), "G", [2023])
    draft, waiting = write(factor_id="own-draft"), submitted(enterprise, write(place="CN-GD"))
    one = come(office(enterprise, "visitor"), variant)
    for path in (
        "/inventory/factors/?q=CN-GD",
        "/inventory/factors/?q=nothing-of-this-name",
        f"/inventory/factors/{GUANGDONG}/",
        f"/inventory/factors/{GUANGDONG}/runs/",
        "/inventory/factors/mee-grid-2021-CN/runs/",
        f"/inventory/factors/{waiting.factor_id}/",
        f"/inventory/factors/-/comparison/?id={GUANGDONG}&id=mee-grid-2021-CN-GD",
        "/inventory/factors/-/comparison/",
        "/inventory/factors/-/choice/",
        "/inventory/factors/-/choice/?item=electricity&unit=kWh&year=2023&place=CN-GD",
        "/inventory/own-factors/",
        f"/inventory/own-factors/{draft.pk}/",
        f"/inventory/own-factors/{waiting.pk}/",
        "/inventory/own-factors/new/",
        f"/inventory/own-factors/{draft.pk}/edit/",
        f"/inventory/own-factors/{waiting.pk}/do/ledger.reject_factor/",
    ):
        one.visit(path)
    one.visit("/inventory/factors/-/choice/?item=x&unit=y&year=2023", status=422)


def test_a_factor_is_written_proved_returned_mended_and_approved(enterprise, come, tmp_path):
    from linyin.ledger.web.models import OwnFactor

    letter = tmp_path / "letter.pdf"
    letter.write_bytes(PDF)
    writer, second = come(office(enterprise, "writer")), come(office(enterprise, "second"))

    page = writer.visit("/inventory/factors/")
    page.click("text=Propose a factor")
    page.select_option("[name=node]", label="Group")
    for name in ("use", "boundary", "basis"):
        page.select_option(f"[name={name}]", STATED[name])
    for name, value in STATED.items():
        if name not in ("use", "boundary", "basis"):
            page.fill(f"[name={name}]", str(value))
    page.fill("[name=co2_kg]", "a lot")
    writer.expected = {422}
    page.click("text=Save")
    assert "no number of zero or more" in page.inner_text(".field:has([name=co2_kg])")
    page.fill("[name=co2_kg]", "0.1")
    page.click("text=Save")
    page.wait_for_selector("text=Attach the document that states the value")
    page.set_input_files("[name=document]", letter)
    page.click(".form-buttons >> text=Attach")
    page.wait_for_selector("a:has-text('letter.pdf')")
    page.click(".page-buttons >> text=Submit")
    page.click(".form-buttons >> text=Submit")
    page.wait_for_selector("text=It waits for a second person")
    address = page.url.removeprefix(writer.origin)
    page.click(".page-buttons >> text=Approve")
    page.click(".form-buttons >> text=Approve")
    page.wait_for_selector("[role=alert]:has-text('somebody else must decide')")

    other = second.visit("/home/tasks/")
    other.click("text=own-power-2023")
    other.click(".page-buttons >> text=Return")
    other.fill("[name=comment]", "The letter says 0.12.")
    other.click(".form-buttons >> text=Return")
    other.wait_for_selector("text=Change what was found wrong")

    page = writer.visit(address)
    assert "The letter says 0.12." in page.inner_text("main")
    page.click(".page-buttons >> text=Change")
    page.fill("[name=co2_kg]", "0.12")
    page.click("text=Save")
    page.click(".page-buttons >> text=Submit")
    page.click(".form-buttons >> text=Submit")
    page.wait_for_selector("text=It waits for a second person")

    other = second.visit(address)
    other.click(".page-buttons >> text=Approve")
    other.click(".form-buttons >> text=Approve")
    other.wait_for_selector(".page-name >> text=Approved")
    other.goto(f"{second.origin}/inventory/factors/")
    other.keyboard.press("Control+k")
    other.keyboard.type("供应商电力")
    other.wait_for_selector("#palette-hits .hit:has-text('Power of our supplier')")
    hits = other.locator("#palette-hits .hit").evaluate_all("all => all.map(one => one.href)")
    wanted = next(n for n, href in enumerate(hits) if "/factors/own-power-2023/" in href)
    for _ in range(wanted + 1):
        other.keyboard.press("ArrowDown")
    other.keyboard.press("Enter")
    other.wait_for_url("**/inventory/factors/own-power-2023/**")
    assert "0.12" in other.inner_text(".figure-value")

    kept = OwnFactor.objects.get(factor_id="own-power-2023")
    assert (kept.state, kept.co2_kg) == ("approved", "0.12")
