"""Where one stands: the header, the way back, the place in the structure, what waits."""

from __future__ import annotations

import pytest
from django.urls import reverse

from linyin.platform.shell import Page

pytestmark = pytest.mark.django_db(transaction=True)


def chips(answer) -> dict[str, str]:
    page = Page.of(answer.wsgi_request)
    return {chip.kind: chip.label for chip in page.chips}


def test_the_header_names_the_year_that_a_page_shows(enterprise):
    from linyin.inventory.web.calculating import calculate

    calculate(enterprise.actor("carbon_office"), "G", [2023])
    office = enterprise.client("carbon_office")

    assert chips(office.get("/inventory/"))["year"] == "2023"
    assert chips(office.get("/inventory/runs/"))["year"] == ""
    assert chips(office.get("/strategy/calendar/", {"year": "2024"}))["year"] == "2024"


def test_who_reaches_one_site_reads_its_name_in_the_header(enterprise):
    assert chips(enterprise.client("data_owner", "A1").get("/"))["node"] != ""
    assert chips(enterprise.client("carbon_office").get("/"))["node"] == ""


@pytest.mark.parametrize(
    ("page", "above"),
    [
        ("milestones-list", "calendar"),
        ("milestones-import", "calendar"),
        ("duty-parts-list", "duties-list"),
        ("profiles-list", "allocations-list"),
        ("run-findings-list", "runs-list"),
        ("sample-items-list", "samples-list"),
    ],
)
def test_a_list_that_no_tab_leads_to_has_its_way_back(enterprise, page, above):
    answer = enterprise.client("carbon_office").get(reverse(page))

    assert answer.status_code == 200
    assert answer.context["crumbs"][0][1] == reverse(above)


def test_a_part_tells_where_it_stands_as_far_as_the_reader_sees(enterprise):
    from linyin.organization.web.models import Node

    site = Node.objects.get(code="A1")
    above = site.standings.get().parent

    def told(role, node):
        client = enterprise.client(role, node)
        (part,) = client.get(f"/inventory/nodes/{site.pk}/").context["parts"]
        return part.part.rows[0].cells[0]

    assert told("carbon_office", "G") == str(above)
    assert told("reader", "A1") == ""


def test_who_runs_the_machine_is_told_what_is_wrong_with_it(enterprise):
    from linyin.platform.machine import machine_tasks

    titles = [task.title for task in machine_tasks(enterprise.actor("administrator"))]

    assert "Look after: Worker" in titles
    assert "Look after: Last backup" in titles
    assert not list(machine_tasks(enterprise.actor("carbon_office")))
