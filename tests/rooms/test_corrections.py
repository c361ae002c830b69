"""A row that was posted: corrected, removed, brought back, on its pages and by the API."""

from __future__ import annotations

from datetime import date

import pytest

pytestmark = pytest.mark.sql
REASON = "the bill says so"


@pytest.fixture
def key(enterprise):
    """The key of a row of A1: electricity of a month."""
    return next(row["pk"] for row in rows() if row["site"] == "A1")


def rows():
    from linyin.ledger.web.activities import activities
    from linyin.platform.resources import Query

    return list(activities.rows.every(frozenset({"A1", "A2", "B1"}), Query(size=100)))


def one(key):
    return next((row for row in rows() if row["pk"] == key), None)


def form_of(client, key):
    """What the form of a correction is shown with."""
    form = client.get(f"/inventory/activities/{key}/correct/").context["form"]
    return {name: str(form.initial.get(name, "")) for name in form.fields}


def version_of(client, key):
    return client.get(f"/inventory/activities/{key}/correct/").context["version"]


def sent(client, key, verb="correct", **stated):
    shown = form_of(client, key) | {"reason": REASON, "version": version_of(client, key)}
    return client.post(f"/inventory/activities/{key}/{verb}/", shown | stated)


def test_a_row_is_corrected_on_its_page_and_its_past_is_told(enterprise, key):
    client = enterprise.client("data_owner", "A")
    before = one(key)
    answer = sent(client, key, quantity="1234.5")
    assert (answer.status_code, answer["Location"]) == (302, f"/inventory/activities/{key}/")
    after = one(key)
    assert after["quantity"] == 1234.5
    assert {n for n in before if before[n] != after[n]} <= {"quantity", "file", "file_row"}
    page = client.get(f"/inventory/activities/{key}/")
    first, last = reversed(page.context["timeline"].events)
    assert (last.why, [change[0] for change in last.changes]) == (REASON, ["Quantity"])
    assert last.changes[0][2] == "1,234.5"
    assert first.changes == []


def test_the_audit_trail_tells_what_was_corrected_and_leads_to_the_row(enterprise, key):
    from linyin.platform.models import AuditEvent

    client = enterprise.client("data_owner", "A")
    sent(client, key, quantity="77")
    event = AuditEvent.objects.get(action="ledger.correct_activity")
    assert (event.key, event.node, event.reason) == (key, "A1", REASON)
    assert list(event.after) == ["quantity"]
    page = enterprise.client("carbon_office").get(f"/home/audit/{event.pk}/")
    assert f"/inventory/activities/{key}/" in page.text
    assert "Quantity" in page.text


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_posted(enterprise, key):
    from linyin.ledger.posting import ACTIVITIES
    from linyin.platform.lake import workspace_lake

    client = enterprise.client("data_owner", "A")
    version = workspace_lake().version(ACTIVITIES)
    wrong = {
        "quantity": "many", "unit": "furlong", "begin": "2023-13-01", "place": "ATLANTIS",
        "site": "B1",
    }  # fmt: skip
    for name, text in wrong.items():
        answer = sent(client, key, **{name: text})
        assert answer.status_code == 422, name
        assert answer.context["form"].errors.get(name), (name, answer.context["form"].errors)
        assert answer.context["form"].data[name] == text
    answer = sent(client, key, reason="")
    assert answer.context["form"].errors["reason"]
    answer = sent(client, key, end="2023-01-01")
    assert answer.status_code == 422
    assert workspace_lake().version(ACTIVITIES) == version


def test_a_stale_correction_is_refused_with_the_difference(enterprise, key):
    client = enterprise.client("data_owner", "A")
    shown = form_of(client, key) | {"reason": REASON, "version": version_of(client, key)}
    sent(client, key, quantity="50")
    answer = client.post(f"/inventory/activities/{key}/correct/", shown | {"quantity": "60"})
    assert answer.status_code == 409
    told = {one["label"]: (one["stated"], one["there"]) for one in answer.context["changed"]}
    assert told == {"Quantity": ("60", "50")}
    assert one(key)["quantity"] == 50
    again = client.post(
        f"/inventory/activities/{key}/correct/",
        shown | {"quantity": "60", "version": answer.context["version"]},
    )
    assert again.status_code == 302
    assert one(key)["quantity"] == 60


def test_a_row_is_removed_and_brought_back(enterprise, key):
    client = enterprise.client("data_owner", "A")
    before = one(key)
    page = client.get(f"/inventory/activities/{key}/remove/")
    stated = {"reason": "typed twice", "version": page.context["version"]}
    answer = client.post(f"/inventory/activities/{key}/remove/", stated)
    assert answer["Location"] == f"/inventory/activities/{key}/"
    assert one(key) is None
    gone = client.get(f"/inventory/activities/{key}/")
    assert "typed twice" in gone.context["notices"][0].text + gone.context["notices"][0].title
    assert [event.what for event in gone.context["timeline"].events] == ["removed it", "posted it"]
    assert [button.label for button in gone.context["buttons"]] == ["Bring it back"]
    assert f"{before['quantity']:,.0f}"[:3] in gone.text
    reader, other = enterprise.client("reader"), enterprise.client("data_owner", "B")
    assert reader.get(f"/inventory/activities/{key}/").context["buttons"] == []
    assert other.get(f"/inventory/activities/{key}/").status_code == 404
    assert client.get(f"/inventory/activities/{key}/remove/").status_code == 404
    page = client.get(f"/inventory/activities/{key}/correct/")
    assert "typed twice" in page.text
    assert sent(client, key).status_code == 302
    after = one(key)
    assert {n for n in before if before[n] != after[n]} <= {"file", "file_row"}


