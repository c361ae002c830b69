"""A source that says something else than before: its posted months follow when somebody asks."""

from __future__ import annotations

from datetime import date

import pytest
from grid_world import OPERATOR
from test_grid_api import api
from test_grid_pages import client_of
from test_posting import cell, codes, submit, type_in

from linyin.lake import BadInput
from linyin.ledger.web.carrying import carry_line
from linyin.ledger.web.grid_lines import derive_lines
from linyin.ledger.web.models import SiteMonth, SourceLine
from linyin.platform.audit import verify
from linyin.platform.models import AuditEvent

__all__ = ["api", "client_of"]

REASON = "it was diesel all along"
JULY = date(2023, 7, 1)


@pytest.fixture
def diesel(world):
    """The gas of HEYUAN, which was diesel, and is stated as that from now on."""
    return changed(world.gas, item="diesel", technology="", unit="m3")


def changed(line, **stated):
    SourceLine.objects.filter(pk=line.pk).update(**stated)
    return SourceLine.objects.get(pk=line.pk)


def gas_rows(world):
    return world.activities("external_id LIKE 'HEYUAN-GAS%'")


def test_inputs_that_a_source_states_by_now_are_carried_too(world):
    line = changed(world.gas, inputs="oxidation=0.99")
    other = changed(world.power, description="as it is")

    carry_line(world.actor(world.owner), line, begin=JULY, reason=REASON)

    rows = gas_rows(world)
    assert {row.get("oxidation") for row in rows if row["begin"] >= JULY} == {0.99}
    assert {row.get("oxidation") for row in rows if row["begin"] < JULY} == {None}
    with pytest.raises(BadInput) as refused:
        carry_line(world.actor(world.owner), line, begin=JULY, reason=REASON)
    assert codes(refused) == ["line-carries-nothing"]
    with pytest.raises(BadInput):
        carry_line(world.actor(world.owner), other, reason=REASON)


def test_posted_months_follow_their_source_from_a_day_on(world):
    line = changed(world.power, unit="MWh", description="other words")
    line = changed(line, counterparty="China Southern Grid")

    carry_line(world.actor(world.owner), line, begin=JULY, reason=REASON)

    rows = world.activities("external_id LIKE 'HEYUAN-P1%'")
    before, after = rows[:18], rows[18:]
    assert {(r["unit"], r["counterparty"] or "", r["_revision"]) for r in before} == {
        ("kWh", "", 1)
    }
    assert [(r["quantity"], r["unit"]) for r in after] == [
        (1.000 + month / 1000, "MWh") for month in range(7, 13)
    ]
    assert {(r["counterparty"], r["_revision"], r["_reason"]) for r in after} == {
        ("China Southern Grid", 2, REASON)
    }
    assert {r["description"] for r in after} == {"生产线总表 / production lines"}
    event = AuditEvent.objects.get(action="ledger.carry_line")
    assert (event.before, event.node) == ({"unit": "kWh", "counterparty": ""}, "HEYUAN")
    assert (event.after["unit"], event.after["months"]) == ("MWh", 6)
    assert list(verify()) == []


def test_there_is_nothing_to_carry_twice(world):
    line = changed(world.power, counterparty="China Southern Grid")
    carry_line(world.actor(world.owner), line, reason=REASON)
    with pytest.raises(BadInput) as error:
        carry_line(world.actor(world.owner), line, reason=REASON)
    assert codes(error) == ["line-carries-nothing"]


def test_a_row_that_somebody_changes_meanwhile_is_not_overwritten(world, monkeypatch):
    from linyin.ledger.web import carrying

    line = changed(world.power, counterparty="China Southern Grid")
    prepare = carrying.prepare_rows

    def slowly(*asked, **more):
        world.deliver("meters", [
            ("HEYUAN-P1-2023-12", "HEYUAN", "electricity", "electricity", "", date(2023, 12, 1),
             77, "kWh", ""),
        ])  # fmt: skip
        return prepare(*asked, **more)

    monkeypatch.setattr(carrying, "prepare_rows", slowly)
    with pytest.raises(BadInput) as error:
        carry_line(world.actor(world.owner), line, reason=REASON)
    assert codes(error) == ["line-revised-meanwhile"]
    rows = world.activities("external_id LIKE 'HEYUAN-P1%'")
    assert [row["_revision"] for row in rows] == [1] * 23 + [2]
    assert rows[-1]["quantity"] == 77


