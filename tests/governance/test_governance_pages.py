"""The pages of governance: who sees what, rules of the forms, what the example fills them with."""

from datetime import date

import pytest

from linyin.lake import BadInput

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("/strategy/governance/", "/strategy/calendar/", "/strategy/calendar/file.ics")
EDITING = ("/strategy/calendar/plan/", "/strategy/decisions/new/")


@pytest.mark.parametrize("path", [*PAGES, *EDITING])
def test_pages_are_for_those_who_are_signed_in(company, client, path):
    answer = client.get(path, HTTP_HOST="localhost")

    assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/account/login/")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("role", "status"),
    [("carbon_office", 200), ("committee", 200), ("reader", 200), ("entity_manager", 200),
     ("data_owner", 403), ("verifier", 403), ("administrator", 403)],
)  # fmt: skip
def test_who_sees_governance(company, path, role, status):
    assert company.client(role).get(path).status_code == status


@pytest.mark.parametrize("path", EDITING)
@pytest.mark.parametrize(("role", "status"), [("carbon_office", 200), ("reader", 403)])
def test_who_changes_governance(company, path, role, status):
    assert company.client(role).get(path).status_code == status


def test_a_reader_of_one_entity_sees_its_bodies_alone(company):
    page = company.client("reader", "A").get("/strategy/governance/").content.decode()

    assert "Team of A" in page
    assert "Board" not in page
    assert company.client("reader", "A").get(
        f"/strategy/bodies/{company.board.pk}/"
    ).status_code == 404  # fmt: skip
    assert company.client("reader", "B").get("/strategy/governance/").status_code == 200


def test_the_picture_shows_bodies_of_today(company):
    company.team.end = date(2024, 1, 1)
    company.team.save()

    page = company.client("carbon_office").get("/strategy/governance/").content.decode()

    assert page.count("<title>Committee, Committee · 3 members, Ada</title>") == 2
    assert "Team of A" not in page


def test_forms_offer_only_bodies_in_reach(company):
    page = company.client("carbon_office", "A").get("/strategy/members/new/").content.decode()

    assert "Team of A" in page
    assert "Board" not in page


def test_a_body_does_not_stand_under_itself(company):
    from linyin.governance.web.resources import bodies

    office = company.actor("carbon_office")
    with pytest.raises(BadInput) as refused:
        bodies.update(office, company.board, values={"parent": company.team}, version=1)
    assert [finding.code for finding in refused.value.findings] == ["body-loop"]


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        (date(2022, 1, 1), None, "member-twice"),
        (None, date(2021, 1, 2), "member-twice"),
        (date(2023, 5, 1), date(2023, 5, 1), "term-empty"),
    ],
)
def test_nobody_sits_twice_at_a_time(company, begin, end, code):
    from linyin.governance.web.resources import members

    office = company.actor("carbon_office")
    values = {"body": company.committee, "name": "Ada", "role": "member", "begin": begin,
              "end": end}  # fmt: skip
    with pytest.raises(BadInput) as refused:
        members.create(office, values=values)
    assert code in [finding.code for finding in refused.value.findings]


def test_a_person_of_the_workspace_is_a_member_by_name_and_after_a_term_again(company):
    from linyin.governance.web.resources import members

    office = company.actor("carbon_office")
    person = company.actor("committee").person
    values = {"body": company.board, "person": person, "role": "chair"}
    first = members.create(office, values={**values, "end": date(2024, 1, 1)})
    members.create(office, values={**values, "begin": date(2024, 1, 1)})

    assert first.name == person.name
    assert [m.begin for m in company.board.members_on(date(2023, 12, 31))] == [None]
    assert [m.begin for m in company.board.members_on(date(2024, 1, 1))] == [date(2024, 1, 1)]


def test_one_body_is_accountable_for_a_duty(company):
    from linyin.governance.web.resources import duties, parts

    office = company.actor("carbon_office")
    duty = duties.create(
        office, values={"code": "d", "name_en": "Approve", "node": company.nodes["G"]}
    )
    parts.create(office, values={"duty": duty, "body": company.board, "part": "accountable"})
    parts.create(office, values={"duty": duty, "body": company.team, "part": "responsible"})
    with pytest.raises(BadInput) as refused:
        parts.create(
            office, values={"duty": duty, "body": company.committee, "part": "accountable"}
        )

    assert [finding.code for finding in refused.value.findings] == ["duty-accountable-twice"]
    page = company.client("reader").get("/strategy/governance/").content.decode()
    assert "Approve" in page


def test_records_are_written_and_exported_by_the_api(company):
    client = company.client("carbon_office")
    stated = {"code": "FIN", "kind": "department", "name_en": "Finance", "node": "A",
              "parent": "TEAM"}  # fmt: skip

    made = client.post("/api/v1/bodies", stated, content_type="application/json")
    seat = client.post("/api/v1/members", {"body": "FIN", "name": "Eve", "role": "chair"},
                       content_type="application/json")  # fmt: skip
    file = b"".join(client.get("/strategy/members/file.csv?body=FIN").streaming_content)

    assert (made.status_code, seat.status_code) == (201, 201)
    assert made.json()["parent"] == "TEAM"
    assert file.decode("utf-8-sig").splitlines()[1].startswith("Eve,FIN,chair")


def test_the_office_of_an_entity_writes_nothing_above_it(company):
    from linyin.governance.web.models import Body

    client = company.client("carbon_office", "A")
    for stated in ({"node": "G"}, {"node": "A", "parent": "BOARD"}):
        answer = client.post(
            "/api/v1/bodies", {"code": "X", "kind": "other", "name_en": "X", **stated},
            content_type="application/json",
        )  # fmt: skip
        assert answer.status_code == 422
    assert client.delete(f"/api/v1/bodies/{company.board.pk}?version=1").status_code == 404
    assert Body.objects.count() == 3


def test_the_example_fills_every_page(company):
    from linyin.governance.web.demo import make_governance
    from linyin.governance.web.models import Body, Decision, DutyPart, Milestone
    from linyin.governance.web.watching import standing_of
    from linyin.platform.actor import Actor
    from linyin.platform.demo import make_people

    make_people()
    operator = Actor(None, "cli", is_operator=True)
    for body in (company.team, company.committee, company.board):
        body.delete()

    make_governance(operator)

    assert Body.objects.count() == 9
    assert {d.body.code for d in Decision.objects.all()} == {"BOARD", "SDC", "STEER"}
    assert DutyPart.objects.filter(part="accountable").count() == 9
    states = {standing_of(milestone).state for milestone in Milestone.objects.all()}
    assert {"done", "overdue", "soon"} <= states
    for path in PAGES:
        assert company.client("carbon_office").get(path).status_code == 200
