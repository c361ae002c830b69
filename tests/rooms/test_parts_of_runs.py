"""Whoever reaches a part of a run sees its figures and its entries, and nothing of the rest."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(enterprise):
    from linyin.inventory.web.calculating import calculate

    (made,) = calculate(enterprise.actor("carbon_office"), "G", [2023], reason="asked for by G")
    return made


def entry_of(enterprise, run, site):
    from linyin.inventory.web.entries import entries_of
    from linyin.platform.resources import Query

    (row, *_) = entries_of(run).page(frozenset({site}), Query()).rows
    return f"/inventory/runs/{run.pk}/entries/{row['pk']}/"


def test_figures_and_entries_of_the_part_open_and_those_of_others_do_not(enterprise, run):
    owner = enterprise.client("data_owner", "A1")
    page = owner.get(f"/inventory/runs/{run.pk}/")
    listed = owner.get(f"/inventory/runs/{run.pk}/entries/")

    assert page.status_code == listed.status_code == 200
    assert page.context["figures"].figures[0].href.endswith("node=A1")
    assert "asked for by G" not in page.content.decode()
    told = listed.content.decode()
    assert "A1-1" in told
    assert "B1-1" not in told
    assert owner.get(entry_of(enterprise, run, "A1")).status_code == 200
    assert owner.get(entry_of(enterprise, run, "B1")).status_code == 404
    for whole in ("findings", "factors", "compare", "approvals", "report", "base-year"):
        assert owner.get(f"/inventory/runs/{run.pk}/{whole}/").status_code == 404, whole


def test_the_context_narrows_a_run_to_a_part_for_who_sees_it_whole(enterprise, run):
    office = enterprise.client("carbon_office")

    def total(query):
        figure = office.get(f"/inventory/runs/{run.pk}/{query}").context["figures"].figures[0]
        tonnes = {"t CO₂e": 1, "kt CO₂e": 1000}[figure.unit]
        return tonnes * float(figure.value.replace(",", ""))

    sites = [total(f"?node={site}") for site in ("A1", "A2", "B1")]

    assert total("") == pytest.approx(sum(sites), rel=1e-3)
    assert office.get("/inventory/runs/?node=A1").content.decode().count(f"/runs/{run.pk}/") > 0


def test_who_reaches_no_part_sees_nothing_of_it(enterprise):
    from linyin.inventory.web.calculating import calculate

    (of_b,) = calculate(enterprise.actor("carbon_office"), "B", [2023])

    owner = enterprise.client("data_owner", "A1")

    assert owner.get(f"/inventory/runs/{of_b.pk}/").status_code == 404
    assert owner.get(f"/inventory/runs/{of_b.pk}/entries/").status_code == 404


def test_the_api_tells_the_part_that_is_reached_and_nothing_of_the_rest(enterprise, run):
    office, owner = enterprise.client("carbon_office"), enterprise.client("data_owner", "A1")
    base = f"/api/v1/runs/{run.pk}"

    whole = office.get(f"{base}/totals", {"by": "site"}).json()
    of_sites = {item["name"]: int(item["co2e_mg"]) for item in whole["items"]}
    asked = office.get(f"{base}/totals", {"node": "A1"}).json()
    own = owner.get(f"{base}/totals", {"by": "site"}).json()
    listed = owner.get(f"{base}/entries").json()["items"]

    assert (whole["node"], whole["is_part"]) == ("G", False)
    assert (asked["node"], asked["is_part"]) == ("A1", True)
    assert int(asked["total_mg"]) == of_sites["A1"]
    assert own["items"] == [{"name": "A1", "co2e_mg": str(of_sites["A1"])}]
    assert {row["booked_site"] for row in listed} == {"A1"}
    for node in ("B1", "G", "nowhere"):
        assert owner.get(f"{base}/totals", {"node": node}).status_code == 404, node
    assert office.get(f"{base}/totals", {"node": "nowhere"}).status_code == 404
    for rest in ("", "/findings", "/factors", "/approvals", "/base-year", "/report/en.pdf"):
        assert owner.get(base + rest).status_code == 404, rest


def test_the_api_traces_what_is_booked_within_reach(enterprise, run):
    from linyin.inventory.web.entries import entries_of
    from linyin.platform.resources import Query

    owner = enterprise.client("data_owner", "A1")

    def traced(site):
        (row, *_) = entries_of(run).page(frozenset({site}), Query()).rows
        activity = f"{row['source']}/{row['external_id']}"
        return owner.get(f"/api/v1/runs/{run.pk}/trace", {"entry": activity})

    seen = traced("A1").json()["items"]
    assert seen
    assert all(one["same"] for one in seen)
    elsewhere, nowhere = (
        traced("B1"),
        owner.get(f"/api/v1/runs/{run.pk}/trace", {"entry": "activities/B1-none"}),
    )
    assert elsewhere.status_code == nowhere.status_code == 422
    for answer in (elsewhere, nowhere):
        assert "A1-" in answer.json()["detail"]
        assert "B1-" not in answer.json()["detail"].partition("Near it")[2]


def test_the_api_tells_what_a_node_emitted_in_a_year_by_the_run_above(enterprise, run):
    owner, other = enterprise.client("data_owner", "A1"), enterprise.client("data_owner", "B1")

    told = owner.get("/api/v1/figures", {"node": "A1", "year": 2023, "by": "scope"}).json()

    assert (told["run"], told["year"], told["state"]) == (str(run.pk), 2023, "draft")
    assert (told["node"], told["is_part"]) == ("A1", True)
    assert sum(int(item["co2e_mg"]) for item in told["items"]) == int(told["total_mg"]) > 0
    assert other.get("/api/v1/figures", {"node": "A1", "year": 2023}).status_code == 404
    assert owner.get("/api/v1/figures", {"node": "A1", "year": 2019}).status_code == 404
    assert owner.get("/api/v1/figures", {"node": "A1", "year": "x"}).status_code == 422