def test_a_month_that_is_submitted_is_taken_back_first(world):
    SiteMonth.objects.create(site=world.site, month=JULY, state="approved")
    line = changed(world.power, counterparty="China Southern Grid")
    with pytest.raises(BadInput) as error:
        carry_line(world.actor(world.owner), line, reason=REASON)
    assert codes(error) == ["line-months-closed"]
    assert {row["_revision"] for row in world.activities()} == {1}
    carry_line(world.actor(world.owner), line, begin=date(2023, 8, 1), reason=REASON)


def test_months_in_a_unit_that_does_not_become_the_sources_are_typed_over(world, diesel):
    line = changed(diesel, unit="t")
    with pytest.raises(BadInput) as error:
        carry_line(world.actor(world.owner), line, begin=date(2023, 12, 1), reason=REASON)
    assert codes(error) == ["line-unit-strange"]

    december = date(2023, 12, 1)
    told = cell(world, line, december)
    assert (told.lock, told.posted, told.quantity, told.need) == ("", None, None, "")
    assert told.counts
    type_in(world, world.power, december, "1012")
    submit(world, december)
    assert gas_rows(world)[-1]["_revision"] == 1, "nothing was typed over it"

    SiteMonth.objects.update(state="returned")
    assert type_in(world, line, december, "50 Nm3").cell.draft is None, "it says what it said"
    saved = type_in(world, line, december, "0.04")
    assert saved.cell.need == "revision"
    type_in(world, line, december, "0.04", reason="by its density")
    submit(world, december)
    last = gas_rows(world)[-1]
    assert (last["quantity"], last["unit"], last["item"]) == (0.04, "t", "natural_gas")
    SiteMonth.objects.update(state="returned")
    carry_line(world.actor(world.owner), line, begin=december, reason=REASON)
    last = gas_rows(world)[-1]
    assert (last["quantity"], last["unit"], last["item"]) == (0.04, "t", "diesel")


def test_rows_whose_ids_say_nothing_stay_with_their_source(world):
    months = [date(2023, month, 1) for month in (1, 2, 3)]
    world.deliver("erp", [
        (f"doc{m.month}", "HEYUAN", "mobile_combustion", "diesel", "", m, 100, "L", "")
        for m in months
    ])  # fmt: skip
    derive_lines(OPERATOR)
    line = changed(SourceLine.objects.get(item="diesel"), item="petrol", unit="m3")
    assert cell(world, line, months[0]).posted == 0.1

    carry_line(world.actor(world.owner), line, reason=REASON)

    rows = world.activities("source = 'erp'")
    assert [(r["item"], r["quantity"], r["unit"]) for r in rows] == [("petrol", 0.1, "m3")] * 3
    line = SourceLine.objects.get(pk=line.pk)
    assert [cell(world, line, month).posted for month in months] == [0.1] * 3
    type_in(world, world.power, months[0], "1001")
    type_in(world, line, months[0], "0.2", reason="the second tank")
    submit(world, months[0])
    assert cell(world, line, months[0]).posted == 0.2


def test_the_page_tells_what_changes_before_it_is_done(world, client_of):
    page = client_of(world.owner)
    address = f"/inventory/lines/{world.power.pk}/"
    assert "ledger.carry_line" not in page.get(address).text
    line = changed(world.power, counterparty="China Southern Grid")
    assert "ledger.carry_line" in page.get(address).text
    form = page.get(f"{address}do/ledger.carry_line/")
    assert "24 posted months say something else, from January 2022 to December 2023." in form.text
    assert "Counterparty: – → China Southern Grid, 24 months." in form.text
    refused = page.post(f"{address}do/ledger.carry_line/", {"reason": ""})
    assert refused.status_code == 422
    done = page.post(f"{address}do/ledger.carry_line/", {"reason": REASON, "version": line.version})
    assert done.status_code == 302
    assert "carried it to posted months" in page.get(address).text


def test_it_is_asked_for_by_the_api(world, api):
    changed(world.power, counterparty="China Southern Grid")
    asked = f"lines/{world.power.pk}/carry_line"
    status, _ = api(world.owner, "POST", asked, {"begin": "2023-12-01", "reason": REASON})
    assert status == 200
    status, told = api(world.owner, "POST", asked, {"begin": "2023-12-01", "reason": REASON})
    assert (status, told["code"]) == (409, "line-carries-nothing")
    assert sum(row["_revision"] == 2 for row in world.activities()) == 1
