"""The whole verification through the API, as far as each side's tokens reach."""

import json

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def call(house, settings):
    """Call the API as somebody; returns status and body."""
    from linyin.platform.tokens import create_token

    settings.API_CALLS_A_MINUTE = settings.API_FAILURES_A_MINUTE = 1_000_000
    clients = {}

    def made(person, method, path, body=None):
        if person.pk not in clients:
            actor = house.actor(person)
            token = create_token(
                actor, name="test", scopes=sorted(actor.permissions), read_only=False
            )
            clients[person.pk] = Client(
                headers={"authorization": f"Bearer {token.secret}", "host": "localhost"}
            )
        data = (
            {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        )
        answer = clients[person.pk].generic(method, f"/api/v1/{path}", **data)
        return answer.status_code, json.loads(answer.content) if answer.content else None

    return made


def test_a_verification_from_the_sample_to_the_statement(house, call):
    house.lock()
    base, run = f"engagements/{house.engagement.pk}", str(house.run.pk)

    plan = {"run": run, "method": "pps", "seed": "7", "size": 3}
    assert call(house.anna, "POST", f"{base}/draw_sample", plan)[0] == 200
    status, found = call(house.anna, "GET", "sample-items")
    assert (status, len(found["items"])) == (200, 3)
    for item in found["items"]:
        status, traced = call(house.anna, "GET", f"runs/{run}/trace?entry={item['entry']}")
        assert status == 200
        assert all(one["same"] for one in traced["items"])
        assert traced["items"][0]["activity"]["evidence_file"] == "bill-A1-2023.pdf"
        said = {"verdict": "verified", "version": item["version"]}
        assert call(house.anna, "POST", f"sample-items/{item['id']}/tick_item", said)[0] == 200

    matter = {"run": run, "kind": "clarification", "severity": "material", "text": "Why?"}
    assert call(house.anna, "POST", f"{base}/raise_matter", matter)[0] == 200
    (finding,) = call(house.office, "GET", "verification-findings")[1]["items"]
    opinion = {"run": run, "kind": "unmodified", "text": "Fairly stated."}
    status, refused = call(house.anna, "POST", f"{base}/state_opinion", opinion)
    assert (status, refused["code"]) == (409, "verification-material-open")
    own = f"verification-findings/{finding['id']}"
    assert call(house.office, "POST", f"{own}/answer_matter", {"comment": "So."})[0] == 200
    assert call(house.anna, "POST", f"{own}/close_matter", {"comment": "Fine."})[0] == 200
    assert call(house.anna, "POST", f"{base}/state_opinion", opinion)[0] == 200

    (stated,) = call(house.office, "GET", "opinions")[1]["items"]
    assert (stated["kind"], stated["level"], stated["run_hash"]) == (
        "unmodified", "limited", house.run.entries_hash,
    )  # fmt: skip


def test_a_statement_on_a_draft_is_refused_with_its_message(house, call):
    stated = {"run": str(house.run.pk), "kind": "unmodified", "text": "x"}
    status, refused = call(
        house.anna, "POST", f"engagements/{house.engagement.pk}/state_opinion", stated
    )
    assert (status, refused["code"]) == (409, "verification-run-not-locked")
    assert "locked" in refused["detail"]


def test_lists_hold_their_own_and_the_rest_is_denied_without_a_trace(house, call):
    from linyin.inventory.web.models import Sample
    from linyin.platform.models import AuditEvent

    house.lock()
    house.draw()
    for person in (house.anna, house.ben, house.office):
        call(person, "GET", "me")
    before = Sample.objects.count(), AuditEvent.objects.count()

    assert [r["id"] for r in call(house.anna, "GET", "runs")[1]["items"]] == [str(house.run.pk)]
    assert len(call(house.anna, "GET", "samples")[1]["items"]) == 1
    assert call(house.ben, "GET", "samples")[1]["items"] == []
    engaged = call(house.ben, "GET", "engagements")[1]["items"]
    assert [row["name"] for row in engaged] == ["Verification of B"]
    for path in ("nodes", "activities", "metrics", "standings"):
        assert call(house.anna, "GET", path)[0] == 403, path
    other = house.runs["A", 2022].pk
    for path in ("", "/totals", "/entries", "/findings", "/trace?entry=x", "/report/en.pdf"):
        assert call(house.anna, "GET", f"runs/{other}{path}")[0] == 404
    plan = {"run": str(house.run.pk), "method": "pps", "seed": "7", "size": 1}
    foreign = f"engagements/{house.engagement.pk}/draw_sample"
    assert call(house.ben, "POST", foreign, plan)[0] == 404
    assert call(house.office, "POST", foreign, plan)[0] == 403
    assert (Sample.objects.count(), AuditEvent.objects.count()) == before


def test_a_run_beside_the_engagement_is_not_known(house, call):
    house.lock(house.runs["A", 2022])
    plan = {"run": str(house.runs["A", 2022].pk), "method": "pps", "seed": "7", "size": 1}
    status, refused = call(
        house.anna, "POST", f"engagements/{house.engagement.pk}/draw_sample", plan
    )
    assert (status, refused["code"]) == (422, "record-unknown")
