"""Addresses that nobody wrote by hand: numbers that no column of the database holds, odd months."""

import pytest

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

    for asked in ("month=9999-12", "month=0001-01", f"year={HUGE}", "year=0"):
        assert client.get(f"/inventory/entry/A1/?{asked}").status_code == 200, asked
        assert client.get(f"/inventory/entry/?{asked}").status_code == 200, asked
    for form in ({"year": "0"}, {"year": "99999"}, {f"c.{HUGE}.2023-01..x": "5", "year": "2023"}):
        assert client.post("/inventory/entry/A1/", form).status_code < 500, form


def test_a_verifier_that_no_column_holds_is_told_beside_the_field(enterprise):
    client = enterprise.client("carbon_office")

    answer = client.post("/inventory/engagements/new/", {"verifiers": HUGE, "name": "x"})

    assert answer.status_code == 422
