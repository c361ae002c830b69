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