def test_who_may_only_see_corrects_nothing_and_who_sees_nothing_learns_nothing(enterprise, key):
    reader, other = enterprise.client("reader"), enterprise.client("data_owner", "B")
    for verb in ("correct", "remove"):
        address = f"/inventory/activities/{key}/{verb}/"
        assert reader.get(address).status_code == 403
        assert other.get(address).status_code == 404
        assert other.get(f"/inventory/activities/none~none/{verb}/").status_code == 404
    page = reader.get(f"/inventory/activities/{key}/")
    assert "correct/" not in page.text


def test_a_row_moves_only_to_a_site_in_reach(enterprise, key):
    from linyin.lake import BadInput
    from linyin.ledger.web.correcting import correct_activity, posted_row
    from linyin.organization.web.models import Node

    actor = enterprise.actor("data_owner", "A")
    row, node = posted_row(actor, key), Node.objects.get(code="A1")
    with pytest.raises(BadInput, match="site"):
        correct_activity(actor, node=node, row=row, stated={"site": "B1"}, reason=REASON)
    correct_activity(actor, node=node, row=row, stated={"site": "A2"}, reason=REASON)
    assert one(key)["site"] == "A2"


def test_a_month_that_is_submitted_or_approved_is_taken_back_first(enterprise, key):
    from linyin.lake import BadInput
    from linyin.ledger.web.correcting import correct_activity, posted_row, remove_activity
    from linyin.ledger.web.grid_lines import derive_lines
    from linyin.ledger.web.grid_models import SiteMonth
    from linyin.organization.web.models import Node

    actor = enterprise.actor("data_owner", "A")
    derive_lines(actor)
    row, node = posted_row(actor, key), Node.objects.get(code="A1")
    month = SiteMonth.objects.create(
        site=node, month=row.now["begin"].replace(day=1), state="approved"
    )
    for refused in (
        lambda: correct_activity(
            actor, node=node, row=row, stated={"quantity": "1"}, reason=REASON
        ),
        lambda: remove_activity(actor, node=node, row=row, reason=REASON),
    ):
        with pytest.raises(BadInput) as wrong:
            refused()
        assert [f.code for f in wrong.value.findings] == ["row-in-closed-month"]
    month.state = "returned"
    month.save()
    correct_activity(actor, node=node, row=row, stated={"quantity": "1"}, reason=REASON)
    assert one(key)["quantity"] == 1


def test_inputs_of_a_row_are_corrected_with_their_units(enterprise):
    from linyin.ledger.web.correcting import correct_activity, posted_row
    from linyin.ledger.web.row_posting import post_rows, prepare_rows
    from linyin.organization.web.models import Node
    from linyin.platform.lake import workspace_lake

    actor = enterprise.actor("data_owner", "A")
    stated = {
        "source": "tms", "external_id": "T1", "site": "A1", "source_type": "inbound_freight",
        "item": "road_freight", "relation": "third_party", "kind": "normal", "status": "measured",
        "begin": "2023-01-01", "end": "2023-02-01", "quantity": "12", "unit": "t",
        "distance [km]": "100",
    }  # fmt: skip
    prepared = prepare_rows([stated], "tms", "A1", sites={"A1"})
    assert [f.code for f in prepared.findings if f.severity == "error"] == []
    post_rows(workspace_lake(actor), prepared, "tms", reason="first")
    row = posted_row(actor, "tms~T1")
    assert row.named == ["distance"]
    correct_activity(
        actor, node=Node.objects.get(code="A1"), row=row, stated={"distance": "250"}, reason=REASON
    )
    now = posted_row(actor, "tms~T1").now
    assert (now["distance"], now["quantity"], now["begin"]) == (250.0, 12.0, date(2023, 1, 1))


def test_the_page_of_a_row_that_never_changed_does_not_read_the_whole_table(
    enterprise, key, monkeypatch
):
    from linyin.ledger.web import correcting

    client = enterprise.client("data_owner", "A")
    with monkeypatch.context() as patched:
        patched.delattr(correcting, "revision_history")
        page = client.get(f"/inventory/activities/{key}/")
    assert [event.what for event in page.context["timeline"].events] == ["posted it"]
    sent(client, key, quantity="8")
    page = client.get(f"/inventory/activities/{key}/")
    assert len(page.context["timeline"].events) == 2
