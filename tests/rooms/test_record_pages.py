"""Records of a resource: grants on the tree, stale edits, what rests on what, pages by key."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from linyin.lake import BadInput
from linyin.platform.words import say

pytestmark = pytest.mark.django_db(transaction=True)
BY_CHANCE = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.fixture
def nodes(enterprise):
    from linyin.platform.resources import RESOURCES

    return RESOURCES["nodes"]


def node(code):
    from linyin.organization.web.models import Node

    return Node.objects.get(code=code)


def test_a_grant_reaches_the_subtree_of_today_and_nothing_else(enterprise):
    assert enterprise.actor("reader", "A").nodes("organization.view") == {"A", "A1", "A2"}
    assert enterprise.actor("reader", "A", subtree=False, name="alone").nodes(
        "organization.view"
    ) == {"A"}
    assert enterprise.actor("reader", "A").nodes("organization.edit") == frozenset()


def test_a_site_that_moves_today_takes_the_grants_along(enterprise):
    from linyin.organization.web.models import Standing

    today = date.today()
    Standing.objects.filter(node__code="A2").update(end=today)
    Standing.objects.create(node=node("A2"), parent=node("B"), begin=today)

    assert "A2" not in enterprise.actor("reader", "A").nodes("organization.view")
    assert "A2" in enterprise.actor("reader", "B").nodes("organization.view")


def test_a_closed_site_stays_in_sight_of_those_it_stood_under_last(enterprise):
    from linyin.organization.web.models import Standing

    Standing.objects.filter(node__code="A2").update(end=date(2020, 1, 1))

    assert "A2" in enterprise.actor("reader", "A").nodes("organization.view")


def test_a_stale_edit_is_refused_and_changes_nothing(enterprise, nodes):
    from linyin.platform.stale import Stale

    office = enterprise.actor("carbon_office")
    nodes.update(office, node("A1"), values={"note": "first"}, version=1)

    with pytest.raises(Stale):
        nodes.update(office, node("A1"), values={"note": "second"}, version=1)

    assert (node("A1").note, node("A1").version) == ("first", 2)


def test_the_form_of_a_stale_edit_shows_both_values_and_keeps_what_was_typed(enterprise, nodes):
    office = enterprise.actor("carbon_office")
    client = enterprise.client("carbon_office")
    form = {
        "code": "A1", "kind": "site", "name_en": "Mine", "name_zh": "", "note": "", "version": "1",
    }  # fmt: skip
    nodes.update(office, node("A1"), values={"name_en": "Theirs"}, version=1)

    answer = client.post(f"/inventory/nodes/{node('A1').pk}/edit/", form)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Theirs" in page
    assert 'value="Mine"' in page
    assert node("A1").name_en == "Theirs"


def test_the_difference_of_a_stale_edit_is_in_words_and_nought_is_not_nothing(enterprise):
    from linyin.platform.resources import RESOURCES

    metrics = RESOURCES["metrics"]
    office, client = enterprise.actor("carbon_office"), enterprise.client("carbon_office")
    values = {
        "node": node("A1"), "metric": "heads", "begin": date(2023, 1, 1), "end": date(2024, 1, 1),
        "value": Decimal(7), "unit": "1",
    }  # fmt: skip
    record = metrics.create(office, values=values)
    metrics.update(office, record, values={"value": Decimal(0), "metric": "revenue"}, version=1)

    answer = client.post(
        f"/inventory/metrics/{record.pk}/edit/",
        {**values, "node": node("A1").pk, "version": "1"},
    )

    assert answer.status_code == 409
    told = {row["label"]: (row["stated"], row["there"]) for row in answer.context["changed"]}
    assert told == {
        say("metrics.value"): ("7", "0"),
        say("metrics.metric"): (say("metrics.metric.heads"), say("metrics.metric.revenue")),
    }


def test_a_stale_removal_is_refused_with_what_changed(enterprise):
    from linyin.platform.resources import RESOURCES

    metrics = RESOURCES["metrics"]
    office, client = enterprise.actor("carbon_office"), enterprise.client("carbon_office")
    values = {
        "node": node("A1"), "metric": "heads", "begin": date(2023, 1, 1), "end": date(2024, 1, 1),
        "value": Decimal(7), "unit": "1",
    }  # fmt: skip
    made = metrics.create(office, values=values)
    address = f"/inventory/metrics/{made.pk}/delete/"
    assert 'name="version" value="1"' in client.get(address).content.decode()
    metrics.update(office, made, values={"value": Decimal(0), "metric": "revenue"}, version=1)

    for stated in ({}, {"version": "x"}, {"version": "9" * 5000}):
        assert client.post(address, stated).status_code == 409
    late = client.post(address, {"version": "1"})

    assert late.status_code == 409
    told = {row["label"]: (row["stated"], row["there"]) for row in late.context["changed"]}
    assert told == {
        say("metrics.value"): ("7", "0"),
        say("metrics.metric"): (say("metrics.metric.heads"), say("metrics.metric.revenue")),
    }
    assert type(made).objects.filter(pk=made.pk).exists()
    assert client.post(address, {"version": "2"}).status_code == 302
    assert not type(made).objects.filter(pk=made.pk).exists()


def test_what_others_rest_on_is_not_removed(enterprise, nodes):
    with pytest.raises(BadInput) as refused:
        nodes.delete(enterprise.actor("carbon_office"), node("A"), version=node("A").version)

    assert [finding.code for finding in refused.value.findings] == ["record-in-use"]
    assert node("A").pk


def test_a_denied_action_changes_nothing_and_tells_nothing(enterprise, nodes):
    from linyin.organization.web.models import Node
    from linyin.platform.models import AuditEvent

    before = (Node.objects.count(), AuditEvent.objects.count())
    reader = enterprise.actor("reader", "A")

    with pytest.raises(PermissionDenied):
        nodes.create(reader, values={"code": "X", "kind": "site"})
    with pytest.raises(PermissionDenied):
        nodes.update(reader, node("A1"), values={"note": "x"}, version=1)
    with pytest.raises(PermissionDenied):
        nodes.delete(reader, node("A1"), version=1)

    assert (Node.objects.count(), AuditEvent.objects.count()) == before


def test_a_record_out_of_reach_is_not_there(enterprise):
    client = enterprise.client("reader", "A")

    assert client.get(f"/inventory/nodes/{node('A1').pk}/").status_code == 200
    outside = client.get(f"/inventory/nodes/{node('B1').pk}/")
    nowhere = client.get("/inventory/nodes/999999/")

    assert (outside.status_code, nowhere.status_code) == (404, 404)
    listed = client.get("/inventory/nodes/").content.decode()
    assert "A1" in listed
    assert "B1" not in BY_CHANCE.sub("", listed)
    assert b"B1" not in b"".join(client.get("/inventory/nodes/file.csv").streaming_content)


def test_nobody_is_sent_to_sign_in_and_comes_back(enterprise):
    from django.test import Client

    answer = Client(HTTP_HOST="localhost").get("/inventory/nodes/?q=A")

    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=%2Finventory%2Fnodes%2F%3Fq%3DA"


def test_a_role_that_needs_a_second_factor_gets_nowhere_without_one(enterprise, settings):
    client = enterprise.client("carbon_office")
    settings.IS_DEMO = False

    answer = client.get("/inventory/nodes/")

    assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/totp/activate/")


def test_every_role_that_approves_publishes_or_states_needs_a_second_factor():
    from linyin.platform.roles import roles

    deciding = ("approve", "publish", "verify", "manage")
    for role in roles().values():
        decides = any(p.partition(".")[2].startswith(deciding) for p in role.permissions)
        assert role.needs_mfa == decides, role.name


@pytest.mark.parametrize("sort", ["", "code", "-code", "opened", "-opened", "name_en"])
def test_pages_by_key_give_every_row_once_in_both_directions(enterprise, nodes, sort):
    from linyin.organization.web.models import Node
    from linyin.platform.resources import Query

    Node.objects.filter(code__in=["A1", "B"]).update(opened=date(2020, 1, 1))
    reach = enterprise.actor("reader").nodes("organization.view")
    whole = [row["pk"] for row in nodes.rows.page(reach, Query(sort=sort, size=100)).rows]

    forward, cursor, pages = [], None, []
    while True:
        page = nodes.rows.page(reach, Query(sort=sort, size=2, cursor=cursor))
        forward += [row["pk"] for row in page.rows]
        pages.append(page)
        if page.after is None:
            break
        cursor = page.after
    back = nodes.rows.page(reach, Query(sort=sort, size=2, cursor=pages[-1].before))

    assert forward == whole
    assert len(whole) == len(set(whole)) == 6
    assert [row["pk"] for row in back.rows] == [row["pk"] for row in pages[-2].rows]


@pytest.mark.parametrize("sort", ["", "-co2e_mg", "booked_site", "-begin"])
def test_pages_of_a_lake_table_give_every_row_once(enterprise, sort):
    from linyin.inventory.web.calculating import calculate
    from linyin.inventory.web.entries import entries_of
    from linyin.platform.resources import Query

    (run,) = calculate(enterprise.actor("carbon_office"), "G", [2023])
    source = entries_of(run)
    reach = frozenset({"A1", "B1"})

    seen, cursor = [], None
    while True:
        page = source.page(reach, Query(sort=sort, size=7, cursor=cursor))
        seen += [row["pk"] for row in page.rows]
        if page.after is None:
            break
        cursor = page.after

    assert len(seen) == len(set(seen)) == source.count(reach, Query(), 1000) == run.entries * 2 // 3
    assert all(row.split("~")[1].partition("-")[0] in reach for row in seen)


@pytest.mark.parametrize(
    ("at", "status"),
    [("x", 404), ("bnVsbA", 404), ("WzEsMl0", 404), ("W251bGwsInEiLGZhbHNlXQ", 200)],
)
def test_a_place_that_cannot_be_read_is_told_and_no_error(enterprise, at, status):
    client = enterprise.client("reader")

    assert client.get("/inventory/nodes/", {"at": at, "sort": "opened"}).status_code == status


def test_a_text_never_becomes_a_formula_in_a_file(enterprise, nodes):
    import csv
    import io

    from openpyxl import load_workbook

    nodes.update(
        enterprise.actor("carbon_office"), node("A1"), values={"name_en": "=1+1"}, version=1
    )
    client = enterprise.client("reader")

    text = b"".join(client.get("/inventory/nodes/file.csv").streaming_content).decode("utf-8-sig")
    names = [row["name_en"] for row in csv.DictReader(io.StringIO(text))]
    book = load_workbook(
        io.BytesIO(b"".join(client.get("/inventory/nodes/file.xlsx").streaming_content))
    )
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value == "=1+1"]

    assert "'=1+1" in names
    assert [cell.data_type for cell in cells] == ["s"]


def test_history_tells_choices_in_words_and_digests_as_code(enterprise):
    from django.utils import translation

    from linyin.platform.history import event_of
    from linyin.platform.models import AuditEvent

    digest = "0123456789abcdef" * 4
    event = AuditEvent(
        number=1, who="Lin", action="inventory.lock_run", subject="inventory.import",
        before={"state": "mapped", "sha256": ""}, after={"state": "committed", "sha256": digest},
    )  # fmt: skip

    with translation.override("zh-hans"):
        changes = [[str(part) for part in change] for change in event_of(event).changes]

    code = f'<code title="{digest}">0123456789abcdef…</code>'
    assert changes == [["状态", "已映射", "已提交"], ["文件指纹（SHA-256）", "", code]]


@pytest.mark.parametrize(("language", "called"), [("en", "China"), ("zh-hans", "中国")])
def test_a_form_offers_codes_by_their_names_and_takes_what_is_written(enterprise, language, called):
    from django.urls import reverse

    person = enterprise.actor("carbon_office").person
    person.language = language
    person.save()
    client = enterprise.client("carbon_office")
    standing = node("A").standings.get()

    shown = client.get(reverse("standings-edit", args=[standing.pk])).content.decode()

    assert f'<option value="{called}">' in shown
    assert 'list="id_country-offered"' in shown
    assert re.search(rf'<input[^>]*name="country"[^>]*value="{called}"', shown) or re.search(
        rf'<input[^>]*value="{called}"[^>]*name="country"', shown
    )
    assert 'value="CN"' not in shown


def test_usual_units_are_offered_first_and_money_last(enterprise):
    shown = enterprise.client("carbon_office").get("/inventory/lines/new/").content.decode()
    _, _, offered = shown.partition('<datalist id="id_unit-offered">')
    codes = re.findall(r'<option value="([^"]+)"', offered.partition("</datalist>")[0])

    assert codes[:5] == ["kWh", "MWh", "kg", "t", "L"]
    assert len(codes) == len(set(codes)) > 100
    assert codes.index("EUR") > codes.index("t·km")


@pytest.mark.parametrize(
    ("language", "told"), [("en", "the span has no day"), ("zh-hans", "该时段没有任何一天")]
)
def test_a_span_without_a_day_is_told_at_its_end_and_kept_nowhere(enterprise, language, told):
    from linyin.organization.web.models import Metric

    person = enterprise.actor("carbon_office").person
    person.language = language
    person.save()
    count = Metric.objects.count()
    stated = {
        "node": node("A1").pk, "metric": "heads", "begin": "2024-01-01", "end": "2023-01-01",
        "value": "7", "unit": "1",
    }  # fmt: skip

    answer = enterprise.client("carbon_office").post("/inventory/metrics/new/", stated)

    assert answer.status_code == 422
    assert told in str(answer.context["form"].errors["end"])
    assert Metric.objects.count() == count


def test_codes_are_shown_and_written_by_name_and_kept_as_codes(enterprise):
    from linyin.ledger.web.models import Rate

    office = enterprise.client("carbon_office")
    stated = {
        "kind": "vat", "year": "2023", "value": "0.13", "source": "tax law", "item": "Electricity",
        "item-by-name": "1",
    }  # fmt: skip

    assert office.post("/inventory/rates/new/", stated).status_code == 302
    made = Rate.objects.get(kind="vat")
    assert made.item == "electricity"
    page = office.get(f"/inventory/rates/{made.pk}/edit/").content.decode()
    assert 'value="Electricity"' in page
    assert (
        office.post(
            "/inventory/rates/new/", stated | {"item": "diesel", "year": "2024"}
        ).status_code
        == 302
    )
    assert Rate.objects.get(year=2024).item == "diesel"
