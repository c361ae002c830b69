"""Addresses that nobody wrote by hand: numbers that no column of the database holds, odd months."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db(transaction=True)

HUGE = "1" * 30


def test_a_number_that_no_column_holds_finds_nothing_and_breaks_nothing(enterprise):
    from linyin.platform.resources import RESOURCES

    client = enterprise.client("carbon_office")
    for name, resource in RESOURCES.items():
        narrowed = "&".join(f"{f.name}={HUGE}" for f in resource.filters)
        for path in (f"/inventory/{name}/?{narrowed}", f"/api/v1/{name}?{narrowed}"):
            assert client.get(path).status_code < 500, path
        assert client.get(f"/api/v1/{name}/{HUGE}").status_code < 500, name


def test_a_month_or_line_that_no_grid_has_is_no_error_of_the_server(enterprise):
    client = enterprise.client("carbon_office")

    for asked in ("month=9999-12", "month=0001-01", "month=2023-13"):
        for path in ("/inventory/entry/A1/", "/inventory/entry/"):
            answer = client.get(f"{path}?{asked}")
            assert answer.status_code == 404, asked
            assert "is no month" in answer.content.decode(), asked
    for form in ({"year": "0"}, {"year": "99999"}, {f"c.{HUGE}.2023-01..x": "5", "year": "2023"}):
        assert client.post("/inventory/entry/A1/", form).status_code < 500, form


@pytest.mark.parametrize("year", [HUGE, "0", "abc", "202", "1066"])
def test_a_year_that_is_none_is_told_on_every_page(enterprise, year):
    client = enterprise.client("carbon_office")

    places = ("", "inventory/", "inventory/entry/", "inventory/entry/A1/", "inventory/runs/")
    for path in (f"/{place}" for place in places):
        answer = client.get(f"{path}?year={year}")
        assert answer.status_code == 404, path
        assert "is no year" in answer.content.decode(), path


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("stat=draft", "cannot be narrowed by “stat”"),
        ("sort=stat", "cannot be ordered by “stat”"),
        ("sort=--year", "cannot be ordered by"),
        ("at=zz", "The place in the list"),
    ],
)
def test_what_a_list_does_not_know_is_told_and_never_gives_all_rows(enterprise, asked, told):
    client = enterprise.client("carbon_office")

    for path in ("/inventory/runs/", "/inventory/activities/"):
        answer = client.get(f"{path}?{asked}")
        assert answer.status_code == 404
        assert told in answer.content.decode()
    assert client.get(f"/inventory/activities/file.csv?{asked}").status_code == 404


def test_a_day_that_is_none_is_told(enterprise):
    client = enterprise.client("carbon_office")

    answer = client.get(reverse("decisions-list") + "?since=yesterday")

    assert answer.status_code == 404
    assert "“yesterday” in the address can be read as no day or year" in answer.content.decode()


def test_a_verifier_that_no_column_holds_is_told_beside_the_field(enterprise):
    client = enterprise.client("carbon_office")

    answer = client.post("/inventory/engagements/new/", {"verifiers": HUGE, "name": "x"})

    assert answer.status_code == 422


def test_a_comment_that_nobody_would_read_is_told_beside_its_field_and_kept(enterprise):
    from linyin.inventory.web.calculating import calculate
    from linyin.inventory.web.models import RunRecord
    from linyin.platform.actor import Actor

    calculate(Actor(None, "cli", is_operator=True), "A", [2023])
    run = RunRecord.objects.get()
    long = "x" * 10_001

    answer = enterprise.client("carbon_office").post(
        f"/inventory/runs/{run.pk}/do/inventory.lock_run/", {"comment": long}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This text has 10001 characters; at most 10000 are kept" in page
    assert long in page
    run.refresh_from_db()
    assert run.state == "draft"


def test_a_node_out_of_reach_is_told_like_one_that_is_not_there(enterprise):
    client = enterprise.client("data_owner", "A1")

    for node in ("NOWHERE", "B1"):
        for path in ("/", "/inventory/", "/inventory/activities/"):
            answer = client.get(f"{path}?node={node}")
            assert answer.status_code == 404, path
            assert "is no part of the organization" in answer.content.decode(), path
    assert client.get("/?node=A1").status_code == 200


def test_a_run_to_compare_with_that_is_not_there_is_told(enterprise):
    from linyin.inventory.web.calculating import calculate

    (run,) = calculate(enterprise.actor("carbon_office"), "G", [2023])
    client = enterprise.client("carbon_office")

    for other in ("999", "x", str(run.pk)):
        answer = client.get(f"/inventory/runs/{run.pk}/compare/?with={other}")
        assert answer.status_code == 404, other
