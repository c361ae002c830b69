"""The context in the header: node, year and run are one, stand in the address, and are read."""

import html
import re

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def calculated(enterprise, folder):
    from linyin.inventory.web.calculating import calculate

    calculate(enterprise.actor("carbon_office", name="preparer"), "G", [2022, 2023])
    return enterprise


@pytest.fixture
def runs(calculated):
    from linyin.inventory.web.models import RunRecord

    return {run.year: run for run in RunRecord.objects.all()}


def shown(client, path, **asked):
    answer = client.get(path, asked, HTTP_ACCEPT_LANGUAGE="en")
    return answer.status_code, html.unescape(answer.content.decode())


def chips(text):
    """What each chip says, and its choices: label → address."""
    header = text[text.index('<div class="chips"') : text.index('<div class="top-tools">')]
    told = {}
    for one in header.split('<details class="menu chip">')[1:]:
        kind = re.search(r'summary title="([^"]+)"', one)[1]
        label = re.search(r'"chip-label">([^<]+)<', one)[1]
        told[kind] = (label, {n: h for h, n in re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)', one)})
    return told


def test_a_page_offers_node_year_and_run_and_help(calculated, runs):
    status, text = shown(calculated.client("carbon_office"), "/inventory/")
    told = chips(text)

    assert status == 200
    assert list(told) == ["Organization", "Year", "Run"]
    assert told["Year"][1]["2022"] == "/inventory/?year=2022"
    wanted = f"/inventory/?run={runs[2022].pk}&year=2022"
    assert wanted in told["Run"][1].values()
    assert 'href="/help/"' in text


def test_a_choice_keeps_what_a_list_is_narrowed_to_and_leaves_its_place(calculated):
    from linyin.platform.resources.source import Cursor

    client = calculated.client("carbon_office")
    place = Cursor("2022", "1").text()
    asked = {"state": "draft", "sort": "year", "at": place, "run": "1", "node": "A"}
    told = chips(shown(client, "/inventory/runs/", **asked)[1])

    assert told["Year"][1]["2023"] == "/inventory/runs/?state=draft&sort=year&node=A&year=2023"
    assert told["Organization"][1]["B"] == "/inventory/runs/?state=draft&sort=year&node=B"


def test_the_overview_and_home_show_the_run_that_is_chosen(calculated, runs):
    client = calculated.client("carbon_office")
    for path in ("/inventory/", "/"):
        _, text = shown(client, path, run=runs[2022].pk)
        assert f'href="/inventory/runs/{runs[2022].pk}/?run=' in text
        assert chips(text)["Run"][0] == "2022 · Draft"
        assert f'href="/inventory/runs/{runs[2023].pk}/?run=' not in text


def test_the_part_of_a_run_is_its_part(calculated, runs):
    _, whole = shown(calculated.client("carbon_office"), "/inventory/", run=runs[2023].pk)
    status, part = shown(
        calculated.client("carbon_office"), "/inventory/", run=runs[2023].pk, node="B"
    )

    assert status == 200
    assert "Part of the run of Group" in part
    assert "part of the run" not in whole


def test_a_context_that_is_not_there_is_told(calculated):
    client = calculated.client("carbon_office")
    nonsense = [
        ({"run": "nonsense"}, "There is no such run"),
        ({"run": "999999"}, "There is no such run"),
        ({"run": "1" * 40}, "There is no such run"),
        ({"year": "abc"}, "names is no year"),
        ({"year": "9999"}, "names is no year"),
    ]
    for path in ("/inventory/", "/"):
        for asked, told in nonsense:
            status, text = shown(client, path, **asked)
            assert (status, told in text) == (404, True), (path, asked)
            leads = [href for _, choices in chips(text).values() for href in choices.values()]
            assert not [href for href in leads if next(iter(asked.values())) in href]


def test_a_run_out_of_reach_is_no_run(calculated, runs):
    status, text = shown(calculated.client("entity_manager", "A"), "/inventory/", run=runs[2023].pk)

    assert status == 404
    assert "There is no such run" in text


def test_a_year_that_nobody_has_calculated_is_told(calculated):
    for path in ("/inventory/", "/"):
        status, text = shown(calculated.client("carbon_office"), path, year=2019)
        assert status == 200
        assert "Nobody has calculated 2019 yet" in text


def test_on_the_page_of_a_run_the_header_leads_to_the_same_page_of_another(calculated, runs):
    at = f"/inventory/runs/{runs[2023].pk}/findings/"
    told = chips(shown(calculated.client("carbon_office"), at, state="closed")[1])

    assert told["Year"][0] == "2023"
    assert told["Year"][1]["2022"] == f"/inventory/runs/{runs[2022].pk}/findings/?state=closed"
    assert told["Run"][0] == "2023 · Draft"


def test_help_tells_every_page_that_the_reader_has(calculated):
    from linyin.platform.sections import SECTIONS, pages_of

    status, text = shown(calculated.client("carbon_office"), "/help/")

    assert status == 200
    assert "Ctrl" in text
    assert 'href="/inventory/runs/"' in text
    assert 'href="/home/people/"' not in text
    from linyin.platform.helping import told_of

    assert all(told_of(page) for section in SECTIONS for page in pages_of(section.name))


def test_the_findings_of_all_runs_are_narrowed_to_the_one_that_is_chosen(calculated, runs):
    from linyin.inventory.web.models import RunFinding
    from linyin.lake import Finding

    told = Finding("months-missing", "warning", fields={"months": "2"}).to_dict()
    for run in runs.values():
        RunFinding.objects.create(run=run, code=told["code"], severity="warning", finding=told)
    client = calculated.client("carbon_office")

    def listed(**asked):
        _, text = shown(client, "/inventory/run-findings/", **asked)
        return text, set(re.findall(r'data-href="/inventory/run-findings/(\d+)/', text))

    text, found = listed(run=runs[2022].pk)
    own = {str(pk) for pk in runs[2022].findings.values_list("pk", flat=True)}
    assert found == own
    assert len(listed()[1]) > len(own)
    assert ">Inventory of Group, 2022</option>" in text
    assert listed(run="nonsense")[1] == set()
