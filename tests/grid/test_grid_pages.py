"""The pages of the grid: who may do what, without a script, with wrong input, with two people."""

import json
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from test_posting import JAN, cell, submit, type_in

from linyin.ledger.web.grid_actions import return_cell
from linyin.ledger.web.models import CellDraft, CellEvidence, CellNote, SiteMonth, SourceLine
from linyin.platform.models import AuditEvent, Document

PDF = b"%PDF-1.7 bill"


@pytest.fixture
def client_of(world, settings):
    settings.IS_DEMO = True  # the second factor of approvers has its own tests

    def client(person):
        made = Client(HTTP_HOST="localhost")
        if person is not None:
            person.is_demo = True
            person.save()
            made.force_login(person)
        return made

    return client


@pytest.fixture
def page(world, client_of):
    return client_of(world.owner).get("/inventory/entry/HEYUAN/?month=2024-01").content.decode()


def field_of(page, line, month=JAN):
    """Name of a cell's field."""
    return re.search(rf'name="(c\.{line.pk}\.{month:%Y-%m}\.[^"]+)"', page)[1]


def as_json(client, url, data):
    return client.post(url, data, headers={"Accept": "application/json"})


def paths(world):
    at = f"/inventory/entry/HEYUAN/2024-01/{world.power.pk}/"
    return {
        "view": ["/inventory/entry/HEYUAN/", at],
        "edit": [
            ("/inventory/entry/HEYUAN/", {"year": "2024", "x": ""}),
            ("/inventory/entry/HEYUAN/2024-01/submit/", {}),
            ("/inventory/entry/HEYUAN/2024-01/reopen/", {"reason": "r"}),
            (f"{at}details/", {"reason": "r"}),
            (f"{at}evidence/", {}),
        ],
        "approve": [
            ("/inventory/entry/HEYUAN/2024-01/approve/", {}),
            (f"{at}return/", {"comment": "c"}),
        ],
    }


@pytest.mark.parametrize("who", ["owner", "manager", "reader", "stranger", None])
def test_a_site_is_seen_by_who_reaches_it_and_unknown_to_others(world, client_of, who):
    client = client_of(who and getattr(world, who))

    expected = {None: 302, "stranger": 404}.get(who, 200)
    assert {client.get(path).status_code for path in paths(world)["view"]} == {expected}
    assert client.get("/inventory/entry/UNKNOWN/").status_code == (302 if who is None else 404)


@pytest.mark.parametrize(
    ("who", "may"),
    [("owner", {"edit"}), ("manager", {"approve"}), ("reader", set()), ("stranger", set())],
)
def test_what_may_be_done_to_a_site_follows_the_grant_and_denial_changes_nothing(
    world, client_of, who, may
):
    type_in(world, world.power, JAN, "1010")
    type_in(world, world.gas, JAN, "50")
    record = submit(world, who=world.second)
    events = AuditEvent.objects.count()
    client = client_of(getattr(world, who))

    for permission in {"edit", "approve"} - may:
        for path, data in paths(world)[permission]:
            assert client.post(path, data).status_code == (404 if who == "stranger" else 403), path
    assert SiteMonth.objects.get().state == "submitted"
    assert SiteMonth.objects.get().version == record.version
    assert AuditEvent.objects.count() == events
    assert not CellDraft.objects.exists()
    assert not CellNote.objects.exists()


def test_nobody_who_is_not_signed_in_changes_anything(world, client_of):
    client = client_of(None)

    for path, data in [*paths(world)["edit"], *paths(world)["approve"]]:
        assert client.post(path, data).status_code == 302
    assert not CellDraft.objects.exists()


def test_the_form_saves_without_a_script_and_leaves_untouched_cells_alone(world, client_of, page):
    type_in(world, world.gas, JAN, "48", who=world.second)
    names = dict.fromkeys(re.findall(r'name="(c\.[^"]+)"', page), "")
    names |= dict(re.findall(r'name="(c\.[^"]+)" value="([^"]*)"', page))
    assert len(names) == 24

    answer = client_of(world.owner).post(
        "/inventory/entry/HEYUAN/",
        names | {field_of(page, world.power): "1,010", "year": "2024", "month": "2024-01"},
    )
    assert answer.status_code == 200
    assert cell(world, world.power, JAN).quantity == 1010.0
    assert cell(world, world.gas, JAN).quantity == 48.0


