"""Where an activity counts: approaches, leases, associates, groups, shared supplies, periods."""

from __future__ import annotations

import pytest

from builders import FolderBuilder, role_total
from linyin.inventory.checks import run_checks
from linyin.lake import BadInput

APPROACHES = ("equity_share", "financial_control", "operational_control")
T = 1_000_000_000


def diesel(folder: FolderBuilder, external_id: str = "d", **cells: object) -> FolderBuilder:
    """1 t CO2 of diesel."""
    if not folder.tables.get("factors"):
        folder.factor("diesel", use="fuel", item="diesel", unit="L", co2_kg="1")
    row = {"source_type": "mobile_combustion", "item": "diesel", "quantity": 1000, "unit": "L"}
    return folder.activity(external_id, **(row | cells))


def lines(folder: FolderBuilder, approach: str, **request: object) -> dict[str, int]:
    inventory = folder.calculate(2023, approaches=(approach,), **request)
    return inventory.by_line("location")


@pytest.mark.parametrize(
    ("approach", "expected"),
    [("equity_share", 415 * T // 1000), ("financial_control", 500 * T // 1000)],
)
def test_venture_of_a_partly_owned_owner_counts_by_the_chain_of_shares(folder, approach, expected):
    venture(folder)

    assert lines(folder, approach) == {"1.2": expected}


def test_venture_operated_by_the_partner_is_an_investment_under_operational_control(folder):
    venture(folder)

    assert lines(folder, "operational_control") == {"3.15": 415 * T // 1000}


def venture(folder: FolderBuilder) -> None:
    folder.node("G", "group", country="CN")
    folder.node("OWNER", "entity", owner="G", ownership_pct=83, control="sole")
    folder.node(
        "JV", "entity", owner="OWNER", ownership_pct=50, control="joint", operator="PARTNER"
    )
    diesel(folder, site="JV")


@pytest.mark.parametrize(
    ("relation", "approach", "line"),
    [
        ("leased_in_operating", "operational_control", "1.2"),
        ("leased_in_operating", "financial_control", "3.8"),
        ("leased_in_operating", "equity_share", "3.8"),
        ("leased_in_finance", "financial_control", "1.2"),
        ("leased_out_operating", "operational_control", "3.13"),
        ("leased_out_operating", "financial_control", "1.2"),
        ("leased_out_finance", "equity_share", "3.13"),
        ("franchised", "operational_control", "3.14"),
        ("outsourced", "operational_control", "3.4"),
    ],
)
def test_fleet_moves_between_the_scopes_with_its_relation_and_is_never_lost_or_doubled(
    folder, relation, approach, line
):
    diesel(folder.company("S"), relation=relation)

    assert lines(folder, approach) == {line: T}


@pytest.mark.parametrize(
    ("approach", "expected"),
    [
        ("equity_share", {"1.2": 300 * T // 1000}),
        ("financial_control", {"3.15": 300 * T // 1000}),
        ("operational_control", {"3.15": 300 * T // 1000}),
    ],
)
def test_associate_moves_between_scope_1_and_category_15(folder, approach, expected):
    folder.node("G", "group", country="CN")
    folder.node("A", "entity", owner="G", ownership_pct=30, control="none", country="CN")
    diesel(folder, site="A")

    assert lines(folder, approach) == expected


def test_purchase_inside_the_group_is_scope_3_for_the_buyer_and_eliminated_in_the_group(folder):
    folder.node("G", "group", country="CN")
    folder.node("MAKER", "entity", owner="G", ownership_pct=100, control="sole")
    folder.node("BUYER", "entity", owner="G", ownership_pct=100, control="sole")
    folder.factor("board", use="goods", item="board", unit="piece", boundary="total", co2_kg="1000")
    folder.activity(
        "b", site="BUYER", source_type="goods", item="board", quantity=1, unit="piece",
        counterparty="MAKER",
    )  # fmt: skip

    buyer, group = folder.calculate_all(2023, entities=("BUYER", "G"))

    assert buyer.by_line("location") == {"3.1": T}
    assert group.by_line("location") == {}
    assert role_total(group, "eliminated") == {"3.1": T}


def test_any_node_reports_with_a_boundary_of_its_own(folder):
    folder.company("S1", "S2")
    diesel(folder, "a", site="S1")
    diesel(folder, "b", site="S2", quantity=3000)

    site, group = folder.calculate_all(2023, entities=("S2", "G"))

    assert site.by_line("location") == {"1.2": 3 * T}
    assert group.by_line("location") == {"1.2": 4 * T}


@pytest.mark.parametrize(
    "shares", [(1, 1, 1), (3, 7, 11), (1000, 1, 999)], ids=["equal", "odd", "far apart"]
)
def test_parts_of_a_shared_meter_add_up_to_the_whole_to_the_milligram(folder, shares):
    folder.company("SHARED", "A", "B", "C")
    diesel(folder, site="SHARED", quantity="123456.789")
    for target, area in zip("ABC", shares, strict=True):
        folder.add("allocations", site="SHARED", target=target, key="area", value=area, unit="m2")

    inventory = folder.calculate(2023)

    rows = inventory.query("SELECT booked_site, sum(co2e_mg) AS mg FROM entries GROUP BY ALL")
    booked = {row["booked_site"]: int(row["mg"]) for row in rows.to_pylist()}
    assert set(booked) == {"A", "B", "C"}
    assert sum(booked.values()) == 123_456_789_000
    for target, area in zip("ABC", shares, strict=True):
        assert abs(booked[target] - 123_456_789_000 * area / sum(shares)) <= 1


def test_sub_meters_leave_the_rest_at_the_shared_site(folder):
    folder.company("SHARED", "A")
    diesel(folder, site="SHARED", quantity=1000)
    folder.add(
        "allocations", site="SHARED", target="A", key="submeter", value=300, unit="L",
        begin="2023-01-01", end="2024-01-01",
    )  # fmt: skip

    inventory = folder.calculate(2023)

    rows = inventory.query("SELECT booked_site, sum(co2e_mg) AS mg FROM entries GROUP BY ALL")
    assert {row["booked_site"]: row["mg"] for row in rows.to_pylist()} == {
        "A": 300 * T // 1000,
        "SHARED": 700 * T // 1000,
    }


def test_row_over_a_year_end_is_split_by_days_into_parts_that_add_up(folder):
    folder.company("S")
    diesel(folder, period="", begin="2022-12-17", end="2023-01-18", quantity="1000.000001")

    before, after = folder.calculate_all(2022, 2023)

    first, second = before.total("location"), after.total("location")
    assert first + second == 1_000_000_001
    assert first == round(1_000_000_001 * 15 / 32)


def test_row_with_a_profile_is_split_by_its_weights(folder):
    folder.company("S")
    diesel(folder, period="", begin="2022-12-01", end="2023-02-01", profile="winter")
    folder.add("profiles", profile="winter", begin="2022-12-01", end="2023-01-01", weight=3)
    folder.add("profiles", profile="winter", begin="2023-01-01", end="2023-02-01", weight=1)

    before, after = folder.calculate_all(2022, 2023)

    assert before.total("location") == 750 * T // 1000
    assert after.total("location") == 250 * T // 1000


def test_share_that_changes_during_the_year_counts_by_its_days(folder):
    folder.node("G", "group", country="CN")
    half = {"owner": "G", "control": "joint"}
    folder.node("JV", "entity", ownership_pct=50, **half, **{"to": "2023-07-02"})
    whole = {"owner": "G", "control": "sole"}
    folder.node("JV", "entity", ownership_pct=100, **whole, **{"from": "2023-07-02"})
    diesel(folder, site="JV", quantity="730")

    inventory = folder.calculate(2023, approaches=("equity_share",))

    assert inventory.total("location") == (182 * 2 // 2 + 183 * 2) * 1_000_000


def test_fiscal_year_takes_its_own_twelve_months(folder):
    folder.config["inventory"]["fiscal_year_start"] = "04-01"
    folder.config["inventory"]["fiscal_year_named_by"] = "begin"
    folder.company("S")
    diesel(folder, "in", period="2024-03")
    diesel(folder, "out", period="2023-03")

    inventory = folder.calculate(2023)

    assert inventory.total("location") == T
    assert (inventory.run["begin"], inventory.run["end"]) == ("2023-04-01", "2024-04-01")


def test_one_call_makes_a_run_of_every_combination_over_the_same_inputs(folder):
    diesel(folder.company("S"))
    diesel(folder, "earlier", period="2022")

    runs = folder.calculate_all(
        2022, 2023, approaches=APPROACHES[:2], gwp_sets=("AR5-100", "AR6-100")
    )

    assert len(runs) == 8
    assert len({run.run["run_id"] for run in runs}) == 8
    inputs = {run.manifest.files["inputs/activities.parquet"] for run in runs}
    assert len(inputs) == 1


def test_wrong_rows_are_all_named_and_nothing_is_posted(folder):
    folder.company("S")
    diesel(folder, "a", unit="ton")
    diesel(folder, "b", site="NOWHERE")
    diesel(folder, "c", period="2023-13")
    diesel(folder, "d", quantity=-5)
    diesel(folder, "e", quantity=5, kind="reversal")
    diesel(folder, "f", quantity=5, kind="credit")
    diesel(folder, "g", quantity=-5, kind="reversal")
    diesel(folder, "h", quantity=0, kind="credit")

    with pytest.raises(BadInput) as caught:
        folder.calculate(2023)

    found = {(f.code, f.at.row, f.at.column) for f in caught.value.findings}
    assert found == {
        ("unit-ambiguous", 2, "unit"),
        ("site-unknown", 3, "site"),
        ("period-broken", 4, "period"),
        ("quantity-negative", 5, "quantity"),
        ("quantity-positive", 6, "quantity"),
        ("quantity-positive", 7, "quantity"),
    }
    assert not (folder.path / ".linyin").exists()


def test_methods_stand_side_by_side_and_one_is_reported(folder):
    folder.company("S")
    folder.config["policies"] = {"alternatives": {"3.1": ["spend"]}}
    folder.factor("kg", use="goods", item="steel", unit="kg", boundary="total", co2_kg="2")
    folder.factor("usd", use="spend", item="steel", unit="USD", boundary="total", co2_kg="3")
    steel = {"source_type": "goods", "item": "steel"}
    folder.activity("by mass", quantity=500, unit="kg", **steel)
    folder.activity("by money", quantity=400, unit="USD", **steel)

    inventory = folder.calculate(2023)

    assert inventory.by_line("location") == {"3.1": T}
    assert role_total(inventory, "alternative") == {"3.1": 1200 * T // 1000}


def test_share_that_a_row_states_is_not_the_share_that_the_reporter_consolidates(folder):
    folder.node("G", "group", country="CN")
    folder.node("JV", "entity", owner="G", ownership_pct=60, control="joint")
    diesel(folder, site="JV", share="50 %")

    inventory = folder.calculate(2023, approaches=("equity_share",))

    assert inventory.total("location") == 300 * T // 1000
    rows = inventory.query("SELECT share, co2e_mg FROM entries").to_pylist()
    assert [row["share"] for row in rows] == [0.6]


def test_rows_outside_the_boundary_are_counted_at_once(folder):
    folder.company("S1", "S2", "S3")
    for site in ("S1", "S2", "S3"):
        diesel(folder, site, site=site)

    (inventory,) = folder.calculate_all(2023, entities=("S1",))

    found = [f.fields for f in run_checks(inventory, only=("unmapped",))]
    assert found == [{"rows": 2, "sites": "S2, S3"}]


def test_fuel_of_third_parties_is_an_error_that_says_what_to_state(folder):
    diesel(folder.company("S"), relation="third_party")

    with pytest.raises(BadInput) as caught:
        folder.calculate(2023)

    assert [f.code for f in caught.value.findings] == ["relation-misfit"]


@pytest.mark.parametrize(
    ("span", "months"), [({"to": "2023-02-01"}, 1), ({"from": "2023-07-01"}, 6)]
)
def test_purchase_is_eliminated_only_while_the_seller_is_in_the_group(folder, span, months):
    folder.node("G", "group", country="CN")
    folder.node("MAKER", "entity", owner="G", ownership_pct=100, control="sole", **span)
    folder.factor("f", use="goods", item="board", unit="piece", boundary="total", co2_kg="1000")
    for month in range(1, 13):
        folder.activity(
            f"b{month}", site="G", source_type="goods", item="board", quantity=1, unit="piece",
            counterparty="MAKER", period=f"2023-{month:02}",
        )  # fmt: skip

    inventory = folder.calculate(2023)

    assert role_total(inventory, "eliminated") == {"3.1": months * T}
    assert inventory.by_line("location") == {"3.1": (12 - months) * T}


def acquired(folder: FolderBuilder) -> None:
    """A casting works of 2012 and its yard, bought in July 2023."""
    folder.node("G", "group", country="CN", place="CN-GD")
    folder.node(
        "CAST", "entity", owner="G", ownership_pct=60, country="CN", place="CN-HB",
        opened="2012-03-01", **{"from": "2023-07-01"},
    )  # fmt: skip
    folder.node("YARD", parent="CAST")
    for place, co2_kg in (("CN-HB", "0.5"), ("CN-GD", "0.1")):
        folder.factor(place, use="grid", item="electricity", unit="kWh", place=place, co2_kg=co2_kg)
    for month in range(1, 13):
        folder.electricity("CAST", 1, f"2023-{month:02d}")
        folder.electricity("YARD", 1, f"2023-{month:02d}")


def test_a_company_reports_at_its_own_place_the_months_before_it_joined(folder):
    acquired(folder)

    inventory = folder.calculate(2023, entities=("CAST",))

    assert inventory.by_line("location")["2.1"] == 2 * 12 * 500 * 10**6
    assert "days-outside-presence" not in {finding.code for finding in run_checks(inventory)}


def test_its_group_books_only_the_months_since(folder):
    acquired(folder)

    inventory = folder.calculate(2023)

    assert inventory.by_line("location")["2.1"] == 2 * 6 * 500 * 10**6
