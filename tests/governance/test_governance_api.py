"""Planning a year, its file, and why somebody sees something, by the API."""

from urllib.parse import urlencode

import pytest

from linyin.platform.words import say

pytestmark = pytest.mark.django_db(transaction=True)


def call(client, method, path, stated=None, **asked):
    query = f"?{urlencode(asked)}" if asked else ""
    answer = getattr(client, method)(
        f"/api/v1/{path}{query}", stated, content_type="application/json"
    )
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"
    return answer


def stored():
    from linyin.governance.web.models import Milestone
    from linyin.platform.models import AuditEvent

    return Milestone.objects.count(), AuditEvent.objects.count()


def test_a_year_is_planned_once_and_given_as_a_file(company):
    office = company.client("carbon_office")
    stated = {"node": "A", "year": 2031}

    made = call(office, "post", "calendar/plan", stated)
    assert made.status_code == 201, made.content
    rows = made.json()["items"]
    assert len(rows) > 3
    assert {(row["node"], row["year"]) for row in rows} == {("A", "2031")}
    assert call(office, "post", "calendar/plan", stated).json() == {"items": []}

    file = office.get("/api/v1/calendar/file.ics?year=2031&node=A")
    assert file.status_code == 200
    assert file["Content-Type"].startswith("text/calendar")
    assert file.content.count(b"BEGIN:VEVENT") == len(rows)
    page = office.get("/strategy/calendar/file.ics?year=2031&node=A")
    assert page.content.count(b"BEGIN:VEVENT") == len(rows)
    assert b"BEGIN:VEVENT" not in office.get("/api/v1/calendar/file.ics?year=2031&node=B").content


@pytest.mark.parametrize(
    ("wrong", "status", "where"),
    [
        ({"node": "nowhere"}, 422, "node"), ({"node": "A1"}, 422, "node"),
        ({"year": 1989}, 422, "year"), ({"year": "next"}, 422, "year"),
        ({"last_day": "soon"}, 422, "last_day"), ({"last_day": "2040-01-01"}, 409, ""),
        ({"colour": "red"}, 422, "colour"),
    ],
)  # fmt: skip
def test_a_wrong_plan_makes_nothing(company, wrong, status, where):
    office, before = company.client("carbon_office"), stored()

    answer = call(office, "post", "calendar/plan", {"node": "A", "year": 2031} | wrong)

    assert (answer.status_code, answer.json()["where"]) == (status, where)
    assert stored() == before


def test_who_may_not_plan_or_not_there_makes_nothing(company):
    reader, local = company.client("reader"), company.client("carbon_office", "A")
    before = stored()

    stated = {"node": "B", "year": 2031}
    assert call(reader, "post", "calendar/plan", stated).status_code == 403
    assert call(local, "post", "calendar/plan", stated).status_code == 422
    assert stored() == before
    assert local.get("/api/v1/calendar/file.ics?node=B").status_code == 422
    for asked in ("year=abc", "year=1", f"node={'x' * 400}"):
        assert local.get(f"/api/v1/calendar/file.ics?{asked}").status_code == 422


def test_why_somebody_sees_a_node_and_why_not(company):
    admin, reader = company.client("administrator"), company.actor("reader", "A").person

    told = call(admin, "get", "access", person=reader.pk, node="A1").json()
    assert (told["person"], told["sees"], told["why_not"]) == (str(reader.pk), True, "")
    (reason,) = told["reasons"]
    assert reason["grant"] == str(reader.grants.get().pk)
    assert (reason["role"], reason["path"], reason["subtree"]) == ("reader", ["A", "A1"], True)
    assert "organization.view" in reason["permissions"]

    told = call(admin, "get", "access", person=reader.pk, node="B").json()
    assert (told["sees"], told["reasons"]) == (False, [])
    assert told["why_not"] == say("access.elsewhere")

    record = f"nodes/{company.nodes['A1'].pk}"
    told = call(admin, "get", "access", person=reader.pk, record=record).json()
    assert (told["sees"], told["permission"]) == (True, "organization.view")


def test_a_grant_above_the_callers_reach_is_told_without_its_node(company):
    local, reader = company.client("administrator", "A"), company.actor("reader", "G").person

    answer = call(local, "get", "access", person=reader.pk, node="A1")

    if answer.status_code == 422:  # somebody whose grants lie above is not there for them
        assert answer.json()["where"] == "person"
        return
    (reason,) = answer.json()["reasons"]
    assert (reason["grant"], reason["path"]) == (None, ["A", "A1"])


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"person": "x"}, "person"), ({"person": "9" * 300}, "person"), ({"person": ""}, "person"),
        ({"node": "nowhere"}, "node"), ({"node": ""}, "node"), ({"record": "nodes"}, "record"),
        ({"record": "nodes/999999"}, "record"), ({"node": "a\x00"}, "node"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told_beside_its_name(company, wrong, where):
    admin, person = company.client("administrator"), company.actor("reader", "A").person

    answer = call(admin, "get", "access", **({"person": person.pk, "node": "A"} | wrong))

    assert (answer.status_code, answer.json()["where"]) == (422, where)


def test_who_sees_no_people_is_told_nothing(company):
    reader = company.client("reader", "A")
    person = company.actor("data_owner", "A").person
    assert call(reader, "get", "access", person=person.pk, node="A").status_code == 403
