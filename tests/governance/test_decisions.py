"""Decisions: numbered, counted, about records in sight, and never changed."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from linyin.lake import BadInput

pytestmark = pytest.mark.django_db(transaction=True)


def record(actor, body, **stated):
    from linyin.governance.web.actions import record_decision

    values = {"decided_on": date(2024, 4, 18), "heading": "Approved", "text": "In full."}
    return record_decision(actor, body, **{**values, **stated})


def codes(refused):
    return [finding.code for finding in refused.value.findings]


def test_numbers_count_a_body_s_decisions_of_a_year(company):
    office = company.actor("carbon_office")

    made = [record(office, company.committee).number for _ in range(2)]
    made.append(record(office, company.board).number)
    made.append(record(office, company.committee, decided_on=date(2025, 1, 2)).number)

    assert made == ["2024-01", "2024-02", "2024-01", "2025-01"]


def test_votes_are_no_more_than_the_members_who_vote_that_day(company):
    office = company.actor("carbon_office")

    # In 2022 Ada, Bo and Di vote; from 2023 on Di is gone. Cy, the secretary, never votes.
    made = record(office, company.committee, decided_on=date(2022, 5, 1), way="votes",
                  votes_for=2, votes_against=1)  # fmt: skip
    with pytest.raises(BadInput) as refused:
        record(office, company.committee, way="votes", votes_for=2, votes_against=1)

    assert (made.votes_for, made.votes_against, made.abstained) == (2, 1, 0)
    assert codes(refused) == ["decision-votes-many"]


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ({"decided_on": date.today() + timedelta(days=2)}, "decision-future"),
        ({"decided_on": date(2019, 12, 31)}, "decision-body-away"),
        ({"heading": " "}, "decision-without-text"),
        ({"way": "by dice"}, "decision-way"),
        ({"result": "perhaps"}, "decision-result"),
        ({"way": "votes"}, "decision-without-votes"),
        ({"way": "votes", "votes_for": -1, "votes_against": 2}, "decision-without-votes"),
        ({"about": "runs/999"}, "decision-about"),
        ({"about": "/nowhere/"}, "decision-about"),
        ({"documents": ["0" * 64]}, "decision-document"),
    ],
)
def test_what_does_not_hold_is_refused_and_leaves_nothing(company, stated, code):
    from linyin.governance.web.models import Decision
    from linyin.platform.models import AuditEvent

    office = company.actor("carbon_office")

    with pytest.raises(BadInput) as refused:
        record(office, company.board, **stated)

    assert codes(refused) == [code]
    assert not Decision.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_decision_is_about_a_record_in_sight_by_its_page_or_its_name(company):
    office = company.actor("carbon_office")
    node = company.nodes["A"]

    by_page = record(
        office, company.board, about=f"http://localhost/inventory/nodes/{node.pk}/?x=1"
    )
    by_name = record(office, company.board, about=f"nodes/{node.pk}")

    assert by_page.about == by_name.about == f"nodes/{node.pk}"


def test_a_reader_out_of_reach_learns_the_kind_of_what_was_decided_on(company):
    from linyin.governance.web.about import about_link

    about = f"nodes/{company.nodes['B'].pk}"

    seen = about_link(company.actor("reader", "G"), about)
    hidden = about_link(company.actor("reader", "A"), about)

    assert (seen.label, bool(seen.href)) == ("Node B", True)
    assert "Node B" not in hidden.label
    assert hidden.href == ""


def test_the_page_of_a_decision_leads_to_what_it_is_about_by_name(company):
    node = company.nodes["A"]
    made = record(company.actor("carbon_office"), company.board, about=f"nodes/{node.pk}")

    page = company.client("reader").get(f"/strategy/decisions/{made.pk}/").content.decode()

    facts = page.partition("<dl")[2].partition("</dl>")[0]
    assert f"nodes/{node.pk}<" not in page
    assert f'<a href="/inventory/nodes/{node.pk}/">Node A</a>' in facts


def test_a_decision_never_changes_and_a_correction_stands_beside_it(company):
    from linyin.governance.web.actions import correct_decision
    from linyin.governance.web.models import Decision

    office = company.actor("carbon_office")
    first = record(office, company.committee)
    second = correct_decision(
        office, first, decided_on=date(2024, 5, 1), heading="Approved in part", text="Better."
    )

    first.refresh_from_db()
    assert (first.heading, first.corrected_by, second.number) == ("Approved", second, "2024-02")
    first.heading = "Other"
    with pytest.raises(TypeError):
        first.save()
    with pytest.raises(TypeError):
        first.delete()
    with pytest.raises(BadInput) as twice:
        correct_decision(office, first, decided_on=date(2024, 6, 1), heading="x", text="x")
    with pytest.raises(BadInput) as early:
        correct_decision(office, second, decided_on=date(2024, 4, 1), heading="x", text="x")
    assert codes(twice) == ["decision-corrected"]
    assert codes(early) == ["decision-before"]
    assert Decision.objects.count() == 2


def test_the_audit_trail_holds_the_whole_decision(company):
    from linyin.platform.audit import verify
    from linyin.platform.models import AuditEvent

    made = record(company.actor("carbon_office"), company.board)

    event = AuditEvent.objects.get(action="governance.create_decision")
    assert (event.subject, event.key) == ("governance.decision", str(made.pk))
    assert (event.after["text"], event.after["number"]) == ("In full.", "2024-01")
    assert list(verify()) == []


@pytest.mark.parametrize("role", ["reader", "committee", "entity_manager"])
def test_who_may_only_see_records_nothing(company, role):
    from linyin.governance.web.models import Decision
    from linyin.platform.models import AuditEvent

    client = company.client(role)
    form = {"body": company.board.pk, "decided_on": "2024-04-18", "heading": "x", "text": "x",
            "way": "consent", "result": "adopted"}  # fmt: skip

    with pytest.raises(PermissionDenied):
        record(company.actor(role), company.board)
    for page in (
        "/strategy/decisions/new/",
        f"/strategy/bodies/{company.board.pk}/do/governance.record_decision/",
    ):
        assert client.get(page).status_code == 403
        assert client.post(page, form).status_code == 403
    assert not Decision.objects.exists()
    assert not AuditEvent.objects.exists()


def test_the_office_of_an_entity_records_for_its_own_bodies_only(company):
    from linyin.governance.web.models import Decision

    client = company.client("carbon_office", "A")
    form = {"decided_on": "2024-04-18", "heading": "x", "text": "x", "way": "consent",
            "result": "adopted"}  # fmt: skip

    outside = client.post("/strategy/decisions/new/", {**form, "body": company.board.pk})
    unseen = client.get(f"/strategy/bodies/{company.board.pk}/do/governance.record_decision/")
    inside = client.post("/strategy/decisions/new/", {**form, "body": company.team.pk})

    assert (outside.status_code, unseen.status_code, inside.status_code) == (422, 404, 302)
    assert [d.body for d in Decision.objects.all()] == [company.team]


def test_the_form_keeps_documents_and_what_was_typed(company):
    from linyin.governance.web.models import Decision
    from linyin.platform.models import Document

    client = company.client("carbon_office")
    page = f"/strategy/bodies/{company.committee.pk}/do/governance.record_decision/"
    form = {"body": company.committee.pk, "decided_on": "2024-04-18", "heading": "Release",
            "text": "In full.", "way": "votes", "result": "adopted", "votes_for": "9",
            "votes_against": "0"}  # fmt: skip
    minutes = SimpleUploadedFile("minutes.pdf", b"%PDF-1.7 minutes", "application/pdf")

    refused = client.post(page, {**form, "documents": minutes})
    assert refused.status_code == 422
    assert 'value="Release"' in refused.content.decode()
    assert not Document.objects.exists()

    minutes.seek(0)
    answer = client.post(page, {**form, "votes_for": "2", "documents": minutes})

    made = Decision.objects.get()
    assert answer.url == f"/strategy/decisions/{made.pk}/"
    assert [document.name for document in made.documents.all()] == ["minutes.pdf"]
    shown = client.get(answer.url).content.decode()
    assert "minutes.pdf" in shown
    assert "governance.correct_decision" in shown


def test_the_api_records_and_corrects_as_the_pages_do(company):
    client = company.client("carbon_office")
    stated = {"decided_on": "2024-04-18", "heading": "By API", "text": "In full."}

    made = client.post(f"/api/v1/bodies/{company.board.pk}/record_decision", stated,
                       content_type="application/json")  # fmt: skip
    row = client.get("/api/v1/decisions").json()["items"][0]
    one = f"/api/v1/decisions/{row['id']}"
    corrected = client.post(f"{one}/correct_decision",
                            stated | {"heading": "Again"},
                            content_type="application/json")  # fmt: skip
    changed = client.patch(one, {"heading": "x"},
                           content_type="application/json")  # fmt: skip

    assert (made.status_code, corrected.status_code) == (200, 200)
    assert (row["number"], row["heading"]) == ("2024-01", "By API")
    assert corrected.json()["corrected_by"] == "2024-02"
    assert changed.status_code == 405