def test_a_stale_edit_is_refused_with_the_difference_shown(world, client_of, page):
    type_in(world, world.power, JAN, "1234", who=world.second)
    data = {field_of(page, world.power): "1010", "year": "2024", "month": "2024-01"}

    answer = client_of(world.owner).post("/inventory/entry/HEYUAN/", data)
    assert answer.status_code == 409
    assert "second has entered 1234" in answer.content.decode()
    told = as_json(client_of(world.owner), "/inventory/entry/HEYUAN/", data)
    assert told.status_code == 409
    (one,) = told.json()["cells"]
    assert (one["outcome"], one["theirs"], one["by"]) == ("stale", "1234", "second")
    assert cell(world, world.power, JAN).quantity == 1234.0


def test_a_saved_cell_tells_the_browser_what_is_to_be_known(world, client_of, page):
    told = as_json(
        client_of(world.owner), "/inventory/entry/HEYUAN/",
        {field_of(page, world.power): "0.2 万kWh", "year": "2024"},
    ).json()  # fmt: skip

    (one,) = told["cells"]
    assert one["text"] == "2,000"
    assert one["asks"] == "deviation"
    assert "+100 %" in one["aside"]
    assert "万kWh was converted" in one["aside"]
    assert told["months"]["2024-01"]["count"] == "1/2"
    assert one["name"] == field_of(
        client_of(world.owner).get("/inventory/entry/HEYUAN/?year=2024").content.decode(),
        world.power,
    )


def test_wrong_input_stays_in_its_cell_with_the_message_beside_it(world, client_of, page):
    answer = client_of(world.owner).post(
        "/inventory/entry/HEYUAN/",
        {field_of(page, world.power): "12 t", "year": "2024", "month": "2024-01"},
    )

    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'value="12 t"' in text
    assert "t (mass) and kWh (energy) do not fit" in text


def test_submitting_says_in_the_readers_language_what_each_cell_lacks(world, client_of):
    world.owner.language = "zh-hans"
    answer = client_of(world.owner).post("/inventory/entry/HEYUAN/2024-01/submit/")

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "生产线总表：尚未填报" in text
    assert f'href="#c-{world.power.pk}-2024-01"' in text


def test_a_month_goes_from_owner_to_manager_and_back_and_is_approved(world, client_of):
    owner, manager = client_of(world.owner), client_of(world.manager)
    type_in(world, world.power, JAN, "1010")
    type_in(world, world.gas, JAN, "50")

    assert owner.post("/inventory/entry/HEYUAN/2024-01/submit/").status_code == 302
    at = f"/inventory/entry/HEYUAN/2024-01/{world.gas.pk}/"
    assert manager.post(f"{at}return/", {"comment": "see the bill"}).status_code == 302
    assert "see the bill" in owner.get("/inventory/entry/HEYUAN/?month=2024-01").content.decode()
    page = owner.get("/inventory/entry/HEYUAN/?month=2024-01").content.decode()
    owner.post("/inventory/entry/HEYUAN/", {field_of(page, world.gas): "55", "year": "2024"})
    assert owner.post("/inventory/entry/HEYUAN/2024-01/submit/").status_code == 302
    assert manager.post("/inventory/entry/HEYUAN/2024-01/approve/").status_code == 302

    assert SiteMonth.objects.get().state == "approved"
    page = owner.get("/inventory/entry/HEYUAN/?month=2024-01").content.decode()
    assert "Approved by manager" in page
    assert re.search(rf'id="c-{world.gas.pk}-2024-01"[^>]* readonly', page)


def test_evidence_is_kept_under_its_hash_and_becomes_the_activitys(world, client_of):
    client = client_of(world.owner)
    at = f"/inventory/entry/HEYUAN/2024-01/{world.power.pk}/"
    upload = SimpleUploadedFile("bill.pdf", PDF, "application/pdf")

    told = client.post(f"{at}evidence/", {"files": upload}, headers={"Accept": "application/json"})
    assert told.status_code == 200
    document = Document.objects.get()
    assert document.path.read_bytes() == PDF
    assert document.sha256[:12] in told.json()["panel"]
    type_in(world, world.power, JAN, "1010")
    type_in(world, world.gas, JAN, "50")
    submit(world)
    (row,) = world.activities("external_id = 'HEYUAN-P1-2024-01'")
    assert (row["evidence_file"], row["evidence_sha256"]) == ("bill.pdf", document.sha256)
    # data owners may read documents of their sites; the same file is nobody else's
    answer = client.get(f"{at}documents/{document.sha256}/")
    assert b"".join(answer.streaming_content) == PDF
    assert "attachment" in answer["Content-Disposition"]
    assert (
        client.get(
            f"/inventory/entry/HEYUAN/2024-01/{world.gas.pk}/documents/{document.sha256}/"
        ).status_code
        == 404
    )
    assert client_of(world.stranger).get(f"{at}documents/{document.sha256}/").status_code == 404
    assert client_of(world.reader).get(f"{at}documents/{document.sha256}/").status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bill.exe", b"MZ", "is of a kind"),
        ("bill.pdf", b"MZ not a pdf", "is not what its name says"),
        ("bill.pdf", b"", "empty"),
    ],
)
def test_files_that_are_no_evidence_are_refused(world, client_of, name, content, words):
    at = f"/inventory/entry/HEYUAN/2024-01/{world.power.pk}/"
    answer = client_of(world.owner).post(
        f"{at}evidence/", {"files": SimpleUploadedFile(name, content)}
    )

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Document.objects.exists()
    assert not CellEvidence.objects.exists()


