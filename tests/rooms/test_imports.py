"""Imports: mapped, checked against the lake, committed once, undone."""

from itertools import groupby

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linyin.lake import BadInput, current_revisions

pytestmark = pytest.mark.django_db(transaction=True)

CSV = "编号,场所,类型,项目,月份,用电量（MWh）\n{rows}"
CONSTANTS = {"source_type": "electricity", "item": "electricity"}


def file(*rows, name="meters.csv"):
    text = "id,where,month,kwh\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    return SimpleUploadedFile(name, text.encode())


MAPPING = {"id": "external_id", "where": "site", "month": "period", "kwh": "quantity"}


@pytest.fixture
def brought(enterprise):
    """Brings rows in as far as the check: id, site, month, kWh."""
    from linyin.inventory.web.imports.actions import check_import, map_import, upload_import
    from linyin.organization.web.models import Node

    def bring(actor, *rows, is_full=False, source="meters"):
        record = upload_import(
            actor, node=Node.objects.get(code="A"), upload=file(*rows), source=source,
            is_full=is_full,
        )  # fmt: skip
        constants = {**CONSTANTS, "unit": "kWh"}
        map_import(actor, record, mapping=MAPPING, constants=constants)
        return check_import(actor, record)

    return bring


def rows_of(source="meters"):
    import duckdb

    from linyin.platform.lake import workspace_lake

    with duckdb.connect() as connection:
        return connection.execute(
            "SELECT external_id, quantity "
            f"FROM ({current_revisions(workspace_lake(), 'activities')}) "
            "WHERE source = ? ORDER BY external_id",
            [source],
        ).fetchall()


def codes(record):
    return [finding["code"] for finding in record.findings]


def test_a_mapped_file_is_compared_with_what_is_there_before_anything_is_written(
    enterprise, brought
):
    from linyin.inventory.web.imports.actions import commit_import

    owner = enterprise.actor("data_owner", "A")
    first = brought(owner, ("r1", "A1", "2024-01", 10), ("r2", "A1", "2024-02", 20))
    assert (first.counts["new"], first.counts["errors"], rows_of()) == (2, 0, [])
    commit_import(owner, first)

    second = brought(owner, ("r1", "A1", "2024-01", 10), ("r2", "A1", "2024-02", 21))

    assert {k: second.counts[k] for k in ("rows", "new", "revised", "unchanged")} == {
        "rows": 2, "new": 0, "revised": 1, "unchanged": 1,
    }  # fmt: skip
    (change,) = second.counts["changes"]
    assert (change["external_id"], change["before"]["quantity"]) == ("r2", "20.0")
    assert rows_of() == [("r1", 10.0), ("r2", 20.0)]


def test_what_others_change_after_the_check_is_not_written_over_unseen(enterprise, brought):
    from linyin.inventory.web.imports.actions import commit_import, request_commit

    owner, office = enterprise.actor("data_owner", "A"), enterprise.actor("carbon_office")
    commit_import(owner, brought(owner, ("r1", "A1", "2024-01", 10), ("r2", "A1", "2024-01", 3)))
    mine = brought(owner, ("r1", "A1", "2024-01", 11))
    shown = mine.counts["digest"]
    commit_import(office, brought(office, ("r1", "A1", "2024-01", 99)))

    with pytest.raises(BadInput) as unseen:
        commit_import(owner, mine)
    mine.refresh_from_db()
    with pytest.raises(BadInput) as stale:
        request_commit(owner, mine, seen=shown)

    for refused in (unseen, stale):
        assert [f.code for f in refused.value.findings] == ["import-changed-meanwhile"]
    (change,) = mine.counts["changes"]
    assert (change["before"]["quantity"], change["row"]["quantity"]) == ("99.0", "11.0")
    assert rows_of() == [("r1", 99.0), ("r2", 3.0)]
    commit_import(owner, mine)
    assert rows_of() == [("r1", 11.0), ("r2", 3.0)]


