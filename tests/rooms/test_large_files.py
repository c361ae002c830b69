"""Large files of activities: nobody waits while one is read, and reading ends when it is to."""

import pytest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]
ROWS = "Ref,Where,Month,Power (MWh)\n" + "".join(f"w{n},A1,2022-{n:02},{n}\n" for n in range(1, 9))


@pytest.fixture
def send(enterprise, monkeypatch):
    """Send a file by the page, as if it were large; return the browser and what it is led to."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from linyin.inventory.web.imports import views

    def sent(content=ROWS, name="meters.csv"):
        monkeypatch.setattr(views, "READ_AT_ONCE", 10)
        client = enterprise.client("data_owner", "A")
        upload = SimpleUploadedFile(name, content.encode())
        answer = client.post(
            "/inventory/imports/new/", {"node": "A", "source": "meters", "upload": upload}
        )
        assert answer.status_code == 302
        return client, answer["Location"]

    return sent


def test_a_large_file_is_kept_unread_and_its_headers_come_by_a_job(send, work, monkeypatch):
    from linyin.inventory.web.imports import checking
    from linyin.inventory.web.models import Import

    with monkeypatch.context() as patched:
        patched.delattr(checking, "parse_file")
        client, address = send()
    record = Import.objects.get()
    assert (record.headers, record.state) == ([], "uploaded")
    assert 'class="progress-part' in client.get(address).content.decode()
    early = client.post(address, {"column-0": "external_id"})
    record.refresh_from_db()
    assert (early.status_code, record.state) == (409, "uploaded")

    assert "inventory.read_import" in work()

    page = client.get(address).content.decode()
    assert "Power (MWh)" in page
    record.refresh_from_db()
    assert [header["header"] for header in record.headers] == [
        "Ref",
        "Where",
        "Month",
        "Power (MWh)",
    ]


def test_what_cannot_be_read_is_told_where_the_headers_would_be(send):
    from linyin.platform.models import Job
    from linyin.platform.work.run import run

    client, address = send("PK\x03\x04 is no workbook", "meters.xlsx")
    job = Job.objects.get(kind="inventory.read_import")
    run(job.pk)

    job.refresh_from_db()
    assert job.state == "failed"
    page = client.get(address).content.decode()
    assert "meters.xlsx" in page
    assert "tone-bad" in page
    assert "/inventory/imports/new/?again=" in page


def test_a_cancel_ends_the_reading_and_nothing_is_kept_of_it(send, monkeypatch):
    from linyin.inventory.web.models import Import
    from linyin.platform import receiving
    from linyin.platform.jobs import cancel
    from linyin.platform.models import Job
    from linyin.platform.work.run import run

    _, _ = send()
    job = Job.objects.get(kind="inventory.read_import")
    read = receiving.read_guarded

    def slowly(path, limits, *, hint, meanwhile):
        cancel(Job.objects.get(pk=job.pk))
        meanwhile()
        return read(path, limits, hint=hint, meanwhile=meanwhile)

    monkeypatch.setattr(receiving, "read_guarded", slowly)
    monkeypatch.setattr("linyin.platform.work.context._SECONDS_BETWEEN_WRITES", 0.0)
    run(job.pk)

    job.refresh_from_db()
    assert job.state == "cancelled"
    assert Import.objects.get().headers == []


def test_headers_that_nobody_has_read_are_not_mapped(send, enterprise):
    from linyin.inventory.web.imports.actions import map_import
    from linyin.inventory.web.models import Import
    from linyin.lake import BadInput

    send()
    with pytest.raises(BadInput) as told:
        map_import(
            enterprise.actor("data_owner", "A"), Import.objects.get(),
            mapping={"Ref": "external_id"}, constants={},
        )  # fmt: skip
    assert [finding.code for finding in told.value.findings] == ["import-not-read"]
