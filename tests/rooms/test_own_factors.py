"""Own factors: written with evidence, approved by a second person, revised, withdrawn."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from factor_builders import office, submitted, write

from linyin.lake import BadInput

pytestmark = pytest.mark.django_db(transaction=True)

__all__ = ["write"]


def codes(error):
    return [finding.code for finding in error.value.findings]


@pytest.fixture
def proposed(enterprise, write):
    """A factor with its document, submitted by its writer."""
    return submitted(enterprise, write())


def factors_of(run):
    return set(run.totals["factors"])


def test_a_run_uses_a_factor_only_after_a_second_person_has_approved_it(enterprise, proposed):
    from linyin.inventory.web.calculating import calculate
    from linyin.ledger.web.actions import approve_factor

    actor = office(enterprise, "writer")
    (before,) = calculate(actor, "G", [2023])
    approve_factor(office(enterprise, "second"), proposed)
    (after,) = calculate(actor, "G", [2023])

    assert "own-power-2023" not in factors_of(before)
    told = after.totals["factor_lines"]["own-power-2023"]
    assert ["2.1", "location", 12, str(1200 * 1000 * 100_000)] in told  # 1200 MWh, 0.1 kg/kWh


def test_approved_factors_of_nodes_above_are_read_below_and_no_others(enterprise, write):
    from linyin.inventory.web.factors.catalogue import known_factors
    from linyin.ledger.web.actions import approve_factor
    from linyin.platform.tree import Tree

    group, sister = write(), write(node="B", factor_id="own-of-sister", place="B1")
    write(factor_id="own-draft")
    for factor in (group, sister):
        approve_factor(office(enterprise, "second"), submitted(enterprise, factor))
    below = enterprise.client("data_owner", "A1")

    seen = {one.factor.factor_id for one in known_factors({"A1"}, Tree()) if one.own}
    record = below.get("/inventory/factors/own-power-2023/")
    listed = below.get("/inventory/factors/?q=own-power-2023").content.decode()

    assert seen == {"own-power-2023"}
    assert "/inventory/factors/own-power-2023/" in listed
    assert record.status_code == 200
    assert f"/inventory/own-factors/{group.pk}/" not in record.content.decode()
    assert below.get(f"/inventory/own-factors/{group.pk}/").status_code == 404
    assert below.get("/inventory/factors/own-of-sister/").status_code == 404
    assert below.get("/inventory/factors/own-draft/").status_code == 404
    assert {one.factor.factor_id for one in known_factors({"B"}, Tree()) if one.own} == {
        "own-power-2023", "own-of-sister",
    }  # fmt: skip


def test_a_run_that_pins_an_earlier_day_does_not_use_it(enterprise, write):
    from linyin.inventory.web.calculating import calculate
    from linyin.inventory.web.models import Settings
    from linyin.ledger.web.actions import approve_factor

    factor = submitted(enterprise, write(published=date(2026, 10, 1)))
    approve_factor(office(enterprise, "second"), factor)
    settings = Settings.now()
    settings.config["inventory"]["factors_as_of"] = "2026-09-30"
    settings.save()

    (run,) = calculate(office(enterprise, "writer"), "G", [2023])

    assert "own-power-2023" not in factors_of(run)


def test_nobody_approves_what_they_wrote_or_submitted(enterprise, write):
    from linyin.ledger.web.actions import approve_factor
    from linyin.platform.models import Approval

    factor = submitted(enterprise, write(by="writer"), by="submitter")

    for name in ("writer", "submitter"):
        with pytest.raises(BadInput) as refused:
            approve_factor(office(enterprise, name), factor)
        assert codes(refused) == ["approval-four-eyes"]
    factor.refresh_from_db()
    assert factor.state == "proposed"
    assert not Approval.objects.exists()

    approve_factor(office(enterprise, "third"), factor)
    assert factor.state == "approved"


def test_without_a_document_nothing_is_submitted(enterprise, write):
    from linyin.ledger.web.actions import submit_factor

    with pytest.raises(BadInput) as refused:
        submit_factor(office(enterprise, "writer"), write())

    assert codes(refused) == ["factor-without-evidence"]


def test_a_document_that_is_not_kept_is_no_evidence(enterprise, write):
    from linyin.ledger.web.actions import attach_evidence

    with pytest.raises(BadInput) as refused:
        attach_evidence(office(enterprise, "writer"), write(), sha256="0" * 64)

    assert codes(refused) == ["factor-document-unknown"]


def test_a_returned_factor_says_why_is_mended_and_submitted_again(enterprise, proposed):
    from linyin.ledger.web.actions import approve_factor, reject_factor, submit_factor
    from linyin.ledger.web.factor_resources import own_factors

    second, writer = office(enterprise, "second"), office(enterprise, "writer")
    with pytest.raises(BadInput) as refused:
        reject_factor(second, proposed, comment=" ")
    assert codes(refused) == ["factor-without-comment"]

    reject_factor(second, proposed, comment="page 2 says 0.12")
    own_factors.update(writer, proposed, values={"co2_kg": "0.12"}, version=proposed.version)
    submit_factor(writer, proposed)
    approve_factor(second, proposed)

    assert proposed.row["co2_kg"] == "0.12"
    assert proposed.row["status"] == "approved"


def test_every_step_stands_in_the_audit_trail(enterprise, proposed):
    from linyin.ledger.web.actions import approve_factor
    from linyin.platform.audit import verify
    from linyin.platform.models import AuditEvent

    approve_factor(office(enterprise, "second"), proposed, comment="as the letter says")

    events = AuditEvent.objects.filter(subject="ledger.ownfactor", key=str(proposed.pk))
    told = [
        (e.action.partition(".")[2], e.who.partition(" ")[0]) for e in events.order_by("number")
    ]
    assert told == [
        ("create_own-factors", "writer"), ("attach_evidence", "writer"),
        ("submit_factor", "writer"), ("approve_factor", "second"),
    ]  # fmt: skip
    assert events.order_by("-number")[0].reason == "as the letter says"
    assert list(verify()) == []


def test_what_was_submitted_is_neither_changed_nor_removed(enterprise, proposed):
    from linyin.ledger.web.factor_resources import own_factors

    writer = office(enterprise, "writer")
    with pytest.raises(BadInput) as refused:
        own_factors.update(writer, proposed, values={"co2_kg": "9"}, version=proposed.version)
    assert codes(refused) == ["factor-not-open"]
    with pytest.raises(BadInput) as refused:
        own_factors.delete(writer, proposed, version=proposed.version)
    assert codes(refused) == ["factor-not-open"]

    proposed.refresh_from_db()
    assert proposed.co2_kg == "0.1"


def test_a_revision_takes_its_place_with_its_own_approval(enterprise, proposed):
    from linyin.ledger.web.actions import approve_factor, revise_factor
    from linyin.ledger.web.factor_resources import own_factors

    writer, second = office(enterprise, "writer"), office(enterprise, "second")
    approve_factor(second, proposed)
    made = revise_factor(writer, proposed, reason="the supplier corrected its letter")
    own_factors.update(writer, made, values={"co2_kg": "0.11"}, version=made.version)
    proposed.refresh_from_db()
    assert (made.factor_id, made.state, proposed.state) == (
        "own-power-2023-r2", "draft", "approved",
    )  # fmt: skip

    with pytest.raises(BadInput) as refused:
        revise_factor(writer, proposed, reason="again")
    assert codes(refused) == ["factor-revision-begun"]

    approve_factor(second, submitted(enterprise, made))
    proposed.refresh_from_db()
    assert (made.state, proposed.state) == ("approved", "withdrawn")


def test_a_withdrawn_factor_is_in_no_new_run_and_stays_in_the_old(enterprise, proposed):
    from linyin.inventory.web.calculating import calculate
    from linyin.ledger.web.actions import approve_factor, withdraw_factor

    second = office(enterprise, "second")
    approve_factor(second, proposed)
    (old,) = calculate(second, "G", [2023], gwp="AR6-100")
    withdraw_factor(second, proposed, comment="the contract has ended")
    (new,) = calculate(second, "G", [2023], gwp="AR5-100")

    old.refresh_from_db()
    assert "own-power-2023" in factors_of(old)
    assert "own-power-2023" not in factors_of(new)


def test_a_stale_change_is_refused_with_what_is_there(enterprise, write):
    from linyin.ledger.web.factor_resources import own_factors
    from linyin.platform.stale import Stale

    factor = write()
    seen = factor.version
    own_factors.update(office(enterprise, "other"), factor, values={"co2_kg": "0.2"}, version=seen)

    with pytest.raises(Stale) as stale:
        own_factors.update(
            office(enterprise, "writer"), factor, values={"co2_kg": "0.3"}, version=seen
        )

    assert (stale.value.record.co2_kg, stale.value.stated) == ("0.2", {"co2_kg": "0.3"})


def test_who_may_not_is_refused_and_nothing_happens(enterprise, proposed):
    from linyin.ledger.web.actions import approve_factor, submit_factor, withdraw_factor
    from linyin.platform.models import AuditEvent

    before = AuditEvent.objects.count()
    for actor in (
        enterprise.actor("data_owner"), enterprise.actor("entity_manager"),
        enterprise.actor("verifier"), office(enterprise, "of A", "A"),
    ):  # fmt: skip
        for action in (approve_factor, submit_factor, withdraw_factor):
            with pytest.raises(PermissionDenied):
                action(actor, proposed, comment="x")

    proposed.refresh_from_db()
    assert proposed.state == "proposed"
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("stated", "field", "code"),
    [
        ({"factor_id": "mee-grid-2023-CN"}, "factor_id", "factor-id-released"),
        ({"factor_id": "a/b"}, "factor_id", "factor-code"),
        ({"unit": "ton"}, "unit", "unit-ambiguous"),
        ({"place": "Atlantis"}, "place", "place-unknown"),
        ({"co2_kg": "much"}, "co2_kg", "factor-number"),
        ({"co2_kg": "-1"}, "co2_kg", "factor-number"),
        ({"co2_kg": ""}, "co2_kg", "factor-without-mass"),
        ({"co2e_kg": "1", "gwp_set": "AR6-100"}, "co2e_kg", "factor-both-masses"),
        ({"co2_kg": "", "co2e_kg": "1"}, "gwp_set", "factor-gwp-set"),
        ({"species": "HFC-32=1"}, "species", "species-broken"),
        ({"use": "spend"}, "currency_year", "factor-price"),
        ({"name_en": "", "name_zh": ""}, "name_en", "factor-nameless"),
        ({"data_year": 23}, "data_year", "factor-year"),
        (
            {"valid_from": date(2023, 1, 1), "valid_to": date(2023, 1, 1)},
            "valid_to",
            "factor-validity",
        ),
    ],
)
def test_what_a_factor_cannot_be_is_said_at_its_field(write, stated, field, code):
    from linyin.ledger.web.models import OwnFactor

    with pytest.raises(BadInput) as refused:
        write(**stated)

    assert [(f.at.column, f.code) for f in refused.value.findings] == [(field, code)]
    assert not OwnFactor.objects.exists()


def test_what_is_accepted_fits_the_schema_of_factors(write):
    from linyin.ledger.importers.row_check import problems

    assert problems(write().row) == []
    assert problems(
        write(factor_id="own-2", co2_kg="", co2e_kg="3.5", gwp_set="AR6-100").row
    ) == []  # fmt: skip
