"""What ends a calculation leads to the row that it is about."""

from datetime import date

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def typed(enterprise):
    """A quantity typed month by month, of an item for which no factor is known."""
    from linyin.ledger.web.grid_models import SourceLine
    from linyin.ledger.web.grid_posting import Entry, post_entries
    from linyin.organization.web.models import Node

    site = Node.objects.get(code="A1")
    line = SourceLine.objects.create(
        code="A1-OIL", site=site, source_type="stationary_combustion", item="fuel_oil", unit="t"
    )
    for month in (9, 10):
        entry = Entry(line, date(2023, month, 1), 5, "measured", None, "", None)
        post_entries(enterprise.actor("data_owner"), site, [entry], reason="typed")
    return f"grid~{line.external_id(date(2023, 9, 1))}"


@pytest.fixture
def failed(enterprise, typed):
    """The job of a calculation over it."""
    from linyin.inventory.web.actions import request_runs
    from linyin.organization.web.models import Node
    from linyin.platform.work.run import run

    job = request_runs(
        enterprise.actor("carbon_office"), node=Node.objects.get(code="G"), years=[2023]
    )
    run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed", job.result
    return job


def told(client, job):
    page = client.get(f"/home/jobs/{job.pk}/")
    return page.content.decode(), [part for part in page.context["notices"] if part.href]


def test_a_row_that_ends_a_calculation_is_opened_from_its_job(enterprise, typed, failed):
    office = enterprise.client("carbon_office")

    page, (part, *_) = told(office, failed)
    record = office.get(part.href)

    assert part.at == f"Enter data · {typed.removeprefix('grid~')}"
    assert part.href == f"/inventory/activities/{typed}/"
    assert record.status_code == 200
    assert f'href="{part.href}"' in page


def test_in_chinese_the_place_of_what_was_typed_has_the_name_of_its_page(enterprise, typed, failed):
    office = enterprise.actor("carbon_office").person
    office.language = "zh-hans"
    office.save()

    _, (part, *_) = told(enterprise.client("carbon_office"), failed)

    assert part.at == f"数据填报 · {typed.removeprefix('grid~')}"


def test_a_place_opens_for_whoever_reaches_its_row_and_where_one_row_stands(enterprise, typed):
    from linyin.lake import Where
    from linyin.ledger.web.row_places import rows_at

    at = Where("grid", typed.removeprefix("grid~"), 1)
    column, elsewhere, nowhere = Where(at.file, at.sheet, 1, "item"), Where("grid", "", 1), Where()
    of_file = Where("activities.csv", "", 2)
    opened = f"/inventory/activities/{typed}/"

    assert rows_at(enterprise.actor("reader", "A"), [at, column, elsewhere, nowhere, of_file]) == {
        at: opened,
        column: opened,
        of_file: "/inventory/activities/activities~A1-1/",
    }
    assert rows_at(enterprise.actor("reader", "B"), [at, of_file]) == {}


def test_files_of_one_name_are_not_taken_for_one_another(enterprise):
    from linyin.lake import Where
    from linyin.ledger.web.row_places import rows_at
    from linyin.ledger.web.row_posting import post_rows, prepare_rows
    from linyin.platform.lake import workspace_lake

    row = {
        "external_id": "twin", "site": "A1", "source_type": "electricity", "item": "electricity",
        "period": "2023-01", "quantity": "1", "unit": "MWh", "status": "invoiced",
    }  # fmt: skip
    for source in ("one", "other"):
        prepared = prepare_rows([row | {"source": source}], "bills", "", sites={"A1"})
        post_rows(workspace_lake(), prepared, source, reason="read")

    assert rows_at(enterprise.actor("reader", "A"), [Where("bills", "twin", 1)]) == {}


def test_a_finding_of_a_run_opens_its_own_row(enterprise):
    from linyin.inventory.web.calculating import calculate
    from linyin.inventory.web.models import RunFinding

    (run,) = calculate(enterprise.actor("carbon_office"), "G", [2023])
    at = {"file": "activities.csv", "sheet": "", "row": 3, "column": ""}
    finding = {"code": "rows-same", "severity": "question", "at": at, "fields": {}}
    made = RunFinding.objects.create(
        run=run, code="rows-same", severity="question", finding=finding
    )

    record = enterprise.client("carbon_office").get(f"/inventory/run-findings/{made.pk}/")
    page = enterprise.client("carbon_office").get(f"/inventory/runs/{run.pk}/findings/")

    opened = {part.href for part in page.context["findings"]}
    (button,) = record.context["buttons"]
    assert button.href == "/inventory/activities/activities~A1-2/"
    assert any(href.startswith(button.href) for href in opened)
