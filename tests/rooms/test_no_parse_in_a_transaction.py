"""No SQL transaction spans a parse: while a file is read, others write."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

import linyin
from linyin.lake import BadInput

pytestmark = pytest.mark.django_db(transaction=True)
HOUSE = Path(linyin.__file__).parent
READERS = {"read_guarded", "read_table", "read_csv", "load_workbook"}
ACTIVITIES = "external_id,site,source_type,item,quantity,unit,period\n"
ROW = "x1,A1,electricity,electricity,10,MWh,2023-05\n"
METRICS = "node,metric,begin,end,value,unit\nA1,heads,2023-01-01,2024-01-01,1,1\n"


def web_modules():
    """Modules of the web app; pages of factors read packs that come with Linyin, not uploads."""
    files = [*HOUSE.glob("platform/**/*.py"), *HOUSE.glob("*/web/**/*.py")]
    return [file for file in files if "migrations" not in file.parts]


def test_the_web_app_reads_what_people_send_through_one_door():
    through = {
        f"{file.relative_to(HOUSE)}: {name}"
        for file in web_modules()
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        for name in [getattr(node, "id", None) or getattr(node, "attr", None)]
        if isinstance(node, ast.Name | ast.Attribute) and name in READERS
    }

    assert len(web_modules()) > 150
    assert through == {"platform/receiving.py: read_guarded"}


def test_the_door_is_shut_inside_a_transaction(tmp_path):
    from linyin.lake import DEFAULT_LIMITS
    from linyin.platform.receiving import parse_file

    file = tmp_path / "a.csv"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        parse_file(file, DEFAULT_LIMITS, ())

    assert len(parse_file(file, DEFAULT_LIMITS, ())) == 1


@pytest.fixture
def parsed(monkeypatch):
    """Whether a transaction was open at each parse since."""
    from linyin.platform import receiving

    seen, read = [], receiving.read_guarded

    def reads(*args, **options):
        seen.append(connection.in_atomic_block)
        return read(*args, **options)

    monkeypatch.setattr(receiving, "read_guarded", reads)
    return seen


def run_all():
    from linyin.platform.models import Job
    from linyin.platform.work.run import run

    while job := Job.objects.filter(state="waiting").first():
        run(job.pk)
    assert not Job.objects.exclude(state="done").exists()


def test_no_page_and_no_job_parses_in_a_transaction(enterprise, parsed):
    from linyin.inventory.web.models import Import

    client = enterprise.client("carbon_office")
    file = SimpleUploadedFile("a.csv", (ACTIVITIES + ROW).encode())
    sent = client.post("/inventory/imports/new/", {"node": "A", "upload": file})
    record = Import.objects.get()
    assert (sent.status_code, len(parsed)) == (302, 1), sent.content.decode()
    columns = {f"column-{i}": h["header"] for i, h in enumerate(record.headers)}
    client.post(f"/inventory/imports/{record.pk}/map/", columns)
    run_all()
    record.refresh_from_db()
    client.post(f"/inventory/imports/{record.pk}/look/", {"seen": record.counts["digest"]})
    run_all()
    assert Import.objects.get().state == "committed"
    metrics = SimpleUploadedFile("m.csv", METRICS.encode())
    shown = client.post("/inventory/metrics/import/", {"file": metrics})
    done = client.post("/inventory/metrics/import/", dict(shown.context["stated"]))

    assert done.status_code == 302
    assert parsed == [False] * 5


def test_a_bundle_is_held_against_its_manifest_in_no_transaction(enterprise, monkeypatch):
    from linyin.inventory import Inventory
    from linyin.inventory.web.actions import publish_run
    from linyin.inventory.web.calculating import calculate

    office = enterprise.actor("carbon_office")
    (run,) = calculate(office, "G", [2023])
    run.state = "approved"
    run.save()
    seen, verify = [], Inventory.verify

    def verifies(inventory):
        seen.append(connection.in_atomic_block)
        verify(inventory)

    monkeypatch.setattr(Inventory, "verify", verifies)
    with pytest.raises(BadInput):  # nobody has approved it
        publish_run(office, run)

    assert seen == [False]


def test_evidence_is_written_in_no_transaction(enterprise):
    from linyin.organization.web.models import Node
    from linyin.platform.documents import upload_document

    owner, site = enterprise.actor("data_owner", "A1"), Node.objects.get(code="A1")

    def send():
        upload = SimpleUploadedFile("bill.txt", b"10 MWh")
        return upload_document(owner, node=site, upload=upload)

    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        send()

    assert send().path.read_bytes() == b"10 MWh"


@pytest.mark.parametrize(
    ("path", "media", "times"),
    [
        ("imports?node=A&name=a.csv", "application/octet-stream", 1),
        ("metrics/import?name=m.csv", "application/octet-stream", 1),
        ("activities/bulk?source=fleet", "application/vnd.apache.parquet", 2),
    ],
)
def test_no_route_parses_in_a_transaction(enterprise, parsed, path, media, times):
    import io

    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    body = (METRICS if "metrics" in path else ACTIVITIES + ROW).encode()
    if "bulk" in path:
        table, sink = pa.csv.read_csv(io.BytesIO(body)), io.BytesIO()
        pa.parquet.write_table(table, sink)
        body = sink.getvalue()
    client = enterprise.client("carbon_office")
    for _ in range(2):
        answer = client.post(f"/api/v1/{path}", body, media, headers={"Idempotency-Key": "k"})
        assert answer.status_code < 300, answer.content
    assert answer["Idempotency-Replayed"] == "true"
    run_all()

    assert parsed == [False] * times
