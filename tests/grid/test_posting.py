"""From typed cells to activities: what is posted, what is asked, what is refused."""

from datetime import date

import pytest

from linyin.lake import BadInput, revision_history
from linyin.ledger.web.grid_actions import (
    approve_month,
    reopen_month,
    return_cell,
    submit_month,
)
from linyin.ledger.web.grid_cells import load_grid
from linyin.ledger.web.grid_drafts import TypedCell, save_cells
from linyin.ledger.web.models import CellDraft, CellNote, SiteMonth, SourceLine
from linyin.platform.audit import verify
from linyin.platform.lake import workspace_lake
from linyin.platform.models import Approval, AuditEvent

JAN = date(2024, 1, 1)


def type_in(world, line, month, text, *, who=None, token=None, **more):
    person = who or world.owner
    _, saved = save_cells(
        world.actor(person), world.site, month.year,
        [TypedCell(line.pk, month, token, text, **more)],
    )  # fmt: skip
    return saved[0]


def cell(world, line, month):
    return load_grid(world.site, month.year).cells[line.pk, month]


def submit(world, month=JAN, who=None):
    return submit_month(world.actor(who or world.owner), site=world.site, month=month)


def codes(error):
    return sorted(finding.code for finding in error.value.findings)


@pytest.fixture
def january(world):
    """January 2024 typed and submitted by the owner."""
    type_in(world, world.power, JAN, "1,010")
    type_in(world, world.gas, JAN, "0", reason="canteen closed")
    return submit(world)


def test_lines_are_the_series_of_the_ledger_with_two_names(world):
    line = world.power

    assert SourceLine.objects.filter(site=world.site).count() == 2
    assert (line.label_en, line.label_zh) == ("Production lines", "生产线总表")
    assert (line.source_type, line.item, line.unit) == ("electricity", "electricity", "kWh")
    assert (line.begin, line.end) == (date(2022, 1, 1), None)


def test_lines_without_a_description_are_named_by_what_happens(world):
    line = SourceLine.objects.get(code="NANJING-P1")

    assert (line.label_en, line.label_zh) == ("Electricity", "外购电力")


def test_months_of_rows_whose_ids_do_not_name_them_are_one_line(world):
    months = [date(2023, m, 1) for m in (1, 2, 3)]
    world.deliver(
        "bills",
        [
            (f"BILL-{m.month}77", "HEYUAN", "mobile_combustion", "diesel", "", m, 5, "L", "")
            for m in months
        ],
    )
    from grid_world import OPERATOR

    from linyin.ledger.web.grid_lines import derive_lines

    assert derive_lines(OPERATOR) == 1
    assert derive_lines(OPERATOR) == 0
    line = SourceLine.objects.get(item="diesel")
    assert line.code == "HEYUAN-mobile_combustion-diesel"
    assert [cell(world, line, m).posted for m in months] == [5.0, 5.0, 5.0]


def test_last_year_stands_beside_a_cell_and_the_deviation_from_it(world):
    type_in(world, world.power, JAN, "1101.1")

    told = cell(world, world.power, JAN)
    assert told.before == 1001.0
    assert told.deviation == pytest.approx(0.1)
    assert not told.is_far


def test_a_value_that_is_refused_is_nothing_to_deviate_from(world):
    line = SourceLine.objects.create(
        code="HEYUAN-OLD", site=world.site, source_type="electricity", item="electricity",
        unit="kWh", begin=date(2024, 1, 1),
    )  # fmt: skip
    type_in(world, line, JAN, "-5")
    type_in(world, line, date(2024, 2, 1), "900")

    assert cell(world, line, JAN).fault is not None
    assert cell(world, line, date(2024, 2, 1)).deviation is None


def test_without_a_last_year_the_month_before_counts(world):
    line = SourceLine.objects.create(
        code="HEYUAN-NEW", site=world.site, source_type="electricity", item="electricity",
        unit="kWh", begin=date(2024, 1, 1),
    )  # fmt: skip
    type_in(world, line, JAN, "100")
    type_in(world, line, date(2024, 2, 1), "131")

    assert cell(world, line, JAN).deviation is None
    february = cell(world, line, date(2024, 2, 1))
    assert february.deviation == pytest.approx(0.31)
    assert february.need == "deviation"


