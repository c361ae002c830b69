"""The pages and routes of factors: found by words, compared, explained, used; who may see what."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from factor_builders import PDF, STATED, office, submitted, write

__all__ = ["write"]

pytestmark = pytest.mark.django_db(transaction=True)
GUANGDONG = "mee-grid-2023-CN-GD"


def form_of(**other):
    from linyin.organization.web.models import Node

    node = Node.objects.get(code="G").pk
    return {**STATED, "published": "2024-01-31", "node": node, **other}


def text_of(answer):
    return answer.content.decode()


@pytest.mark.parametrize("words", ["电力 广东 2023", "electricity guangdong 2023"])
def test_words_of_both_languages_find_the_same_factor_first(enterprise, words):
    answer = enterprise.client("reader").get("/inventory/factors/", {"q": words})

    (first, *_) = answer.context["table"].rows
    assert f"/inventory/factors/{GUANGDONG}/" in first.href


def test_filters_narrow_a_list_and_the_year_sorts_it(enterprise):
    asked = {"use": "grid", "place": "CN-GD", "sort": "-data_year"}

    rows = enterprise.client("reader").get("/inventory/factors/", asked).context["table"].rows

    assert [row.cells[5] for row in rows] == ["2023", "2022", "2021"]


def test_pages_of_a_list_hold_every_factor_once(enterprise):
    from linyin.inventory.web.factors.rows import FILTERS, factors
    from linyin.ledger import released_factors
    from linyin.platform.resources import Query

    seen, cursor = [], None
    while True:
        page = factors.rows.page(frozenset({"G"}), Query(cursor=cursor, size=500))
        seen += [row["pk"] for row in page.rows]
        if page.after is None:
            break
        cursor = page.after

    assert sorted(seen) == sorted(f.factor_id for f in released_factors().factors)
    back = factors.rows.page(frozenset({"G"}), Query(cursor=page.before, size=500))
    assert [row["pk"] for row in back.rows] == seen[-len(page.rows) - 500 : -len(page.rows)]
    assert all(factors.rows.choices({"G"}, filter_) for filter_ in FILTERS)


def test_the_queries_of_the_list_do_not_grow_with_its_rows(enterprise, write):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = enterprise.client("carbon_office")

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/inventory/factors/").status_code == 200
        return len(seen)

    queries()
    few = queries()
    for number in range(12):
        write(factor_id=f"own-{number}")

    assert queries() == few


def test_a_record_tells_what_is_known_and_draws_its_years(enterprise):
    answer = enterprise.client("reader").get(f"/inventory/factors/{GUANGDONG}/")

    assert answer.context["value"] == ("0.4419", "kg CO₂e/kWh")
    chart = answer.context["chart"]
    assert chart.option["xAxis"]["data"] == ["2021", "2022", "2023"]
    assert [line["data"] for line in chart.option["series"]] == [[0.4715, 0.4403, 0.4419]]
    assert [row.cells[0] for row in chart.table.rows] == ["2023", "2022", "2021"]


def test_years_in_other_units_are_drawn_in_the_factor_s_own(enterprise, write):
    write(factor_id="own-mwh", unit="MWh", co2_kg="500", place="CN-GD", data_year=2024)

    answer = enterprise.client("carbon_office").get(f"/inventory/factors/{GUANGDONG}/")

    assert [line["data"] for line in answer.context["chart"].option["series"]] == [
        [0.4715, 0.4403, 0.4419, None], [None, None, None, 0.5],
    ]  # fmt: skip


def test_what_differs_between_factors_is_marked(enterprise):
    asked = {"id": [GUANGDONG, "mee-grid-2021-CN-GD", "no-such-factor"]}

    answer = enterprise.client("reader").get("/inventory/factors/-/comparison/", asked)

    tones = {str(row.cells[0]): row.tone for row in answer.context["table"].rows}
    assert (tones["Year"], tones["Boundary"]) == ("question", "")
    assert [len(row.cells) for row in answer.context["table"].rows] == [3] * len(tones)


def test_the_runs_that_use_a_factor_are_told_with_lines_and_tonnes(enterprise):
    from linyin.inventory.web.calculating import calculate

    (run,) = calculate(enterprise.actor("carbon_office"), "G", [2023])

    answer = enterprise.client("reader").get(f"/inventory/factors/{GUANGDONG}/runs/")
    entries = [row.href for row in answer.context["table"].rows]

    mg = 3 * 1200 * 1000 * 441_900
    assert f">{mg / 1e12:.3f}<" in str(answer.context["table"])  # kt
    assert f"/inventory/runs/{run.pk}/entries/?" in entries[0]
    listed = enterprise.client("reader").get(entries[0])
    table = listed.context["table"]
    assert {row.cells[-1] for row in table.rows} == {"Electricity, Guangdong 2023"}
    assert table.pager.total == "36"


def test_a_reader_of_one_entity_sees_no_run_of_the_whole(enterprise):
    from linyin.inventory.web.calculating import calculate

    calculate(enterprise.actor("carbon_office"), "G", [2023])

    answer = enterprise.client("reader", "A").get(f"/inventory/factors/{GUANGDONG}/runs/")

    assert answer.context["table"].rows == []


def test_the_page_chooses_as_the_command_line_does(enterprise):
    from linyin.ledger import Catalog, FactorQuestion, explain_factor, load_packs

    asked = {"item": "电力", "unit": "kWh", "year": "2023", "place": "CN-GD"}
    answer = enterprise.client("reader").get("/inventory/factors/-/choice/", asked)
    catalog = Catalog(load_packs(["mee-grid-2021-2023"]))
    told = explain_factor(catalog, FactorQuestion("电力", "kWh", 2023, place="CN-GD"))

    shown = [row.cells[1].hint for row in answer.context["ranked"].rows]
    assert shown == [factor.factor_id for _, factor in told.choice.ranked]
    assert answer.context["verdict"].text == "Its data are nearer in time."


def test_a_site_stands_where_it_is_and_its_own_factor_wins(enterprise, write):
    from linyin.ledger.web.actions import approve_factor

    approve_factor(office(enterprise, "second"), submitted(enterprise, write()))
    asked = {"item": "electricity", "unit": "kWh", "year": "2023", "site": "A1"}
    client = enterprise.client("carbon_office")

    ranked = client.get("/inventory/factors/-/choice/", asked).context["ranked"].rows
    without = client.get(
        "/inventory/factors/-/choice/", asked | {"without": "own-power-2023"}
    ).context["ranked"]

    assert [row.cells[1].hint for row in ranked[:2]] == ["own-power-2023", GUANGDONG]
    assert str(ranked[1].cells[5]) == "place"
    assert without.rows[0].cells[1].hint == GUANGDONG


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"item": "unobtainium", "unit": "t", "year": "2023"}, "item"),
        ({"item": "electricity", "unit": "kWhh", "year": "2023"}, "unit"),
        ({"item": "electricity", "unit": "kWh", "year": "23"}, "year"),
        ({"item": "electricity", "unit": "kWh", "year": "2023", "place": "Mars"}, "place"),
        ({"item": "electricity", "unit": "kWh", "year": "2023", "without": "x"}, "without"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(enterprise, asked, field):
    answer = enterprise.client("reader").get("/inventory/factors/-/choice/", asked)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_a_stale_form_shows_both_values_and_changes_nothing(enterprise, write):
    factor = write()
    client = enterprise.client("carbon_office")
    address = f"/inventory/own-factors/{factor.pk}/edit/"
    first = client.post(address, form_of(version=1, co2_kg="0.2"))
    second = client.post(address, form_of(version=1, co2_kg="0.3"))

    assert (first.status_code, second.status_code) == (302, 409)
    assert second.context["changed"] == [
        {"label": "Fossil CO₂ [kg]", "stated": "0.3", "there": "0.2"}
    ]
    factor.refresh_from_db()
    assert factor.co2_kg == "0.2"


def test_an_upload_of_another_kind_is_refused_beside_its_field(enterprise, write):
    factor = write()
    address = reverse("own-factors-evidence", args=[factor.pk])
    client = enterprise.client("carbon_office")
    bad = client.post(address, {"document": SimpleUploadedFile("x.exe", b"MZ")})
    none = client.post(address, {})
    good = client.post(address, {"document": SimpleUploadedFile("x.pdf", PDF)})

    assert (bad.status_code, none.status_code, good.status_code) == (422, 422, 302)
    assert bad.context["drop"].error
    factor.refresh_from_db()
    assert factor.evidence_sha256


def test_own_factors_of_another_entity_are_not_there(enterprise, write):
    factor = write(node="B")
    inside, outside = enterprise.client("reader", "B"), enterprise.client("reader", "A")

    for path in (
        f"/inventory/factors/{factor.factor_id}/",
        f"/inventory/factors/{factor.factor_id}/runs/",
        f"/inventory/own-factors/{factor.pk}/",
    ):
        assert (inside.get(path).status_code, outside.get(path).status_code) == (200, 404)
    for client, seen in ((inside, 1), (outside, 0)):
        rows = client.get("/inventory/factors/", {"q": factor.factor_id}).context["table"].rows
        assert len(rows) == seen


@pytest.mark.parametrize(
    "path",
    [
        "/inventory/factors/",
        f"/inventory/factors/{GUANGDONG}/",
        f"/inventory/factors/{GUANGDONG}/runs/",
        f"/inventory/factors/-/comparison/?id={GUANGDONG}",
        "/inventory/factors/-/choice/",
        "/inventory/own-factors/",
    ],
)
def test_factors_are_for_those_who_may_see_them(enterprise, client, path):
    client.defaults["HTTP_HOST"] = "localhost"

    assert enterprise.client("data_owner").get(path).status_code == 200
    assert enterprise.client("committee").get(path).status_code == 403
    assert client.get(path).status_code == 302


def test_only_who_may_propose_uploads_and_the_page_offers_only_what_fits(enterprise, write):
    factor = submitted(enterprise, write())
    address = f"/inventory/own-factors/{factor.pk}/"

    upload = {"document": SimpleUploadedFile("x.pdf", PDF)}
    assert enterprise.client("data_owner").post(f"{address}evidence/", upload).status_code == 404
    assert enterprise.client("data_owner").get(address).context["buttons"] == []
    offered = enterprise.client("carbon_office").get(address).context["buttons"]
    assert [button.label for button in offered] == ["Approve", "Return"]


def test_approvers_and_writers_find_their_tasks(enterprise, write):
    from linyin.ledger.web.actions import reject_factor
    from linyin.platform.tasks import tasks_of

    factor = submitted(enterprise, write())
    writer, second = office(enterprise, "writer"), office(enterprise, "second")

    def kinds(actor):
        return [task.kind for task in tasks_of(actor) if task.kind.startswith("factor")]

    assert (kinds(writer), kinds(second)) == ([], ["factor_approve"])
    reject_factor(second, factor, comment="which page?")
    assert (kinds(writer), kinds(second)) == (["factor_returned"], [])


def test_ctrl_k_finds_factors(enterprise):
    answer = enterprise.client("reader").get("/search", {"q": "电力 广东 2023"})

    assert f"/inventory/factors/{GUANGDONG}/" in text_of(answer)


def test_routes_tell_what_the_pages_show(enterprise):
    from linyin.inventory.web.calculating import calculate

    calculate(enterprise.actor("carbon_office"), "G", [2023])
    client = enterprise.client("carbon_office")

    found = client.get("/api/v1/factors", {"q": "电力 广东 2023"}).json()["items"]
    used = client.get(f"/api/v1/factors/{GUANGDONG}/runs").json()["items"]
    asked = {"item": "electricity", "unit": "kWh", "year": 2023, "site": "A1"}
    told = client.get("/api/v1/factor-choice", asked).json()
    wrong = client.get("/api/v1/factor-choice", asked | {"unit": "kWhh"})

    assert (found[0]["id"], found[0]["total_kg"], found[0]["unit"]) == (GUANGDONG, "0.4419", "kWh")
    power = next(u for u in used if (u["line"], u["scope2_method"]) == ("2.1", "location"))
    assert (power["entries"], power["co2e_mg"]) == (36, str(3 * 1200 * 1000 * 441_900))
    assert (told["winner"], told["decided_by"]) == (GUANGDONG, "years")
    assert {one["reason"] for one in told["rejected"]} >= {"place", "boundary", "basis"}
    assert (wrong.status_code, wrong.json()["where"]) == (422, "unit")
