"""Lists of many rows as files: a job writes what its asker sees, and gives it to nobody else."""

import csv
import io
from datetime import timedelta

import pytest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


@pytest.fixture
def many(enterprise, monkeypatch):
    from linyin.platform.resources import exporting

    monkeypatch.setattr(exporting, "MANY_ROWS", 5)
    return enterprise


def rows_of(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_many_rows_are_written_by_a_job_as_the_list_is_filtered_and_as_its_asker_sees(many, work):
    owner = many.client("data_owner", "A1")
    address = "/inventory/activities/file.csv?sort=-begin&q=A1"

    page = owner.get(address)
    assert page.status_code == 200
    assert page["Content-Type"].startswith("text/html")
    assert "12" in page.content.decode()
    answer = owner.post(address)
    assert "export" in work()
    job = owner.get(answer["Location"])
    assert "/home/exports/" in job.content.decode()
    made = owner.get(answer["Location"].replace("/jobs/", "/exports/").rstrip("/"))

    rows = rows_of(made)
    assert [row["external_id"] for row in rows] == [f"A1-{month}" for month in range(12, 0, -1)]
    assert {row["site"] for row in rows} == {"A1"}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_a_job_writes_what_the_page_gives_of_few_rows(enterprise, work, monkeypatch, kind):
    from linyin.platform.resources import exporting

    office = enterprise.client("carbon_office")
    address = f"/inventory/activities/file.{kind}"
    at_once = b"".join(office.get(address).streaming_content)
    monkeypatch.setattr(exporting, "MANY_ROWS", 5)
    asked = office.post(address)
    work()
    made = office.get(asked["Location"].replace("/jobs/", "/exports/").rstrip("/"))

    assert read(b"".join(made.streaming_content), kind) == read(at_once, kind)
    assert made["Content-Disposition"] == f'attachment; filename="activities.{kind}"'


def read(content, kind):
    if kind == "csv":
        return content.decode()
    if kind == "parquet":
        import pyarrow.parquet as pq

        return pq.read_table(io.BytesIO(content)).to_pylist()
    import openpyxl

    return list(openpyxl.load_workbook(io.BytesIO(content)).active.values)


def test_the_file_is_given_to_whoever_asked_alone_and_for_a_day(many, work, settings):
    from linyin.platform.models import Job
    from linyin.platform.resources.exporting import forget_exports

    owner, above = many.client("data_owner", "A1"), many.client("administrator")
    owner.post("/inventory/activities/file.csv")
    job = Job.objects.get(kind="export")
    address = f"/home/exports/{job.pk}"

    assert owner.get(address).status_code == 404
    work()
    assert above.get(f"/home/jobs/{job.pk}/").status_code in (200, 404)
    assert above.get(address).status_code == 404
    assert owner.get(address).status_code == 200

    assert forget_exports(timedelta(days=1)) == 0
    assert forget_exports(timedelta(0)) == 1
    assert owner.get(address).status_code == 404


def test_who_lost_the_grant_gets_nothing_any_more(many, work):
    from linyin.platform.models import Grant, Job

    owner = many.client("data_owner", "A1")
    owner.post("/inventory/activities/file.csv")
    work()
    Grant.objects.all().delete()

    assert owner.get(f"/home/exports/{Job.objects.get(kind='export').pk}").status_code == 404


def test_activities_and_entries_are_found_by_their_site_and_their_source(enterprise):
    from linyin.inventory.web.calculating import calculate
    from linyin.organization.web.models import Node

    Node.objects.filter(code="A1").update(name_en="Ningbo plant", name_zh="宁波工厂")
    (run,) = calculate(enterprise.actor("carbon_office"), "G", [2023])
    office = enterprise.client("carbon_office")

    def found(address, words):
        table = office.get(address, {"q": words}).context["table"]
        return {str(cell) for row in table.rows for cell in row.cells[:3]}

    for address in ("/inventory/activities/", f"/inventory/runs/{run.pk}/entries/"):
        by_name, by_source = found(address, "ningbo"), found(address, "activities")
        assert any("A1-1" in cell for cell in by_name)
        assert not any("B1-1" in cell for cell in by_name)
        assert any("B1-1" in cell for cell in by_source)
        assert found(address, "ningbo nowhere") == set()
