"""The audit trail: whatever is altered, missing or cut off is found."""

import pytest
from django.db import connection, transaction

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chain(workspace):
    from linyin.platform.actor import Actor
    from linyin.platform.audit import record_event

    actor = Actor(None, "cli", is_operator=True)
    with transaction.atomic():
        for number in range(5):
            record_event(actor, "test.did", key=str(number), after={"value": 1.5, "name": "林"})
    return actor


def faults(**asked):
    from linyin.platform.audit import verify

    return [(fault.number, fault.kind) for fault in verify(**asked)]


def execute(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_untouched_chain_holds(chain):
    assert faults() == []


@pytest.mark.parametrize(
    "change",
    ["who = 'somebody else'", "after = '{\"value\": 2}'", "reason = 'because'", "channel = 'web'"],
)
def test_an_altered_event_is_found(chain, change):
    execute(f"UPDATE platform_auditevent SET {change} WHERE number = 3")
    assert faults() == [(3, "altered")]


def test_a_missing_event_is_found(chain):
    execute("DELETE FROM platform_auditevent WHERE number = 2")
    assert faults() == [(2, "missing")]


def test_a_cut_end_is_found(chain):
    execute("DELETE FROM platform_auditevent WHERE number = 5")
    assert faults() == [(5, "cut")]


def test_a_chain_whose_recorded_end_is_gone_is_found(chain):
    execute("DELETE FROM platform_audithead")
    assert faults() == [(5, "cut")]


def test_a_rewritten_chain_no_longer_holds_the_hash_that_was_kept(chain):
    from linyin.platform.models import AuditEvent

    kept = AuditEvent.objects.get(number=4).hash
    assert faults(end=kept) == []
    assert faults(end="0" * 63 + "1") == [(5, "other")]


def test_an_event_stands_and_falls_with_its_change(chain):
    from linyin.platform.audit import record_event

    with pytest.raises(transaction.TransactionManagementError):
        record_event(chain, "test.did")

    with transaction.atomic():
        record_event(chain, "test.did")
        transaction.set_rollback(True)
    assert faults() == []


def test_events_are_neither_changed_nor_removed_by_the_program(chain):
    from linyin.platform.models import AuditEvent

    event = AuditEvent.objects.get(number=1)
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()


def test_an_event_tells_its_fields_in_words(enterprise):
    from linyin.platform.audit import record_event
    from linyin.platform.history import changes_of

    office = enterprise.actor("carbon_office")
    before = {"month": "2023-10-01", "unit": "t", "amount_mg": None, "state": "open", "version": 1}
    after = {
        "month": "2023-11-01", "unit": "t", "amount_mg": 2_500_000_000, "state": "closed",
        "country": "CN", "version": 2,
    }  # fmt: skip
    with transaction.atomic():
        event = record_event(office, "test.did", before=before, after=after)

    told = {
        field: (then, now)
        for field, then, now in changes_of(event.subject, event.before, event.after)
    }

    assert told["month"] == ("1 Oct 2023", "1 Nov 2023")
    assert told["amount mg"] == ("", "2.500 t CO₂e")
    assert told["country"] == ("", "China")
    assert "unit" not in told
    assert "version" not in told


def test_the_page_of_an_event_leads_to_its_record_if_the_reader_sees_it(enterprise):
    from linyin.organization.web.models import Node
    from linyin.platform.audit import record_event

    node = Node.objects.get(code="A1")
    with transaction.atomic():
        event = record_event(
            enterprise.actor("carbon_office"), "organization.update_nodes", node="A1",
            subject=node._meta.label_lower, key=str(node.pk),
            before={"note": ""}, after={"note": "moved"},
        )  # fmt: skip

    page = enterprise.client("administrator").get(f"/home/audit/{event.pk}/").content.decode()

    assert f'href="/inventory/nodes/{node.pk}/"' in page
    assert "moved" in page
    assert "&quot;note&quot;" not in page


def test_the_list_names_records_by_what_they_are_called(enterprise):
    from linyin.organization.web.models import Node
    from linyin.platform.audit import record_event
    from linyin.platform.words import say

    node = Node.objects.get(code="A1")
    with transaction.atomic():
        for key in (str(node.pk), "999999", "no number", "9" * 40):
            record_event(
                enterprise.actor("carbon_office"), "organization.update_nodes", node="A1",
                subject=node._meta.label_lower, key=key, before={}, after={},
            )  # fmt: skip

    shown = enterprise.client("administrator").get("/home/audit/").context["table"]
    at = [column.label for column in shown.columns].index(say("audit.key"))
    newest = [row.cells[at] for row in shown.rows[:4]]

    assert newest == ["9" * 40, "no number", "999999", str(node)]
