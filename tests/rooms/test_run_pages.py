"""Pages of a run: its findings, its factors, in the reader's words."""

import pytest
from django.utils import translation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(enterprise):
    from linyin.inventory.web.calculating import calculate

    (made,) = calculate(enterprise.actor("carbon_office"), "G", [2023])
    return made


@pytest.fixture
def chinese(enterprise):
    office = enterprise.actor("carbon_office").person
    office.language = "zh-hans"
    office.save()
    return enterprise.client("carbon_office")


def read(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_findings_of_all_runs_are_told_in_words_and_reached_from_a_run(run, chinese):
    from linyin.inventory.web.finding_words import finding_told
    from linyin.platform.coded import coded

    page = read(chinese, f"/inventory/runs/{run.pk}/findings/")
    listed = read(chinese, "/inventory/run-findings/")
    finding = run.findings.order_by("pk").first()
    record = read(chinese, f"/inventory/run-findings/{finding.pk}/")
    exported = b"".join(chinese.get("/inventory/run-findings/file.csv")).decode()

    assert 'href="/inventory/run-findings/"' in page
    for code in run.findings.values_list("code", flat=True):
        assert f">{code}<" not in listed
        assert code in exported
    with translation.override("zh-hans"):
        assert coded(finding_told(finding.finding)) in listed
    assert f">{finding.code}<" not in record


def test_findings_name_sites_and_places_with_one_look_at_the_sites(run, chinese):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from linyin.organization.web.models import Node

    def add(times, code, **fields):
        for row in range(times):
            at = {"file": "a.csv", "row": row}
            told = {"code": code, "severity": "warning", "at": at, "fields": fields}
            run.findings.create(code=code, severity="warning", finding=told)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            page = read(chinese, f"/inventory/runs/{run.pk}/findings/")
        return len(queries), page

    site = Node.objects.filter(kind="site").order_by("code").first()
    site.name_zh = "杭州园区"
    site.save()
    add(1, "measured-without-evidence", rows=3, item="electricity", site=f"{site.code}, NONE")
    add(1, "residual-missing", place="AE, AT … (19)", item="electricity", rows=1)
    once, page = asked()
    add(4, "measured-without-evidence", rows=3, item="electricity", site=site.code)
    again, _ = asked()

    assert "杭州园区、NONE" in page
    assert "阿拉伯联合酋长国、奥地利 等 19 项" in page
    assert again == once


def test_a_long_finding_in_chinese_keeps_its_beginning():
    from linyin.inventory.web.finding_words import cut

    assert cut("碳" * 100) == "碳" * 79 + "…"
    assert cut("word " * 15 + "no_half_of_a_name") == "word " * 14 + "word…"
    assert cut("short") == "short"


def test_factors_of_a_run_are_paged_searched_and_lead_to_their_entries(run, chinese):
    from linyin.inventory.web.run_factors import factors_of
    from linyin.platform.resources import Query
    from linyin.platform.resources.source import Cursor

    factor = next(iter(run.totals["factors"]))
    run.totals["factors"] |= {f"other-{n:03}": str(n) for n in range(60)}
    run.save()
    first = chinese.get(f"/inventory/runs/{run.pk}/factors/").context["table"]
    found = chinese.get(f"/inventory/runs/{run.pk}/factors/?q={factor}").context["table"]
    source, reach, seen, at = factors_of(run), {run.node.code}, [], None
    while True:
        page = source.page(reach, Query(cursor=at, size=25))
        seen += [row["factor_id"] for row in page.rows]
        if page.after is None:
            break
        at = Cursor.read(page.after.text())

    assert len(first.rows) == 50
    assert first.pager.next
    assert [row.href for row in found.rows] == [
        f"/inventory/runs/{run.pk}/entries/?factor_id={factor}"
    ]
    masses = run.totals["factors"]
    assert seen == sorted(masses, key=lambda name: (-int(masses[name]), name))


@pytest.mark.parametrize(("word", "count"), [("电力", 36), ("electricity", 36), ("煤", 0)])
def test_a_list_is_searched_by_the_names_that_it_shows(enterprise, run, chinese, word, count):
    from linyin.inventory.web.entries import entries_of
    from linyin.ledger.web.activities import activities
    from linyin.platform.resources import Query

    nodes = frozenset({"G", "A", "B", "A1", "A2", "B1"})
    with translation.override("zh-hans"):
        found = activities.rows.count(nodes, Query(search=word), 1000)
        of_run = entries_of(run).count(nodes, Query(search=word), 1000)

    assert found == count
    assert bool(of_run) == bool(count)


def test_records_are_searched_by_the_names_that_their_list_shows(enterprise, chinese):
    from linyin.ledger.web.models import Rate

    Rate.objects.create(
        kind="vat", item="naics_334413", year=2023, value="13", source="GB", evidence="file"
    )

    assert "半导体器件与集成电路" in read(chinese, "/inventory/rates/?q=半导体")
    assert "半导体器件与集成电路" not in read(chinese, "/inventory/rates/?q=钢材")


def test_every_figure_of_a_run_opens_the_entries_that_add_up_to_it(run, enterprise):
    client = enterprise.client("carbon_office")
    context = client.get(f"/inventory/runs/{run.pk}/").context
    figures, lines = context["figures"].figures, context["lines"].rows

    assert all(figure.href for figure in figures)
    assert all(row.href for row in lines)
    total, _, scope2 = figures[:3]
    shown = client.get(scope2.href).context["table"]
    assert shown.rows
    assert "scope=2" in scope2.href
    assert client.get(total.href).status_code == 200
    assert client.get(figures[-1].href).status_code == 200
    from linyin.inventory.web.entries import entries_of
    from linyin.platform.resources import Query

    asked = {"scope": ("2",), "role": ("reported",), "scope2_method": ("location",)}
    rows = entries_of(run).page({"A1", "A2", "B1"}, Query(size=500, filters=asked)).rows
    assert sum(int(row["co2e_mg"]) for row in rows) == sum(
        int(mg)
        for by_line in run.totals["cells"]["location"].values()
        for line, mg in by_line.items()
        if line.startswith("2.")
    )


def test_figures_are_in_the_state_of_their_run_and_against_the_decided_base_year(run, enterprise):
    from linyin.inventory.web.models import Settings

    settings = Settings.now()
    settings.config |= {"base_year": {"year": 2023}}
    settings.save()
    run.state = "approved"
    run.save()
    client = enterprise.client("carbon_office")

    figures = client.get(f"/inventory/runs/{run.pk}/").context["figures"].figures

    assert {figure.state for figure in figures} == {"approved"}
    assert figures[0].changes == []


@pytest.mark.parametrize(("stated", "kept"), [("a" * 64, False), ("", True)])
def test_a_document_of_the_same_name_proves_no_row_that_states_another_hash(
    enterprise, stated, kept
):
    from types import SimpleNamespace

    from linyin.inventory.web.pages.entry import _document
    from linyin.organization.web.models import Node
    from linyin.platform.models import Document

    row = {"evidence_sha256": stated, "evidence_file": "bill.pdf", "evidence_page": ""}
    Document.objects.create(
        sha256="b" * 64, name="bill.pdf", size=3, node=Node.objects.get(code="A")
    )
    seen = _document(enterprise.actor("carbon_office"), SimpleNamespace(activity=row))
    below = _document(enterprise.actor("data_owner", "B"), SimpleNamespace(activity=row))

    assert bool(seen.href) is kept
    assert not below.href


def test_an_entry_leads_to_the_row_that_it_was_made_of(enterprise, run):
    from linyin.inventory.web.entries import entries_of
    from linyin.platform.resources import Query

    (row,) = entries_of(run).page(frozenset(["A1"]), Query(size=1)).rows
    client = enterprise.client("carbon_office")

    shown = client.get(f"/inventory/runs/{run.pk}/entries/{row['pk']}/")
    facts = dict(shown.context["activity"])
    leads = next(fact.href for fact in facts.values() if getattr(fact, "href", ""))
    opened = client.get(leads)

    assert opened.status_code == 200
    assert row["external_id"] in opened.content.decode()


def test_entries_call_their_factors_by_name_and_are_found_by_it(run, chinese, enterprise):
    import pyarrow.parquet as pq

    known = pq.read_table(run.path / "inputs" / "factors.parquet").to_pylist()
    names = {row["factor_id"]: row for row in known}
    used = [names[factor] for factor in run.totals["factors"]]
    at = f"/inventory/runs/{run.pk}/entries/"
    english = enterprise.client("reader")

    page = chinese.get(at)
    shown = {str(cell) for row in page.context["table"].rows for cell in row.cells}

    assert used
    for row in used:
        assert row["name_zh"] in shown
        assert row["factor_id"] not in shown
        for client, name in ((chinese, row["name_zh"]), (english, row["name_en"])):
            assert client.get(at, {"q": name}).context["table"].rows, name
            assert client.get(at, {"factor_id": name}).context["table"].rows, name
        assert chinese.get(at, {"factor_id": row["factor_id"]}).context["table"].rows
        if row["name_en"] not in row["name_zh"]:
            assert not chinese.get(at, {"factor_id": row["name_en"]}).context["table"].rows