def test_thirty_percent_exactly_asks_nothing_and_more_asks_a_reason(world):
    type_in(world, world.gas, JAN, "65")
    assert cell(world, world.gas, JAN).need == ""

    type_in(world, world.gas, JAN, "65.1")
    assert cell(world, world.gas, JAN).need == "deviation"

    type_in(world, world.gas, JAN, None, reason="second canteen")
    assert cell(world, world.gas, JAN).need == ""


def test_zero_is_a_value_and_empty_is_not_yet(world):
    type_in(world, world.gas, JAN, "0", reason="closed")
    type_in(world, world.power, JAN, "")

    assert cell(world, world.gas, JAN).is_in
    assert not cell(world, world.power, JAN).is_in
    with pytest.raises(BadInput) as error:
        submit(world)
    assert codes(error) == ["grid-needs-value"]
    assert not SiteMonth.objects.exists()


def test_a_unit_that_fits_is_converted_and_one_that_does_not_is_refused(world):
    saved = type_in(world, world.power, JAN, "0.1001 万kWh")
    assert (saved.converted, saved.cell.quantity) == ("万kWh", 1001.0)

    saved = type_in(world, world.power, JAN, "3 t")
    assert saved.cell.fault.code == "unit-mismatch"
    assert saved.cell.draft.text == "3 t"


@pytest.mark.parametrize(
    ("text", "code"),
    [("-5", "quantity-negative"), ("abc", "number-broken"), ("1.234,5", "number-choices")],
)
def test_what_the_ledger_refuses_is_kept_and_told_beside_the_cell(world, text, code):
    saved = type_in(world, world.power, JAN, text)

    assert saved.cell.fault.code == code
    assert CellDraft.objects.get().text == text
    with pytest.raises(BadInput) as error:
        submit(world)
    assert code in codes(error)


def test_submitting_posts_one_batch_with_stable_ids_and_an_event(world, january):
    rows = world.activities("source = 'grid'")

    assert [(r["external_id"], r["quantity"], r["unit"], r["begin"]) for r in rows] == [
        ("HEYUAN-GAS-2024-01", 0.0, "Nm3", JAN), ("HEYUAN-P1-2024-01", 1010.0, "kWh", JAN),
    ]  # fmt: skip
    assert rows[0]["technology"] == "commercial"
    assert rows[0]["_reason"] == "canteen closed"
    assert len({row["_batch"] for row in rows}) == 1
    event = AuditEvent.objects.get(action="ledger.submit_month")
    assert event.after["batch"] == rows[0]["_batch"]
    assert event.person == world.owner
    assert list(verify()) == []
    assert not CellDraft.objects.exists()
    assert january.state == "submitted"