def test_evidence_of_a_submitted_month_stays(world, client_of):
    client, at = client_of(world.owner), f"/inventory/entry/HEYUAN/2024-01/{world.power.pk}/"
    client.post(f"{at}evidence/", {"files": SimpleUploadedFile("bill.pdf", PDF)})
    type_in(world, world.power, JAN, "1010")
    type_in(world, world.gas, JAN, "50")
    submit(world)

    shown = CellEvidence.objects.get()
    assert client.post(f"{at}remove/", {"shown": shown.pk}).status_code == 422
    assert CellEvidence.objects.filter(pk=shown.pk).exists()


def test_the_overview_counts_what_is_in_and_shows_each_state(world, client_of):
    type_in(world, world.power, JAN, "1010")
    page = client_of(world.owner).get("/inventory/entry/?year=2024").content.decode()

    assert "1 of 2 sources of January 2024 is in." in page
    assert "Heyuan campus" in page
    assert "Nanjing" not in page
    submit_all(world)
    page = client_of(world.owner).get("/inventory/entry/?year=2024&month=2024-01").content.decode()
    assert re.search(
        r'data-state="submitted"><a href="/inventory/entry/HEYUAN/\?month=2024-01"', page
    )
    assert "2 of 2 sources of January 2024 are in." in page


def submit_all(world):
    type_in(world, world.gas, JAN, "50")
    return submit(world)


def test_the_overview_narrows_to_a_part_of_the_organization(world, client_of):
    from linyin.platform.models import Grant

    Grant.objects.create(person=world.owner, role="data_owner", node=world.group)
    client = client_of(world.owner)

    assert "Nanjing campus" in client.get("/inventory/entry/?year=2024").content.decode()
    page = client.get("/inventory/entry/?year=2024&node=HEYUAN").content.decode()
    assert '<th scope="row"><a href="/inventory/entry/NANJING/' not in page


def test_months_of_a_site_are_one_task_and_are_approved_one_after_the_other(world, client_of):
    months = [date(2024, month, 1) for month in (3, 1, 2)]
    for month in months:
        SiteMonth.objects.create(
            site=world.site, month=month, state="submitted", submitted_by=world.owner
        )
    manager = client_of(world.manager)

    (task,) = [t for t in world.actor(world.manager).tasks if t.kind == "approve"]
    assert "3 months, the oldest first" in task.title
    assert task.href.endswith("?month=2024-01")
    first = manager.post(f"/inventory/entry/{world.site.code}/2024-01/approve/")
    assert first["Location"].endswith("month=2024-02")
    for month in ("02", "03"):
        last = manager.post(f"/inventory/entry/{world.site.code}/2024-{month}/approve/")
    assert last["Location"].endswith("month=2024-03")
    assert "Months to approve" not in manager.get("/home/tasks/").content.decode()


def test_months_that_an_approver_typed_in_are_not_theirs_to_approve_next(world, client_of):
    own = {date(2023, 12, 1): [world.manager.pk], date(2024, 1, 1): [], date(2024, 2, 1): []}
    for month, typed in own.items():
        SiteMonth.objects.create(
            site=world.site, month=month, state="submitted", typed_by=typed,
            submitted_by=world.owner if month.month != 2 else world.second,
        )  # fmt: skip
    manager = client_of(world.manager)

    (task,) = [t for t in world.actor(world.manager).tasks if t.kind == "approve"]
    assert task.href.endswith("?month=2024-01")
    assert all(str(who) in task.detail for who in (world.owner, world.second))
    done = manager.post(f"/inventory/entry/{world.site.code}/2024-01/approve/")
    assert done["Location"].endswith("month=2024-02")