def test_every_column_that_changes_and_every_row_that_goes_is_shown(enterprise, brought):
    from linyin.inventory.web.imports.actions import check_import, commit_import, map_import

    owner = enterprise.actor("data_owner", "A")
    commit_import(owner, brought(owner, ("r1", "A1", "2024-01", 10), ("r2", "A1", "2024-02", 20)))
    record = brought(owner, ("r1", "A1", "2024-01", 10), is_full=True)
    map_import(
        owner, record, mapping=MAPPING,
        constants={**CONSTANTS, "unit": "kWh", "relation": "outsourced"},
    )  # fmt: skip
    check_import(owner, record)

    page = enterprise.client("data_owner", "A").get(f"/inventory/imports/{record.pk}/look/")
    revised, removed = page.context["changes"].rows

    assert record.counts["removed"] == 1
    assert "→" in revised.cells[-1]
    assert removed.cells[1] == "r2"
    assert removed.cells[0].label


def test_rows_of_sites_out_of_reach_are_errors_and_keep_the_file_out(enterprise, brought):
    from linyin.inventory.web.imports.actions import request_commit

    owner = enterprise.actor("data_owner", "A")
    record = brought(
        owner, ("r1", "A1", "2024-01", 10), ("r2", "B1", "2024-01", 20),
        ("r3", "B1", "2024-02", 20),
    )  # fmt: skip

    assert codes(record) == ["site-unknown"] * 2
    nowhere = brought(owner, ("r1", "NOWHERE", "2024-01", 20))
    assert codes(nowhere) == ["site-unknown"]
    assert {*record.findings[0]["fields"]} == {*nowhere.findings[0]["fields"]}
    assert [finding["at"]["row"] for finding in record.findings] == [3, 4]
    with pytest.raises(BadInput) as refused:
        request_commit(owner, record)
    assert [f.code for f in refused.value.findings] == ["import-has-errors"]
    assert rows_of() == []


def test_every_wrong_cell_is_told_with_its_row(enterprise, brought):
    record = brought(
        enterprise.actor("data_owner", "A"),
        ("r1", "A1", "2024-01", "ten"),
        ("r2", "A9", "2024-13", 20),
    )

    assert {(f["code"], f["at"]["row"]) for f in record.findings} >= {
        ("number-broken", 2), ("site-unknown", 3), ("period-broken", 3),
    }  # fmt: skip
    assert {f["code"]: f["at"]["column"] for f in record.findings} == {
        "number-broken": "kwh", "site-unknown": "where", "period-broken": "month",
    }  # fmt: skip


def test_a_column_is_named_as_the_file_names_it(enterprise, brought):
    record = brought(
        enterprise.actor("data_owner", "A"), ("r1", "A1", "2024-01", 10), ("r2", "B1", "2024-01", 2)
    )
    page = enterprise.client("data_owner", "A").get(f"/inventory/imports/{record.pk}/look/")

    (found,) = page.context["findings"]
    assert found.at.endswith("where")