def test_a_crash_between_lake_and_records_is_mended_by_submitting_again(world, monkeypatch):
    from linyin.ledger.web import grid_actions

    type_in(world, world.power, JAN, "1010")
    type_in(world, world.gas, JAN, "50")
    real, version = grid_actions._settle, workspace_lake().version("activities")
    monkeypatch.setattr(grid_actions, "_settle", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        submit(world)
    assert not SiteMonth.objects.exists()
    assert CellDraft.objects.count() == 2

    monkeypatch.setattr(grid_actions, "_settle", real)
    submit(world)
    assert workspace_lake().version("activities") == version + 1
    assert [row["_revision"] for row in world.activities("source = 'grid'")] == [1, 1]


def test_a_row_of_a_file_is_revised_under_its_own_id_and_keeps_its_other_columns(world):
    march = date(2023, 3, 1)
    type_in(world, world.power, march, "1,200")
    assert cell(world, world.power, march).need == "revision"
    type_in(world, world.power, march, None, reason="meter read again")
    submit(world, march)

    (row,) = world.activities("external_id = 'HEYUAN-P1-2023-03'")
    assert (row["source"], row["quantity"], row["_revision"]) == ("meters", 1200.0, 2)
    assert row["_reason"] == "meter read again"
    assert row["description"] == "生产线总表 / production lines"
    past = revision_history(workspace_lake(), "activities", "meters", "HEYUAN-P1-2023-03")
    assert past["quantity"].to_pylist() == [1003.0, 1200.0]
    assert not world.activities("source = 'grid'")


def test_named_inputs_of_a_line_go_with_its_new_rows(world):
    line = world.gas
    line.inputs = "density=0.75 kg/L; oxidation=0.99"
    line.save()
    type_in(world, line, JAN, "50")
    type_in(world, world.power, JAN, "1001")
    submit(world)

    (row,) = world.activities("external_id = 'HEYUAN-GAS-2024-01'")
    assert (row["density"], row["oxidation"], row["inputs"]) == (0.75, 0.99, "density,oxidation")


def test_emptying_a_cell_of_the_ledger_leaves_what_is_posted(world):
    march = date(2023, 3, 1)
    saved = type_in(world, world.power, march, "")

    assert saved.outcome == "stands"
    assert cell(world, world.power, march).quantity == 1003.0
    assert not CellDraft.objects.exists()


def test_nobody_approves_what_they_submitted(world, january):
    with pytest.raises(BadInput) as error:
        world_approves(world, world.owner, january)
    assert codes(error) == ["approval-four-eyes"]

    approved = world_approves(world, world.manager, january)
    assert (approved.state, approved.approved_by) == ("approved", world.manager)
    assert Approval.objects.get().is_granted


def test_nobody_approves_what_they_typed_whoever_submitted_it(world):
    from linyin.platform.models import Grant

    Grant.objects.create(person=world.manager, role="data_owner", node=world.site)
    type_in(world, world.gas, JAN, "50")
    type_in(world, world.power, JAN, "1001", who=world.manager)
    record = submit(world)

    with pytest.raises(BadInput) as error:
        approve_month(world.actor(world.manager), record)

    assert codes(error) == ["approval-four-eyes"]
    reopen_month(world.actor(world.owner), record, reason="wrong meter")
    type_in(world, world.power, JAN, "1002", reason="wrong meter")
    with pytest.raises(BadInput):
        approve_month(world.actor(world.manager), submit(world))


def test_a_month_is_approved_as_it_was_seen(world, january):
    seen = load_grid(world.site, 2024).month(JAN).signature
    reopen_month(world.actor(world.owner), january, reason="a nought too many")
    type_in(world, world.power, JAN, "1100", reason="a nought too many")
    record = submit(world)

    with pytest.raises(BadInput) as error:
        approve_month(world.actor(world.manager), record, signature=seen)

    assert codes(error) == ["grid-month-changed"]
    now = load_grid(world.site, 2024).month(JAN).signature
    assert approve_month(world.actor(world.manager), record, signature=now).state == "approved"


def world_approves(world, person, record):
    if person == world.owner:
        from linyin.platform.models import Grant

        Grant.objects.create(person=person, role="entity_manager", node=world.site)
    return approve_month(world.actor(person), record)


def test_a_returned_cell_is_mended_and_submitted_again(world, january):
    return_cell(world.actor(world.manager), january, line=world.power.pk, comment="bill says 1,100")
    told = cell(world, world.power, JAN)
    assert (told.note.comment, told.need) == ("bill says 1,100", "answer")
    with pytest.raises(BadInput) as error:
        submit(world)
    assert codes(error) == ["grid-needs-answer"]

    type_in(world, world.power, JAN, "1100")
    again = submit(world)
    assert again.state == "submitted"
    (row,) = world.activities("external_id = 'HEYUAN-P1-2024-01'")
    assert (row["quantity"], row["_revision"], row["_reason"]) == (1100.0, 2, "bill says 1,100")
    assert CellNote.objects.get().settled_at is not None


def test_a_returned_cell_may_be_answered_instead(world, january):
    return_cell(world.actor(world.manager), january, line=world.power.pk, comment="sure?")
    type_in(world, world.power, JAN, None, reason="read twice, it is right")

    assert submit(world).state == "submitted"
    assert [r["_revision"] for r in world.activities("source = 'grid'")] == [1, 1]


def test_a_submitted_month_is_closed_until_it_is_taken_back(world, january):
    assert type_in(world, world.power, JAN, "5").outcome == "locked"

    reopen_month(world.actor(world.owner), january, reason="wrong meter")
    assert type_in(world, world.power, JAN, "1020", reason="wrong meter").outcome == "saved"
    assert submit(world).state == "submitted"
    (row,) = world.activities("external_id = 'HEYUAN-P1-2024-01'")
    assert (row["quantity"], row["_reason"]) == (1020.0, "wrong meter")


def test_two_people_on_one_cell_do_not_write_over_each_other(world):
    token = cell(world, world.power, JAN).token
    first = type_in(world, world.power, JAN, "1010", token=token)
    second = type_in(world, world.power, JAN, "1020", token=token, who=world.second)

    assert first.outcome == "saved"
    assert (second.outcome, second.theirs, second.by) == ("stale", "1010", "owner")
    assert cell(world, world.power, JAN).quantity == 1010.0
    third = type_in(world, world.power, JAN, "1020", token=second.cell.token, who=world.second)
    assert third.outcome == "saved"


def test_two_people_who_write_the_same_do_not_quarrel(world):
    token = cell(world, world.power, JAN).token
    type_in(world, world.power, JAN, "1010", token=token)

    same = type_in(world, world.power, JAN, "1,010", token=token, who=world.second)
    assert same.outcome == "saved"


def test_an_import_between_makes_a_cell_stale(world):
    march = date(2023, 3, 1)
    token = cell(world, world.power, march).token
    world.deliver(
        "meters",
        [("HEYUAN-P1-2023-03", "HEYUAN", "electricity", "electricity", "", march, 7, "kWh", "")],
    )

    assert type_in(world, world.power, march, "9", token=token).outcome == "stale"


def test_a_month_that_changed_since_it_was_seen_is_not_submitted(world):
    type_in(world, world.power, JAN, "1010")
    type_in(world, world.gas, JAN, "50")
    seen = load_grid(world.site, 2024).month(JAN).signature
    type_in(world, world.gas, JAN, "51", who=world.second)

    with pytest.raises(BadInput) as error:
        submit_month(world.actor(world.owner), site=world.site, month=JAN, signature=seen)
    assert codes(error) == ["grid-month-changed"]


def test_several_rows_of_a_month_are_shown_together_and_not_typed_over(world):
    march = date(2023, 3, 1)
    months = [date(2023, m, 1) for m in (1, 2, 3)]
    rows = [
        (f"B-{m.month}{n}", "HEYUAN", "mobile_combustion", "diesel", "", m, n, "L", "")
        for m in months
        for n in (5, 7)
    ]
    world.deliver("bills", rows)
    from grid_world import OPERATOR

    from linyin.ledger.web.grid_lines import derive_lines

    derive_lines(OPERATOR)
    line = SourceLine.objects.get(item="diesel")
    told = cell(world, line, march)
    assert (told.quantity, told.lock) == (12.0, "several")
    assert type_in(world, line, march, "9").outcome == "locked"


def test_evidence_that_a_line_needs_keeps_its_month_from_being_submitted(world):
    SourceLine.objects.filter(pk=world.gas.pk).update(needs_evidence=True)
    type_in(world, world.power, JAN, "1010")
    type_in(world, world.gas, JAN, "50")

    with pytest.raises(BadInput) as error:
        submit(world)
    assert codes(error) == ["grid-needs-evidence"]


@pytest.mark.parametrize("text", ["-5", "abc", "3 t"])
def test_what_the_ledger_refuses_is_not_in_on_the_page_nor_in_the_overview(world, text):
    def told():
        from linyin.ledger.web.grid_overview import months_told

        (of_site,) = months_told({world.site.code}, JAN.year).values()
        return of_site[JAN].count, of_site[JAN].of, load_grid(world.site, JAN.year).month(JAN).count

    before, of, _ = told()
    type_in(world, world.power, JAN, text)
    assert told() == (before, of, before)

    type_in(world, world.power, JAN, "1001")
    assert told() == (before + 1, of, before + 1)