def test_tasks_are_what_waits_for_each_person(world, client_of):
    type_in(world, world.power, JAN, "1010")
    record = submit_all(world)

    assert "January 2024" in client_of(world.manager).get("/home/tasks/").content.decode()
    assert "January 2024" not in client_of(world.owner).get("/home/tasks/").content.decode()
    return_cell(world.actor(world.manager), record, line=world.gas.pk, comment="bill?")
    assert "1 cell to mend" in client_of(world.owner).get("/home/tasks/").content.decode()
    assert "January 2024" not in client_of(world.manager).get("/home/tasks/").content.decode()
    assert "January 2024" not in client_of(world.stranger).get("/home/tasks/").content.decode()


def test_a_link_to_a_month_puts_the_cursor_into_its_first_empty_cell(world, client_of):
    first = SourceLine.objects.filter(site=world.site).first()
    type_in(world, first, JAN, "1010")
    page = client_of(world.owner).get("/inventory/entry/HEYUAN/?month=2024-01").content.decode()

    (focused,) = re.findall(r'id="(c-[^"]+)"[^>]* autofocus', page)
    assert focused == f"c-{SourceLine.objects.filter(site=world.site)[1].pk}-2024-01"


@pytest.mark.parametrize(
    "query", ["?year=abc", "?year=99999", "?month=2024-13", "?month=x&year=2023"]
)
def test_a_year_or_month_that_is_none_opens_no_year(world, client_of, query):
    assert client_of(world.owner).get(f"/inventory/entry/HEYUAN/{query}").status_code == 404


def test_a_form_that_says_nonsense_keeps_nothing(world, client_of):
    data = {
        "c.x.2024-01.0.0": "1",
        "c.1.2024-99.0.0": "1",
        "c.1": "2",
        "c.99999.2024-01.0.0": "5",
        "year": "20x4",
    }
    answer = as_json(client_of(world.owner), "/inventory/entry/HEYUAN/", data)

    assert answer.status_code == 200
    assert json.loads(answer.content)["cells"] == []
    assert not CellDraft.objects.exists()


def test_a_cell_of_another_site_is_not_saved_through_this_one(world, client_of):
    other = SourceLine.objects.get(code="NANJING-P1")
    as_json(
        client_of(world.owner),
        "/inventory/entry/HEYUAN/",
        {f"c.{other.pk}.2024-01.0-0-0.0": "5", "year": "2024"},
    )

    assert not CellDraft.objects.exists()
    at = f"/inventory/entry/HEYUAN/2024-01/{other.pk}/"
    assert client_of(world.owner).get(at).status_code == 404
    assert client_of(world.owner).post(f"{at}details/", {"reason": "x"}).status_code == 404


def test_the_details_page_shows_the_past_of_its_row(world, client_of):
    march = date(2023, 3, 1)
    type_in(world, world.power, march, "1200", reason="read again")
    submit(world, march)
    page = (
        client_of(world.owner)
        .get(f"/inventory/entry/HEYUAN/2023-03/{world.power.pk}/")
        .content.decode()
    )

    assert page.index("1,200") < page.index("1,003")
    assert "read again" in page


def test_items_and_units_are_shown_in_words_and_kept_as_codes(world, client_of):
    SourceLine.objects.filter(pk=world.power.pk).update(item="naics_334413", unit="piece")
    world.owner.language = "zh-hans"
    world.owner.save()
    client = client_of(world.owner)

    grid = client.get("/inventory/entry/HEYUAN/?month=2024-01").content.decode()
    line = client.get(f"/inventory/lines/{world.power.pk}/").content.decode()
    exported = b"".join(client.get("/inventory/lines/file.csv")).decode()

    assert '<span class="mg-unit">件' in grid
    assert "半导体器件与集成电路" in line
    assert "naics_334413" not in re.sub(r'href="[^"]*"', "", line)  # an address holds codes
    assert {"naics_334413", "piece"} <= set(exported.replace("\r\n", ",").split(","))


def test_a_reason_on_the_page_of_a_cell_leaves_what_was_typed(world, client_of):
    """The page shows 5 MWh as 5,000 kWh: that is not typed again when only the reason is."""
    at = f"/inventory/entry/HEYUAN/2024-01/{world.power.pk}/"
    owner = client_of(world.owner)

    def sent(**typed):
        page = owner.get(at)
        shown = page.context["cell"]
        stated = {"token": shown.cell.token, "shown": shown.text, "text": shown.text} | typed
        return owner.post(f"{at}details/", stated).status_code

    assert sent(text="5 MWh") == 302
    before = CellDraft.objects.get().text
    assert sent(reason="a hot month") == 302
    draft = CellDraft.objects.get()
    assert (draft.text, draft.reason) == (before, "a hot month")
    assert sent(text="7") == 302
    assert CellDraft.objects.get().text == "7"
