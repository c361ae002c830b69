"""Engagements by the API: what may be agreed, opened, changed, refused."""

import json

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def call(house, settings):
    """Call the API as somebody; returns status and body."""
    from linyin.platform.tokens import create_token

    settings.API_CALLS_A_MINUTE = settings.API_FAILURES_A_MINUTE = 1_000_000

    def made(person, method, path, body=None):
        actor = house.actor(person)
        token = create_token(actor, name="test", scopes=sorted(actor.permissions), read_only=False)
        client = Client(headers={"authorization": f"Bearer {token.secret}", "host": "localhost"})
        answer = client.generic(
            method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json"
        )
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json"
        return answer.status_code, json.loads(answer.content) if answer.content else None

    return made


def plan(house, **values):
    return {
        "node": "A", "name": "2022", "level": "limited", "materiality_pct": "5",
        "scope": "ISO 14064-1", "verifiers": [str(house.anna.pk)],
        "runs": [str(house.runs["A", 2022].pk)], **values,
    }  # fmt: skip


def stored():
    from linyin.inventory.web.verification.models import Engagement
    from linyin.platform.models import AuditEvent

    return list(Engagement.objects.values_list("pk", "version")), AuditEvent.objects.filter(
        subject="inventory.engagement"
    ).count()


def test_an_engagement_is_opened_read_and_changed(house, call):
    status, choices = call(house.office, "GET", "engagement-choices")
    assert status == 200
    assert {one["name"] for one in choices["verifiers"]} == {"Anna", "Ben"}
    assert str(house.runs["A", 2022].pk) in {run["id"] for run in choices["runs"]}
    assert {"G", "A", "B"} <= set(choices["nodes"])

    status, made = call(house.office, "POST", "engagements", plan(house, due="2024-06-30"))
    assert status == 201, made
    assert (made["node"], made["due"], made["version"]) == ("A", "2024-06-30", 1)
    path = f"engagements/{made['id']}"
    told = call(house.office, "GET", f"{path}/agreed")[1]
    assert [one["name"] for one in told["verifiers"]] == ["Anna"]
    assert [(one["node"], one["year"]) for one in told["runs"]] == [("A", 2022)]

    change = {"version": 1, "firm": "Audit", "verifiers": [str(house.ben.pk)]}
    status, changed = call(house.office, "PATCH", path, change)
    assert status == 200, changed
    assert changed == made | {"version": 2, "firm": "Audit"}
    told = call(house.office, "GET", f"{path}/agreed")[1]
    assert (told["version"], [one["name"] for one in told["verifiers"]]) == (2, ["Ben"])
    assert [(one["node"], one["year"]) for one in told["runs"]] == [("A", 2022)]


def test_the_first_verifier_is_invited_to_an_engagement_that_has_none(house, call):
    from linyin.platform.models import Grant

    Grant.objects.filter(role="verifier").delete()
    client = house.client(house.office)
    form = client.get("/inventory/engagements/new/").context["form"]
    stated = plan(house, node="A") | {"verifiers": []}
    opened = client.post("/inventory/engagements/new/", stated)
    page = client.get(opened["Location"])
    status, made = call(house.office, "POST", "engagements", plan(house, verifiers=[]))
    asked = {"email": "first@audit.example", "name": "First", "language": "en"}

    assert not form.fields["verifiers"].required
    (invite,) = [b for b in page.context["buttons"] if b.tone == "primary"]
    assert invite.label == "Invite a verifier"
    assert status == 201
    path = f"engagements/{made['id']}"
    assert call(house.office, "POST", f"{path}/invite_verifier", asked)[0] == 200
    told = call(house.office, "GET", f"{path}/agreed")[1]
    assert [one["name"] for one in told["verifiers"]] == ["First"]


def test_a_stale_change_is_refused_with_the_differences(house, call):
    path = f"engagements/{house.engagement.pk}"
    ben = str(house.ben.pk)
    assert call(house.office, "PATCH", path, {"version": 1, "verifiers": [ben]})[0] == 200
    before = stored()

    status, problem = call(
        house.office, "PATCH", path,
        {"version": 1, "firm": "Mine", "verifiers": [str(house.anna.pk)]},
    )  # fmt: skip

    assert (status, problem["code"], problem["version"]) == (409, "stale", 2)
    assert problem["differences"] == [
        {
            "field": "firm",
            "label": "Verification body",
            "stated": "Mine",
            "there": "Audit A",
            "stated_text": "Mine",
            "there_text": "Audit A",
        },
        {
            "field": "verifiers",
            "label": "Verifiers",
            "stated": [str(house.anna.pk)],
            "there": [ben],
            "stated_text": "Anna",
            "there_text": "Ben",
        },
    ]
    assert stored() == before


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"node": "nowhere"}, "node"),
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"level": "full"}, "level"),
        ({"materiality_pct": "0"}, "materiality_pct"),
        ({"materiality_pct": "101"}, "materiality_pct"),
        ({"materiality_pct": 5}, "materiality_pct"),
        ({"due": "soon"}, "due"),
        ({"verifiers": ["x"]}, "verifiers"),
        ({"verifiers": ["9" * 300]}, "verifiers"),
        ({"runs": ["999999"]}, "runs"),
        ({"scope": None}, "scope"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_opened(house, call, wrong, where):
    before = stored()

    status, problem = call(house.office, "POST", "engagements", plan(house, **wrong))

    assert (status, problem["where"]) == (422, where), problem
    assert stored() == before


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"version": "x"}, "version"), ({"version": None}, "version"), ({"node": "B"}, "node"),
        ({"name": ""}, "name"), ({"verifiers": ["x"]}, "verifiers"), ({"runs": ["x"]}, "runs"),
    ],
)  # fmt: skip
def test_a_wrong_change_changes_nothing(house, call, wrong, where):
    before = stored()

    path = f"engagements/{house.engagement.pk}"
    status, problem = call(house.office, "PATCH", path, {"version": 1, "firm": "X"} | wrong)

    assert (status, problem["where"]) == (422, where), problem
    assert stored() == before


def test_a_run_of_another_entity_and_people_of_the_house_do_not_verify(house, call):
    outside = plan(house, runs=[str(house.runs["B", 2022].pk)])
    status, problem = call(house.office, "POST", "engagements", outside)
    assert (status, problem["code"]) == (422, "verification-run-outside")

    inside = plan(house, verifiers=[str(house.office.pk)])
    assert call(house.office, "POST", "engagements", inside)[0] == 422


def test_verifiers_read_what_was_agreed_with_them_and_change_nothing(house, call):
    own, other = house.engagement.pk, house.other.pk
    before = stored()

    assert call(house.anna, "GET", f"engagements/{own}/agreed")[0] == 200
    assert call(house.anna, "GET", f"engagements/{other}/agreed")[0] == 404
    assert call(house.anna, "GET", "engagement-choices")[0] == 403
    assert call(house.anna, "POST", "engagements", plan(house))[0] == 403
    assert call(house.anna, "PATCH", f"engagements/{own}", {"version": 1})[0] == 403
    assert call(house.anna, "PATCH", f"engagements/{other}", {"version": 1})[0] == 403
    assert call(house.office, "PATCH", "engagements/999999", {"version": 1})[0] == 404
    assert stored() == before


def test_a_closed_engagement_is_not_changed(house, call):
    from linyin.inventory.web.verification.actions import close_engagement

    close_engagement(house.actor(house.office), house.engagement, comment="done")

    path = f"engagements/{house.engagement.pk}"
    status, problem = call(house.office, "PATCH", path, {"version": 2, "firm": "X"})

    assert (status, problem["code"]) == (409, "verification-closed")
