"""Wrong rows of an import are mended where they are shown; the file stays as it was sent."""

import hashlib

import pytest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]
HEADERS = ("Ref", "Where", "Month", "Power (MWh)")
MAPPING = {"Ref": "external_id", "Where": "site", "Month": "period", "Power (MWh)": "quantity"}
CONSTANTS = {"source_type": "electricity", "item": "electricity", "status": "invoiced"}
ROWS = [
    ("w1", "A1", "2022-01", "12.5"),
    ("w2", "A9", "2022-02", "13"),
    ("w3", "A1", "2022-13", "14"),
    ("w4", "A2", "2022-04", "a lot"),
]


def as_csv(rows):
    return "".join(",".join(row) + "\n" for row in (HEADERS, *rows)).encode()


def as_xlsx(rows, tmp_path):
    import xlsxwriter

    path = tmp_path / "rows.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Meters")
        for line, row in enumerate((HEADERS, *rows)):
            sheet.write_row(line, 0, row)
    return path.read_bytes()


@pytest.fixture
def wrong(enterprise, tmp_path):
    """An import whose check has found what is wrong with three of its four rows."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from linyin.inventory.web.imports.actions import check_import, map_import, upload_import
    from linyin.organization.web.models import Node

    def made(kind="csv"):
        owner = enterprise.actor("data_owner", "A")
        content = as_csv(ROWS) if kind == "csv" else as_xlsx(ROWS, tmp_path)
        upload = SimpleUploadedFile(f"meters.{kind}", content)
        record = upload_import(owner, node=Node.objects.get(code="A"), upload=upload)
        map_import(owner, record, mapping=MAPPING, constants=CONSTANTS)
        check_import(owner, record)
        record.refresh_from_db()
        assert record.counts["errors"] == 3
        return record

    return made


def mended(page, record, **cells):
    """What the form sends: the cells that the page shows, some of them changed."""
    sent = {"mend": "1", "version": str(record.version)}
    for row in page.context["to_mend"]:
        for cell in row.cells:
            sent[cell.name] = cell.text
    return sent | cells


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_are_mended_on_the_page_and_come_in_as_they_were_mended(enterprise, wrong, work, kind):
    from linyin.inventory.web.models import Import
    from linyin.platform.models import LakeBatch

    record = wrong(kind)
    sha256 = hashlib.sha256(record.path.read_bytes()).hexdigest()
    client = enterprise.client("data_owner", "A")
    address = f"/inventory/imports/{record.pk}/look/"
    page = client.get(address)

    shown = page.context["to_mend"]
    assert [(row.row, [c.header for c in row.cells if c.errors]) for row in shown] == [
        (3, ["Where"]), (4, ["Month"]), (5, ["Power (MWh)"]),
    ]  # fmt: skip
    sent = mended(page, record, **{"cell-0-1": "A2", "cell-1-2": "2022-03", "leave-2": "on"})
    assert client.post(address, sent).status_code == 302
    work()
    record.refresh_from_db()
    assert (record.counts["errors"], record.counts["new"]) == (0, 3)
    committed = client.post(address, {"seen": record.counts["digest"], "reason": "bills"})
    assert committed.status_code == 302
    work()

    rows = client.get("/inventory/activities/file.csv?source=meters&sort=begin")
    lines = b"".join(rows.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[:3] for line in lines[1:]] == [
        ["w1", "meters", "A1"], ["w2", "meters", "A2"], ["w3", "meters", "A1"],
    ]  # fmt: skip
    kept = Import.objects.get(pk=record.pk)
    assert kept.sha256 == sha256
    assert "(3 rows mended): bills" in LakeBatch.objects.latest("version").reason


def test_what_is_still_wrong_comes_up_again_with_what_was_typed(enterprise, wrong, work):
    record = wrong()
    client = enterprise.client("data_owner", "A")
    address = f"/inventory/imports/{record.pk}/look/"

    client.post(address, mended(client.get(address), record, **{"cell-0-1": "A8"}))
    work()
    page = client.get(address)

    first = page.context["to_mend"][0]
    assert [(c.text, bool(c.errors)) for c in first.cells][:2] == [("w2", False), ("A8", True)]
    record.refresh_from_db()
    sent = mended(page, record, **{"cell-0-1": "A1", "leave-1": "on", "leave-2": "on"})
    client.post(address, sent)
    work()
    record.refresh_from_db()
    assert (record.counts["errors"], record.counts["new"]) == (0, 2)


def test_nothing_typed_and_what_somebody_else_mended_meanwhile_are_told(enterprise, wrong):
    record = wrong()
    client = enterprise.client("data_owner", "A")
    address = f"/inventory/imports/{record.pk}/look/"
    page = client.get(address)

    nothing = client.post(address, mended(page, record))
    assert nothing.status_code == 409
    assert (
        "Nothing was changed" in nothing.content.decode() or "未作更改" in nothing.content.decode()
    )

    record.version += 1
    record.save()
    late = client.post(address, mended(page, record, **{"version": "1", "cell-0-1": "A2"}))
    assert late.status_code == 409
    record.refresh_from_db()
    assert record.mended == {}


def test_rows_that_are_not_wrong_and_headers_that_are_not_there_are_refused(enterprise, wrong):
    from linyin.inventory.web.imports.actions import mend_import
    from linyin.lake import BadInput

    record, owner = wrong(), enterprise.actor("data_owner", "A")

    for row, code in (
        ({"sheet": "", "row": 2, "cells": {"Where": "B1"}}, "import-row-not-wrong"),
        ({"sheet": "", "row": 99, "left_out": True}, "import-row-not-wrong"),
        ({"sheet": "", "row": 3, "cells": {"Place": "A1"}}, "import-header-unknown"),
        ({"sheet": "", "row": 3, "cells": {}, "left_out": False}, "import-row-unmended"),
    ):
        with pytest.raises(BadInput) as told:
            mend_import(owner, record, rows=[row])
        assert [finding.code for finding in told.value.findings] == [code]
    record.refresh_from_db()
    assert record.mended == {}


def test_typed_columns_of_a_parquet_file_are_mended(enterprise, tmp_path):
    import datetime as dt

    import pyarrow as pa
    from django.core.files.uploadedfile import SimpleUploadedFile
    from pyarrow import parquet

    from linyin.inventory.web.imports.actions import (
        check_import,
        map_import,
        mend_import,
        upload_import,
    )
    from linyin.organization.web.models import Node

    path, owner = tmp_path / "meters.parquet", enterprise.actor("data_owner", "A")
    begin, end = dt.date(2022, 1, 1), dt.date(2022, 2, 1)
    columns = {
        "Ref": ["w1", "w2"], "Where": ["A1", "A9"], "Begin": [begin] * 2, "End": [end] * 2,
        "Power (MWh)": [12.5, 13.0],
    }  # fmt: skip
    parquet.write_table(pa.table(columns), path)
    mapping = {
        "Ref": "external_id", "Where": "site", "Begin": "begin", "End": "end",
        "Power (MWh)": "quantity",
    }  # fmt: skip
    upload = SimpleUploadedFile(path.name, path.read_bytes())
    record = upload_import(owner, node=Node.objects.get(code="A"), upload=upload)
    map_import(owner, record, mapping=mapping, constants=CONSTANTS)
    check_import(owner, record)
    assert record.counts["errors"] == 1

    cells = {"Where": "A2", "Begin": "2022-01-15", "Power (MWh)": "6.5"}
    mend_import(owner, record, rows=[{"sheet": "", "row": 2, "cells": cells}])
    check_import(owner, record)

    assert record.counts["errors"] == 0, record.findings
    told = {change["external_id"]: change["row"] for change in record.counts["changes"]}
    assert {name: told["w2"][name] for name in ("site", "begin", "quantity")} == {
        "site": "A2", "begin": "2022-01-15", "quantity": "6.5",
    }  # fmt: skip
    assert told["w1"]["quantity"] == "12.5"


def test_the_trail_tells_what_was_mended(enterprise, wrong):
    from linyin.inventory.web.imports.actions import mend_import
    from linyin.platform.models import AuditEvent

    record, owner = wrong(), enterprise.actor("data_owner", "A")
    mend_import(owner, record, rows=[{"sheet": "", "row": 3, "cells": {"Where": "A2"}}])

    event = AuditEvent.objects.get(action="inventory.mend_import")
    assert (event.before["mended"], event.after["mended"]) == ({}, {"": {"3": {"Where": "A2"}}})
