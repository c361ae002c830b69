"""The grid in a browser: keys, paste, undo, drafts, evidence, two people, a phone."""

import re
import time

import pytest
from browsing import PHONE
from playwright.sync_api import expect
from test_posting import JAN, cell, submit, type_in

from linyin.ledger.web.models import CellDraft, SiteMonth
from linyin.platform.models import Document

URL = "/inventory/entry/HEYUAN/?month=2024-01"


def field(page, line, month="2024-01"):
    return page.locator(f"#c-{line.pk}-{month}")


def saved(page):
    expect(page.locator(".mg-status")).to_contain_text(re.compile("Saved|已保存"))


def paste(page, text):
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.activeElement.dispatchEvent(
                new ClipboardEvent(
                    "paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def drop_bill(page, line, month="2024-01"):
    page.evaluate(
        """key => {
            const data = new DataTransfer();
            data.items.add(new File(["%PDF-1.7 bill"], "bill.pdf", { type: "application/pdf" }));
            for (const kind of ["dragover", "drop"]) document.getElementById(key).dispatchEvent(
                new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        f"c-{line.pk}-{month}",
    )


def test_from_the_mail_to_a_submitted_month_is_typing_and_one_click(world, visit):
    page = visit(world.owner, URL)

    page.keyboard.type("1,010")
    page.keyboard.press("Enter")
    page.keyboard.type("52")
    page.get_by_role("button", name="Submit January 2024").click()
    page.wait_for_url("**month=2024-01")
    expect(page.locator(".mg-bar:not([hidden])")).to_contain_text("submitted")
    assert SiteMonth.objects.get().submitted_by == world.owner
    assert [row["quantity"] for row in world.activities("source = 'grid'")] == [52.0, 1010.0]


def test_what_is_typed_is_on_the_server_although_the_browser_is_closed(world, visit):
    page = visit(world.owner, URL)
    page.keyboard.type("1010")
    saved(page)
    page.keyboard.press("Enter")
    page.keyboard.type("49")
    page.close(run_before_unload=True)  # what it sends last may still be on its way
    until = time.monotonic() + 20
    while not CellDraft.objects.filter(line=world.gas).exists() and time.monotonic() < until:
        time.sleep(0.1)

    again = visit(world.owner, URL)
    expect(field(again, world.power)).to_have_value("1,010")
    expect(field(again, world.gas)).to_have_value("49")


def test_keys_move_through_the_cells(world, visit):
    page = visit(world.owner, URL)
    focused = page.locator("*:focus")

    expect(focused).to_have_id(f"c-{world.power.pk}-2024-01")
    for key, cell_id in [
        ("ArrowRight", f"c-{world.power.pk}-2024-02"),
        ("ArrowDown", f"c-{world.gas.pk}-2024-02"),
        ("ArrowLeft", f"c-{world.gas.pk}-2024-01"),
        ("ArrowUp", f"c-{world.power.pk}-2024-01"),
        ("Enter", f"c-{world.gas.pk}-2024-01"),
        ("Shift+Enter", f"c-{world.power.pk}-2024-01"),
        ("Tab", f"c-{world.power.pk}-2024-02"),
    ]:
        page.keyboard.press(key)
        expect(focused).to_have_id(cell_id)
    expect(page.locator(".mg-bar:not([hidden]) h2")).to_have_text("February 2024")


def test_escape_takes_back_and_ctrl_z_undoes_the_last_edits(world, visit):
    page = visit(world.owner, URL)
    page.keyboard.type("1010")
    page.keyboard.press("Escape")
    expect(field(page, world.power)).to_have_value("")

    page.keyboard.type("1010")
    page.keyboard.press("Enter")
    page.keyboard.type("50")
    page.keyboard.press("ArrowUp")
    saved(page)
    page.keyboard.press("Control+z")
    expect(field(page, world.gas)).to_have_value("")
    page.keyboard.press("Control+z")
    expect(field(page, world.power)).to_have_value("")
    expect(page.locator(".mg-bar:not([hidden])")).to_contain_text("0 of 2")
    assert not CellDraft.objects.filter(quantity__isnull=False).exists()


def test_a_block_from_a_spreadsheet_fills_the_cells_and_one_undo_empties_them(world, visit):
    page = visit(world.owner, URL)
    paste(page, "1,010\t1,020\t0.1030 万kWh\r\n50\t0\tn/a\r\n7\t8\t9\r\n")

    expect(page.locator(".mg-status")).to_contain_text(
        "Pasted cells outside the open ones were left out: 3"
    )
    expect(field(page, world.power, "2024-03")).to_have_value("1,030")
    expect(field(page, world.gas, "2024-02")).to_have_value("0")
    expect(field(page, world.gas, "2024-03")).to_have_value("n/a")
    expect(field(page, world.gas, "2024-03")).to_have_attribute("aria-invalid", "")
    expect(page.locator("#m-2024-01 .mg-count")).to_have_text("2/2")
    assert cell(world, world.power, JAN).quantity == 1010.0

    field(page, world.power).focus()
    page.keyboard.press("Control+z")
    expect(field(page, world.power, "2024-03")).to_have_value("")
    expect(page.locator("#m-2024-01 .mg-count")).to_have_text("0/2")


def test_a_far_deviation_asks_why_and_the_answer_is_kept(world, visit):
    page = visit(world.owner, URL)
    page.keyboard.type("2000")
    asks = page.locator(f"#d-{world.power.pk}-2024-01 .mg-asks")
    expect(asks).to_have_text("Why?")
    expect(page.locator(".mg-bar:not([hidden])")).to_contain_text("1 value needs attention")

    asks.click()
    expect(page.get_by_label("It deviates by more than 30 %: why?")).to_be_focused()
    page.keyboard.type("second production line")
    expect(asks).to_have_count(0)
    assert CellDraft.objects.get().reason == "second production line"
    page.keyboard.press("Escape")
    expect(field(page, world.power)).to_be_focused()


def test_two_people_on_one_cell_see_the_difference_and_choose(world, visit):
    page = visit(world.owner, URL)
    type_in(world, world.power, JAN, "1234", who=world.second)
    page.keyboard.type("1010")

    bubble = page.get_by_role("alert").filter(has_text="second entered 1234")
    expect(bubble).to_be_visible()
    expect(field(page, world.power)).to_have_value("1010")
    assert cell(world, world.power, JAN).quantity == 1234.0
    bubble.get_by_role("button", name="Keep mine").click()
    saved(page)
    expect(bubble).to_have_count(0)
    page.wait_for_timeout(300)
    assert cell(world, world.power, JAN).quantity == 1010.0


def test_evidence_is_dropped_on_the_cell_and_its_hash_is_shown(world, visit):
    page = visit(world.owner, URL)
    drop_bill(page, world.power)
    panel = page.locator("#mg-panel")

    expect(panel).to_contain_text("bill.pdf")
    expect(panel).to_contain_text(Document.objects.get().sha256[:12])
    expect(page.locator(f"#d-{world.power.pk}-2024-01")).to_contain_text("1")


def test_details_that_come_late_do_not_hide_the_evidence_dropped_since(world, visit):
    page = visit(world.owner, URL)
    panel = page.locator("#mg-panel")
    expect(panel.get_by_role("heading", level=2)).to_be_visible()
    late = []
    page.route(
        f"**/2024-01/{world.gas.pk}/", lambda route: late.append((route, route.fetch().text()))
    )
    field(page, world.gas).click()
    while not late:
        page.wait_for_timeout(20)
    drop_bill(page, world.gas)
    expect(panel).to_contain_text("bill.pdf")

    route, without_evidence = late[0]
    assert "bill.pdf" not in without_evidence
    route.fulfill(body=without_evidence)
    page.wait_for_timeout(100)
    expect(panel).to_contain_text("bill.pdf")


def test_an_approver_returns_a_cell_and_the_owner_reads_why(world, visit):
    type_in(world, world.power, JAN, "1010")
    type_in(world, world.gas, JAN, "50")
    submit(world)
    page = visit(world.manager, URL)

    expect(page.get_by_role("button", name="Approve January 2024")).to_be_visible()
    field(page, world.gas).click()
    page.get_by_label("What is to be mended?").fill("the bill says 55")
    page.get_by_role("button", name="Return this cell").click()
    expect(page.locator(".mg-bar:not([hidden])")).to_contain_text("returned")
    owner = visit(world.owner, URL)
    expect(field(owner, world.gas)).to_be_focused()
    expect(owner.locator(f"#d-{world.gas.pk}-2024-01 .mg-note")).to_contain_text("the bill says 55")
    owner.keyboard.type("55")
    owner.get_by_role("button", name="Submit January 2024").click()
    expect(owner.locator(".mg-bar:not([hidden])")).to_contain_text("submitted")


def test_a_lost_connection_loses_nothing(world, visit):
    page = visit(world.owner, "/inventory/entry/HEYUAN/?year=2024")
    page.route("**/inventory/entry/HEYUAN/", lambda route: route.abort())
    field(page, world.power).click()
    page.keyboard.type("1010")
    expect(page.locator(".mg-status")).to_contain_text("Not saved")
    expect(field(page, world.power)).to_have_value("1010")

    page.unroute("**/inventory/entry/HEYUAN/")
    expect(page.locator(".mg-status")).to_contain_text("Saved", timeout=15000)
    assert cell(world, world.power, JAN).quantity == 1010.0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_phone_shows_one_month_as_cards_without_sideways_scroll(world, visit, language):
    world.owner.language = language
    page = visit(world.owner, URL, PHONE)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".mg-in:visible").count() == 2
    field(page, world.power).fill("2000")
    saved(page)
    page.locator(".mg-bar:not([hidden]) [rel=next]").click()
    assert page.locator(".mg-in:visible").count() == 2
    expect(field(page, world.power, "2024-02")).to_be_visible()
    page.locator(".mg-bar:not([hidden]) [rel=prev]").click()
    page.locator(f"#d-{world.power.pk}-2024-01 .mg-asks").click()
    page.locator("#p-reason").fill("second line")
    page.locator(".mg-details button").click()
    page.wait_for_load_state()
    assert CellDraft.objects.get().reason == "second line"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_a_script_the_form_saves_all_the_same(world, visit):
    page = visit(world.owner, URL, java_script_enabled=False)
    field(page, world.power).fill("1,010")
    page.get_by_role("button", name="Save").click()

    expect(field(page, world.power)).to_have_value("1,010")
    assert cell(world, world.power, JAN).quantity == 1010.0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_year_fits_the_width_of_a_small_laptop(world, visit, language):
    world.owner.language = language
    world.owner.save()
    for number in range(1, 13):
        type_in(world, world.power, JAN.replace(month=number), "12,345,678")
    page = visit(world.owner, URL)
    page.set_viewport_size({"width": 1366, "height": 768})

    width = "const { scrollWidth, clientWidth } = document.querySelector('.mg-scroll');"
    wide, room = page.evaluate(f"() => {{ {width} return [scrollWidth, clientWidth] }}")
    assert wide <= room
    expect(field(page, world.power, "2024-12")).to_be_in_viewport()
