"""An import in a browser: what is wrong is seen and mended, the rows come in and go again."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db(transaction=True)

COMMIT = "main button:has-text('Commit')"
HEADERS = ("Ref", "Where", "Month", "Power (MWh)")
COLUMNS = {"Ref": "external_id", "Where": "site", "Month": "period", "Power (MWh)": "quantity"}
CONSTANTS = {"source_type": "electricity", "item": "electricity", "status": "invoiced"}
WRONG = [
    ("w1", "A1", "2023-01", "12.5"),
    ("w2", "A9", "2023-02", "13"),
    ("w3", "A1", "2023-13", "14"),
    ("w4", "A2", "2023-04", "a lot"),
]
MENDED = [WRONG[0], ("w2", "A2", *WRONG[1][2:]), ("w3", "A1", "2023-03", "14"),
          ("w4", "A2", "2023-04", "15")]  # fmt: skip


@pytest.fixture
def send(tmp_path):
    """Upload rows as a file through the first page of an import."""

    def sent(visitor, name, rows, *, again=False):
        path = tmp_path / name
        if path.suffix == ".xlsx":
            import xlsxwriter

            with xlsxwriter.Workbook(path) as book:
                sheet = book.add_worksheet("Meters")
                for line, row in enumerate([HEADERS, *rows]):
                    sheet.write_row(line, 0, row)
        else:
            path.write_text("".join(",".join(row) + "\n" for row in [HEADERS, *rows]), "utf-8")
        if again:
            page = visitor.page
            page.click("text=Upload the mended file")
            page.wait_for_selector("[name=upload]", state="attached")
        else:
            page = visitor.visit("/inventory/imports/new/")
            page.select_option("[name=node]", "A")
            page.fill("[name=source]", "meters")
        assert page.input_value("[name=source]") == "meters"
        page.set_input_files("[name=upload]", path)
        page.click("main button[type=submit]")
        page.wait_for_url("**/map/**")
        return page

    return sent


def check(page, work):
    """Have the file checked as it is mapped, and wait until the page shows what was found."""
    page.click("main button[type=submit]")
    page.wait_for_url("**/look/**")
    page.wait_for_selector("main .progress-part progress")
    assert "inventory.check_import" in work()
    page.wait_for_selector("main .notice")


def chosen(page):
    """Return which column each header of the file is taken for."""
    return {
        row.locator("th").inner_text(): row.locator("select").input_value()
        for row in page.locator("main table tbody tr").all()
    }


def told(page):
    """Return what the page finds wrong: where, and the beginning of what it says."""
    found = {}
    for part in page.locator("article.finding").all():
        at = part.locator(".finding-at").inner_text().strip()
        found[at] = part.locator(".finding-title").inner_text()
    return found


def listed(visitor):
    """Return the rows of the source that the list of activities shows."""
    page = visitor.visit("/inventory/activities/?source=meters")
    rows = page.locator("main table.data tbody tr").all_inner_texts()
    return sorted(row.split()[0] for row in rows)


def test_wrong_rows_are_seen_and_mended_the_file_comes_in_and_goes_again(
    enterprise, come, send, work
):
    from linyin.inventory.web.models import Import

    owner = come(enterprise.actor("data_owner", "A"))

    page = send(owner, "wrong.csv", WRONG)
    for header, column in COLUMNS.items():
        row = page.locator("main table tbody tr", has=page.locator(f"th:text-is('{header}')"))
        row.locator("select").select_option(column)
    for name, value in CONSTANTS.items():
        field = page.locator(f"[name=constant-{name}]")
        (field.fill if name == "item" else field.select_option)(value)
    owner.check("columns of a new file")
    check(page, work)
    owner.check("wrong rows of an import")
    found = told(page)
    assert set(found) == {
        "wrong.csv, row 3, column Where", "wrong.csv, row 4, column Month",
        "wrong.csv, row 5, column Power (MWh)",
    }, found  # fmt: skip
    assert "A9" in found["wrong.csv, row 3, column Where"]
    assert "a lot" in found["wrong.csv, row 5, column Power (MWh)"]
    assert page.locator(COMMIT).count() == 0

    with page.expect_download() as given:
        page.click("text=Download the wrong rows")
    owner.problems.remove(f"failed: {given.value.url} net::ERR_ABORTED")  # no page came of it
    assert given.value.suggested_filename == "wrong-wrong-rows.csv"
    taken = given.value.path().read_text("utf-8-sig")
    assert [line.split(",")[0] for line in taken.splitlines() if line.startswith("w")] == [
        "w2", "w3", "w4",
    ]  # fmt: skip

    page = send(owner, "nearly.xlsx", [*MENDED[:3], WRONG[3]], again=True)
    assert chosen(page) == COLUMNS  # as the file with the same headers was mapped
    assert page.input_value("[name=constant-item]") == CONSTANTS["item"]
    check(page, work)
    assert set(told(page)) == {"nearly.xlsx, sheet Meters, row 5, column Power (MWh)"}

    page.get_by_label("Power (MWh)", exact=True).fill("15")
    check(page, work)
    assert "1 row was mended" in page.locator("main").inner_text()
    owner.check("what an import would change")
    shown = page.locator("main table tbody tr").all_inner_texts()
    assert [line.split()[:2] for line in shown] == [["New", row[0]] for row in MENDED]
    assert listed(owner) == []
    record = Import.objects.get(name="nearly.xlsx")

    page = owner.visit(f"/inventory/imports/{record.pk}/look/")
    page.fill("[name=reason]", "bills of the year")
    page.click(COMMIT)
    page.wait_for_selector("main .progress-part progress")
    assert "inventory.import" in work()
    page.wait_for_selector("main .notice.tone-good")
    owner.check("a committed import")
    assert listed(owner) == [row[0] for row in MENDED]

    page = owner.visit(f"/inventory/imports/{record.pk}/look/")
    page.click(".page-buttons >> text=Undo")
    page.fill("[name=reason]", "another meter")
    page.click("main form button[type=submit]")
    page.wait_for_selector("main .progress-part progress")
    assert "inventory.undo_import" in work()
    page.click("main .progress-part a")
    page.wait_for_selector("main .notice:has-text('It was undone.')")
    assert page.locator(".page-buttons >> text=Undo").count() == 0
    owner.check("an import that was undone")
    assert listed(owner) == []