def test_a_commit_taken_up_again_after_a_crash_writes_nothing_twice(
    enterprise, brought, monkeypatch
):
    from linyin.inventory.web.imports import actions
    from linyin.platform.lake import workspace_lake

    owner = enterprise.actor("data_owner", "A")
    record = brought(owner, ("r1", "A1", "2024-01", 10))
    version = workspace_lake().version("activities")

    class Killed(BaseException):
        pass

    def die(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(actions.LakeBatch.objects, "filter", die)
        with pytest.raises(Killed):
            actions.commit_import(owner, record)
    record.refresh_from_db()
    assert record.state == "checked"

    committed = actions.commit_import(owner, record)

    assert committed.state == "committed"
    assert len(committed.batches) == 1
    assert workspace_lake().version("activities") == version + 1
    assert rows_of() == [("r1", 10.0)]


def test_an_import_is_undone_to_how_its_source_was(enterprise, brought):
    from linyin.inventory.web.imports.actions import commit_import, restore_source

    owner = enterprise.actor("data_owner", "A")
    commit_import(owner, brought(owner, ("r1", "A1", "2024-01", 10), ("r2", "A1", "2024-02", 20)))
    second = commit_import(
        owner, brought(owner, ("r1", "A1", "2024-01", 11), ("r3", "A1", "2024-03", 5), is_full=True)
    )
    assert rows_of() == [("r1", 11.0), ("r3", 5.0)]

    undone = restore_source(owner, second, reason="wrong meter")

    assert undone.state == "undone"
    assert rows_of() == [("r1", 10.0), ("r2", 20.0)]


def test_what_others_changed_since_is_not_undone(enterprise, brought):
    from linyin.inventory.web.imports.actions import commit_import, restore_source

    owner = enterprise.actor("data_owner", "A")
    first = commit_import(owner, brought(owner, ("r1", "A1", "2024-01", 10)))
    commit_import(owner, brought(owner, ("r1", "A1", "2024-01", 12)))

    with pytest.raises(BadInput) as refused:
        restore_source(owner, first, reason="")

    assert [f.code for f in refused.value.findings] == ["import-changed-since"]
    assert rows_of() == [("r1", 12.0)]


def test_an_import_that_is_over_has_all_its_steps_behind_it_and_is_mapped_no_more(
    enterprise, brought
):
    from linyin.inventory.web.imports.actions import commit_import

    owner, client = enterprise.actor("data_owner", "A"), enterprise.client("data_owner", "A")
    record = brought(owner, ("r1", "A1", "2024-01", 10))
    address = f"/inventory/imports/{record.pk}/look/"
    before = client.get(address).context["steps"].steps
    commit_import(owner, record)
    after = client.get(address).context["steps"].steps

    assert [step.state for step in before] == ["done", "done", "now", "next"]
    assert [bool(step.href) for step in before] == [False, True, True, False]
    assert [(step.state, step.href) for step in after] == [("done", "")] * 4


def test_an_import_can_be_undone_once_what_came_over_it_is_undone(enterprise, brought):
    from linyin.inventory.web.imports.actions import commit_import, restore_source

    owner = enterprise.actor("data_owner", "A")
    first = commit_import(owner, brought(owner, ("r1", "A1", "2024-01", 10)))
    second = commit_import(owner, brought(owner, ("r1", "A1", "2024-01", 12)))
    restore_source(owner, second, reason="wrong meter")

    assert rows_of() == [("r1", 10.0)]
    assert restore_source(owner, first, reason="wrong site").state == "undone"
    assert rows_of() == []


def test_files_with_the_same_headers_start_with_the_mapping_of_the_last(enterprise, brought):
    from linyin.inventory.web.imports.actions import upload_import
    from linyin.organization.web.models import Node

    owner = enterprise.actor("data_owner", "A")
    brought(owner, ("r1", "A1", "2024-01", 10))

    again = upload_import(
        owner, node=Node.objects.get(code="A"), upload=file(("r9", "A1", "2024-01", 1))
    )

    assert again.mapping == MAPPING
    assert again.constants["unit"] == "kWh"


def test_a_site_is_known_by_its_name_where_no_other_is_called_so(enterprise, brought):
    from linyin.organization.web.models import Node

    Node.objects.filter(code="A1").update(name_zh="南京雨花园区", name_en="Nanjing campus")
    Node.objects.filter(code__in=("A2", "B1")).update(name_en="Depot")
    owner = enterprise.actor("data_owner", "A")

    named = brought(
        owner, ("r1", "南京雨花园区", "2024-01", 10), ("r2", "NANJING campus", "2024-02", 10),
        ("r3", "A2", "2024-01", 5),
    )  # fmt: skip
    Node.objects.filter(code="A2").update(name_en="Store")
    Node.objects.filter(code="A").update(name_zh="南京雨花园区")
    twice = brought(owner, ("r1", "南京雨花园区", "2024-01", 10), source="twice")
    away = brought(owner, ("r1", "Depot", "2024-01", 10), source="away")

    assert named.counts["errors"] == 0, named.findings
    shown = {change["external_id"]: change["row"]["site"] for change in named.counts["changes"]}
    assert shown == {"r1": "A1", "r2": "A1", "r3": "A2"}
    assert twice.counts["errors"] == 1
    assert away.counts["errors"] == 1
    assert "B1" not in str(away.findings)


def test_a_file_without_a_kind_of_source_is_told_so(enterprise):
    from linyin.inventory.web.imports.actions import check_import, map_import, upload_import
    from linyin.organization.web.models import Node

    owner = enterprise.actor("data_owner", "A")
    record = upload_import(
        owner, node=Node.objects.get(code="A"), upload=file(("r1", "A1", "2024-01", 10)),
        source="meters",
    )  # fmt: skip
    map_import(owner, record, mapping=MAPPING, constants={})

    checked = check_import(owner, record)

    wrong = [f for f in checked.findings if f["severity"] == "error"]
    assert {f["at"]["column"] for f in wrong} >= {"source_type", "unit"}


def test_beside_wrong_records_no_factor_is_said_to_be_missing(enterprise, brought):
    from datetime import date

    from linyin.organization.web.models import Metric, Node

    owner = enterprise.actor("data_owner", "A")
    assert codes(brought(owner, ("r1", "A1", "2023-01", 10))) == []
    Metric.objects.create(
        node=Node.objects.get(code="A"), metric="heads", value=1, unit="1",
        begin=date(2024, 1, 1), end=date(2023, 1, 1),
    )  # fmt: skip

    assert codes(brought(owner, ("r1", "A1", "2023-01", 10), source="again")) == ["import-untried"]


def test_how_a_node_maps_its_files_is_not_told_to_another(enterprise, brought):
    from linyin.inventory.web.imports.actions import upload_import
    from linyin.organization.web.models import Node

    brought(enterprise.actor("data_owner", "A"), ("r1", "A1", "2024-01", 10))

    other = upload_import(
        enterprise.actor("data_owner", "B"), node=Node.objects.get(code="B"),
        upload=file(("r9", "B1", "2024-01", 1)),
    )  # fmt: skip

    assert other.constants == {}
    assert other.mapping["kwh"] == ""


def test_a_check_of_what_is_mapped_anew_meanwhile_is_not_kept(enterprise, brought):
    from linyin.inventory.web.imports.actions import check_import, map_import
    from linyin.inventory.web.models import Import

    owner = enterprise.actor("data_owner", "A")
    read = brought(owner, ("r1", "A1", "2024-01", 10))
    fewer = {**MAPPING, "kwh": ""}
    map_import(owner, Import.objects.get(pk=read.pk), mapping=fewer, constants={"quantity": "3"})

    assert check_import(owner, read) is None

    now = Import.objects.get(pk=read.pk)
    assert (now.mapping, now.state) == (fewer, "mapped")


def test_a_check_brings_no_forgotten_import_back(enterprise, brought):
    from linyin.inventory.web.imports.actions import check_import, forget_import
    from linyin.inventory.web.models import Import

    owner = enterprise.actor("data_owner", "A")
    read = brought(owner, ("r1", "A1", "2024-01", 10))
    kept = read.path.read_bytes()
    forget_import(owner, Import.objects.get(pk=read.pk), version=read.version)
    read.folder.mkdir()
    read.path.write_bytes(kept)

    assert check_import(owner, read) is None

    assert not Import.objects.filter(pk=read.pk).exists()


@pytest.mark.parametrize("cancelled_at", ["step.read_file", "step.compare", "step.post"])
def test_a_commit_tells_its_steps_and_ends_at_any_of_them(
    enterprise, brought, monkeypatch, cancelled_at
):
    from linyin.inventory.web.imports.actions import request_commit
    from linyin.platform.jobs import JobContext, cancel
    from linyin.platform.models import Job
    from linyin.platform.work.run import run

    owner = enterprise.actor("data_owner", "A")
    record = brought(owner, ("r1", "A1", "2024-01", 10))
    job = request_commit(owner, record)
    told, step = [], JobContext.step

    def steps(context, name, done=0, total=0):
        told.append((name, done, total))
        context._lease.is_cancel_asked = name == cancelled_at and cancel(job)
        step(context, name, done, total)

    monkeypatch.setattr(JobContext, "step", steps)
    run(job.pk)

    record.refresh_from_db()
    assert (Job.objects.get(pk=job.pk).state, record.state) == ("cancelled", "checked")
    assert rows_of() == []
    assert told[-1][0] == cancelled_at
    steps_told = [step for step, _ in groupby(told)]  # a slow one is told again while it goes on
    assert [(done, total) for _, done, total in steps_told] == [
        (n, 6) for n in range(len(steps_told))
    ]


def test_what_is_being_committed_is_neither_mapped_anew_nor_forgotten(enterprise, brought):
    from linyin.inventory.web.imports.actions import forget_import, map_import, request_commit
    from linyin.platform.jobs import cancel

    owner = enterprise.actor("data_owner", "A")
    record = brought(owner, ("r1", "A1", "2024-01", 10))
    job = request_commit(owner, record)

    with pytest.raises(BadInput) as mapped:
        map_import(owner, record, mapping=MAPPING, constants={})
    with pytest.raises(BadInput) as forgotten:
        forget_import(owner, record, version=record.version)

    told = [f.code for refused in (mapped, forgotten) for f in refused.value.findings]
    assert told == ["import-in-writing"] * 2
    assert cancel(job)
    forget_import(owner, record, version=record.version)


def test_a_mapping_that_another_was_quicker_with_keeps_both(enterprise, brought):
    from linyin.inventory.web.imports.actions import map_import

    owner, client = enterprise.actor("data_owner", "A"), enterprise.client("data_owner", "A")
    record = brought(owner, ("r1", "A1", "2024-01", 10))
    seen = record.version
    map_import(owner, record, mapping={**MAPPING, "id": ""}, constants={"unit": "MWh"})

    answer = client.post(
        f"/inventory/imports/{record.pk}/map/", {"version": seen, "column-0": "product"}
    )

    assert answer.status_code == 409
    assert answer.context["record"].mapping["id"] == "product"
    record.refresh_from_db()
    assert (record.mapping["id"], record.constants) == ("", {"unit": "MWh"})


def test_a_file_that_cannot_be_read_leaves_nothing_behind(enterprise):
    from linyin.inventory.web.imports.actions import upload_import
    from linyin.inventory.web.models import Import
    from linyin.organization.web.models import Node

    broken = SimpleUploadedFile("meters.xlsx", b"PK\x03\x04 this is no workbook")

    with pytest.raises(BadInput):
        upload_import(
            enterprise.actor("data_owner", "A"), node=Node.objects.get(code="A"), upload=broken
        )

    assert not Import.objects.exists()


def test_keys_that_come_twice_and_items_without_a_factor_are_told_before_the_commit(
    enterprise, brought
):
    from linyin.inventory.web.imports.actions import check_import, map_import

    owner = enterprise.actor("data_owner", "A")
    record = brought(owner, ("r1", "A1", "2023-01", 10), ("r1", "A1", "2023-02", 20))
    assert (codes(record), record.counts["errors"]) == (["row-twice"], 1)

    odd = brought(owner, ("r9", "A1", "2023-01", 10), source="odd")
    constants = {**CONSTANTS, "item": "elektricity", "unit": "kWh"}
    map_import(owner, odd, mapping=MAPPING, constants=constants)
    check_import(owner, odd)

    (told,) = odd.findings
    assert (told["severity"], odd.counts["errors"]) == ("warning", 0)
    assert told["fields"]["item"] == "elektricity"


def test_columns_are_chosen_by_what_the_pages_of_activities_call_them(enterprise):
    from linyin.inventory.web.imports.actions import upload_import
    from linyin.inventory.web.imports.mapping import columns_to_choose
    from linyin.organization.web.models import Node

    owner = enterprise.actor("data_owner", "A")
    record = upload_import(
        owner, node=Node.objects.get(code="A"), upload=file(("r1", "A1", "2024-01", 10))
    )
    page = enterprise.client("data_owner", "A").get(f"/inventory/imports/{record.pk}/map/")

    options = dict(page.context["headers"][0]["options"])
    constants = {field["name"]: field["label"] for field in page.context["constants"]}
    assert list(options) == columns_to_choose()
    assert (options["period"], options["site"], options["end"]) == (
        "Period", "Site *", "Until (not included)",
    )  # fmt: skip
    assert max(map(len, options.values())) <= 22
    assert constants["period"] == "Period"


WRONG = (
    ("r1", "A1", "2024-01", 10),
    ("=1+1", "A9", "2024-02", "ten"),
    ("-x", "A1", "2024-13", -5),
)


def taken(client, record):
    """Return the wrong rows as the page gives them."""
    import csv
    import io

    answer = client.get(f"/inventory/imports/{record.pk}/wrong-rows.csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_wrong_rows_are_taken_away_with_what_is_wrong_and_never_as_formulas(enterprise, brought):
    record = brought(enterprise.actor("data_owner", "A"), *WRONG)
    client = enterprise.client("data_owner", "A")

    head, *rows = taken(client, record)

    assert head == ["id", "where", "month", "kwh", "What is wrong"]
    assert [row[:4] for row in rows] == [
        ["'=1+1", "A9", "2024-02", "ten"], ["'-x", "A1", "2024-13", "-5"],
    ]  # fmt: skip
    assert "A9" in rows[0][4]
    assert "ten" in rows[0][4]
    assert rows[0][4].count("row 3") == 2
    page = client.get(f"/inventory/imports/{record.pk}/look/").content.decode()
    assert f'href="/inventory/imports/{record.pk}/wrong-rows.csv"' in page


def test_wrong_rows_are_told_in_the_readers_language(enterprise, brought):
    owner = enterprise.actor("data_owner", "A")
    record = brought(owner, *WRONG)
    client = enterprise.client("data_owner", "A")
    person = enterprise.actor("data_owner", "A").person
    person.language = "zh-hans"
    person.save()

    head, *rows = taken(client, record)

    assert head[-1] == "问题"
    assert "第 3 行" in rows[0][4]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_mended_file_of_wrong_rows_is_uploaded_as_it_is(enterprise, brought, language):
    from linyin.inventory.web.imports.actions import (
        check_import,
        commit_import,
        map_import,
        upload_import,
    )
    from linyin.organization.web.models import Node

    owner = enterprise.actor("data_owner", "A")
    record = brought(owner, *WRONG)
    client = enterprise.client("data_owner", "A")
    person = enterprise.actor("data_owner", "A").person
    person.language = language
    person.save()
    text = client.get(f"/inventory/imports/{record.pk}/wrong-rows.csv").content.decode()
    mended = text.replace("A9", "A1").replace("ten", "20").replace("2024-13", "2024-03")
    mended = SimpleUploadedFile("mended.csv", mended.replace("-5", "5").encode())

    again = upload_import(owner, node=Node.objects.get(code="A"), upload=mended, source="meters")
    assert (again.mapping, again.constants["unit"]) == (MAPPING, "kWh")
    map_import(owner, again, mapping=again.mapping, constants=again.constants)
    commit_import(owner, check_import(owner, again))

    assert rows_of() == [("-x", 5.0), ("=1+1", 20.0)]


def test_a_file_without_wrong_rows_gives_none(enterprise, brought):
    record = brought(enterprise.actor("data_owner", "A"), *WRONG)
    client = enterprise.client("data_owner", "A")
    assert len(taken(client, record)) == 3
    good = brought(enterprise.actor("data_owner", "A"), WRONG[0])

    assert len(taken(client, good)) == 1
    page = client.get(f"/inventory/imports/{good.pk}/look/").content.decode()
    assert "wrong-rows.csv" not in page


def test_the_mended_file_is_uploaded_to_the_source_of_the_wrong_one(enterprise, brought):
    record = brought(enterprise.actor("data_owner", "A"), *WRONG, source="north", is_full=True)
    client = enterprise.client("data_owner", "A")

    page = client.get(f"/inventory/imports/{record.pk}/look/")
    upload = client.get(page.context["again_url"])
    unknown = client.get("/inventory/imports/new/?again=999999")
    outside = enterprise.client("data_owner", "B").get(page.context["again_url"])

    assert page.context["again_url"] in page.content.decode()
    assert upload.context["form"].initial == {"node": "A", "source": "north", "is_full": True}
    assert (unknown.status_code, outside.status_code) == (404, 404)


def test_usual_english_headers_and_the_names_that_pages_give_are_known():
    from linyin.inventory.web.imports.mapping import _named, labels
    from linyin.ledger.posting import schema

    usual = {
        "Month": "period", "Amount": "quantity", "Consumption (kWh)": "quantity", "Fuel": "item",
        "Plant": "site", "Supplier": "counterparty", "Invoice number": "external_id",
        "Row": "external_id", "Kind of source": "source_type", "排放源类型": "source_type",
        "Colour": "",
    }  # fmt: skip
    assert {header: _named(header) for header in usual} == usual
    assert set(labels().values()) <= {column.name for column in schema().columns}


def uploaded(enterprise, text, name="messy.csv"):
    from linyin.inventory.web.imports.actions import upload_import
    from linyin.organization.web.models import Node

    owner = enterprise.actor("data_owner", "A")
    return upload_import(
        owner, node=Node.objects.get(code="A"), upload=SimpleUploadedFile(name, text.encode())
    )


def test_columns_of_certain_words_are_guessed_by_the_cells(enterprise):
    text = "Bill no,Site,Kind,Item,Month,Amount,Unit\nb1,A1,{kind},natural_gas,2024-01,5,Nm3\n"
    of_source = uploaded(enterprise, text.format(kind="stationary combustion"))
    in_chinese = uploaded(enterprise, text.format(kind="固定燃烧"), name="zh.csv")
    of_row = uploaded(enterprise, text.format(kind="normal"), name="rows.csv")
    of_neither = uploaded(enterprise, text.format(kind="boiler"), name="other.csv")

    kinds = [r.mapping["Kind"] for r in (of_source, in_chinese, of_row, of_neither)]
    assert kinds == ["source_type", "source_type", "kind", ""]


def test_the_page_of_the_mapping_names_the_columns_that_nothing_gives(enterprise):
    record = uploaded(enterprise, "Bill no,Where,Month,Amount (kWh)\nb1,A1,2024-01,5\n")
    client = enterprise.client("data_owner", "A")
    address = f"/inventory/imports/{record.pk}/map/"
    page = client.get(address)
    sent = client.post(address, {
        "version": record.version, "column-1": "site", "column-2": "period",
        "column-3": "quantity", "constant-source_type": "electricity",
    })  # fmt: skip
    record.refresh_from_db()
    whole = client.post(address, {
        "version": record.version, "column-0": "external_id", "column-1": "site",
        "column-2": "period", "column-3": "quantity", "constant-source_type": "electricity",
    })  # fmt: skip

    assert page.context["notices"][0].title.startswith("Every row also needs: ")
    assert "Kind of source" in page.context["notices"][0].title
    assert sent.status_code == 422
    assert record.state == "uploaded"  # nothing of it is kept, nor remembered
    (told,) = sent.context["notices"]
    assert told.title.startswith("Nothing gives these columns yet, and every row needs them: Row.")
    chosen = {row["header"]: row["chosen"] for row in sent.context["headers"]}
    assert chosen["Where"] == "site"
    assert whole.status_code == 302


def test_rows_that_could_not_be_calculated_are_mended_like_wrong_ones(enterprise):
    from linyin.inventory.web.imports.actions import check_import, map_import

    text = "id,where,month,item,amount\n" + "".join(
        f"b{n},A1,2024-0{n},{item},5\n"
        for n, item in enumerate(["natural gaz", "electricity", "natural gaz"], 1)
    )
    owner, client = enterprise.actor("data_owner", "A"), enterprise.client("data_owner", "A")
    record = uploaded(enterprise, text)
    columns = {"id": "external_id", "where": "site", "month": "period", "item": "item",
               "amount": "quantity"}  # fmt: skip
    constants = {"source_type": "electricity", "unit": "kWh"}
    record = check_import(owner, map_import(owner, record, mapping=columns, constants=constants))
    page = client.get(f"/inventory/imports/{record.pk}/look/")

    assert (record.counts["errors"], page.context["may_commit"]) == (0, True)
    assert [row.row for row in page.context["to_mend"]] == [2, 4]
    told = [cell.errors or row.errors for row in page.context["to_mend"] for cell in row.cells]
    assert all(any("natural gaz" in text for text in row) for row in told if row)
    names = [c.name for r in page.context["to_mend"] for c in r.cells if c.header == "item"]
    taken = client.get(f"/inventory/imports/{record.pk}/wrong-rows.csv").content.decode()
    assert taken.count("natural gaz,") == 2
    sent = {"mend": "1", "version": page.context["record"].version}
    client.post(f"/inventory/imports/{record.pk}/look/", sent | dict.fromkeys(names, "electricity"))
    record.refresh_from_db()
    record = check_import(owner, record)
    assert (record.counts["warnings"], record.mended_rows) == (0, 2)
    assert client.get(f"/inventory/imports/{record.pk}/look/").context["to_mend"] == []


def test_rows_are_mended_by_their_own_context_on_whatever_sheet_they_stand(enterprise):
    from io import BytesIO

    from openpyxl import Workbook

    from linyin.inventory.web.imports.actions import check_import, map_import, upload_import
    from linyin.organization.web.models import Node

    book = Workbook()
    january, february = book.active, book.create_sheet("Feb")
    january.title = "Jan"
    for sheet, month, items in (
        (january, "2024-01", ["electricity", "natural gaz"]),
        (february, "2024-02", ["natural gaz", "electricity"]),
    ):
        sheet.append(["id", "where", "month", "item", "amount"])
        for number, item in enumerate(items):
            sheet.append([f"{month}-{number}", "A1", month, item, 5])
    february.append(["2024-02-9", "A1", "2024-02", "electricity", "many"])
    file = BytesIO()
    book.save(file)
    owner, client = enterprise.actor("data_owner", "A"), enterprise.client("data_owner", "A")
    record = upload_import(
        owner, node=Node.objects.get(code="A"),
        upload=SimpleUploadedFile("book.xlsx", file.getvalue()),
    )  # fmt: skip
    columns = {"id": "external_id", "where": "site", "month": "period", "item": "item",
               "amount": "quantity"}  # fmt: skip
    constants = {"source_type": "electricity", "unit": "kWh"}
    check_import(owner, map_import(owner, record, mapping=columns, constants=constants))
    page = client.get(f"/inventory/imports/{record.pk}/look/")

    told = {
        (row.sheet, row.row): [*row.errors, *(e for cell in row.cells for e in cell.errors)]
        for row in page.context["to_mend"]
    }
    assert set(told) == {("Jan", 3), ("Feb", 2), ("Feb", 4)}
    assert "natural gaz" in told["Jan", 3][0]
    assert told["Feb", 2] == told["Jan", 3]
    assert not any("natural gaz" in text for text in told["Feb", 4])
    taken = client.get(f"/inventory/imports/{record.pk}/wrong-rows.csv").content.decode()
    assert taken.count('natural gaz,5,"book.xlsx, sheet Feb, row 2: No ') == 2
