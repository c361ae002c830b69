"""Sources that were to report and never did are findings of a run, though no row knows of them."""

from datetime import date

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def line(enterprise):
    """A source of site A1 from July 2023 on, two of whose months are typed."""
    from linyin.ledger.web.grid_models import CellDraft, SourceLine
    from linyin.organization.web.models import Node

    site = Node.objects.get(code="A1")
    line = SourceLine.objects.create(
        code="A1-GAS", site=site, source_type="stationary_combustion", item="natural_gas",
        unit="Nm3", begin=date(2023, 7, 1),
    )  # fmt: skip
    typist = enterprise.actor("carbon_office").person
    for month, text in ((date(2023, 7, 1), "5"), (date(2023, 8, 1), "6"), (date(2023, 9, 1), "")):
        CellDraft.objects.create(line=line, month=month, text=text, person=typist)
    return line


def unreported(enterprise, node="G", year=2023):
    from linyin.inventory.web.calculating import calculate

    (run,) = calculate(enterprise.actor("carbon_office"), node, [year])
    return run, list(run.findings.filter(code="source-unreported"))


def test_a_source_with_nothing_in_the_ledger_is_told_with_its_months_and_drafts(enterprise, line):
    run, (found,) = unreported(enterprise)
    _, elsewhere = unreported(enterprise, "B")
    office = enterprise.client("carbon_office")

    page = office.get(f"/inventory/runs/{run.pk}/findings/").content.decode()
    record = office.get(f"/inventory/run-findings/{found.pk}/").content.decode()
    figures = office.get(f"/inventory/runs/{run.pk}/").content.decode()

    assert found.finding["fields"] == {
        "source": "A1 · stationary_combustion · natural_gas",
        "begin": "2023-07-01", "months": 6, "typed": 2,
    }  # fmt: skip
    assert elsewhere == []
    assert "6 months are missing, of which 2 are typed" in page
    for told in (page, record):
        assert "/inventory/entry/A1/?year=2023&amp;month=2023-07" in told
    assert "code=source-unreported" in figures


def test_a_source_is_not_told_before_it_begins_nor_once_a_month_of_it_is_posted(enterprise, line):
    from linyin.ledger.web.grid_lines import derive_lines
    from linyin.ledger.web.grid_models import CellDraft, SourceLine

    CellDraft.objects.all().delete()
    SourceLine.objects.filter(pk=line.pk).update(begin=date(2024, 1, 1))
    _, before = unreported(enterprise)
    line.delete()
    derive_lines(enterprise.actor("carbon_office"))
    SourceLine.objects.update(begin=None)
    _, posted = unreported(enterprise)

    assert before == []
    assert posted == []


def test_months_that_count_and_that_nobody_approved_are_told_and_lead_to_where_they_are(enterprise):
    from linyin.inventory.web.calculating import calculate
    from linyin.ledger.web.grid_models import SiteMonth
    from linyin.organization.web.models import Node

    site, other = Node.objects.get(code="A1"), Node.objects.get(code="A2")
    SiteMonth.objects.bulk_create([
        *(SiteMonth(site=site, month=date(2023, m, 1), state="submitted") for m in (3, 4, 6)),
        SiteMonth(site=site, month=date(2023, 1, 1), state="approved"),
        SiteMonth(site=site, month=date(2024, 1, 1), state="submitted"),
        SiteMonth(site=other, month=date(2023, 1, 1), state="draft"),
    ])  # fmt: skip
    office = enterprise.client("carbon_office")
    (run,) = calculate(enterprise.actor("carbon_office"), "G", [2023])
    (found,) = run.findings.filter(code="months-unapproved")
    page = office.get(f"/inventory/runs/{run.pk}/findings/").content.decode()

    assert found.severity == "warning"
    assert found.finding["fields"] == {
        "site": "A1", "months": 3, "begin": "2023-03-01", "listed": "2023-03, 2023-04, 2023-06",
    }  # fmt: skip
    assert "nobody has approved them yet: March 2023, April 2023, June 2023." in page
    assert "/inventory/entry/A1/?year=2023&amp;month=2023-03" in page
