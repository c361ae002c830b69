"""Every milligram of a change has a cause, and a change with one cause falls on it wholly."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import FolderBuilder
from linyin.inventory.diff import Diff, diff
from linyin.inventory.inventory import Inventory


def grid(folder: FolderBuilder, factor_id: str = "grid", co2: float = 0.5, **cells: object):
    return folder.factor(
        factor_id, use="grid", item="electricity", unit="kWh", co2_kg=co2, place="CN", **cells
    )


def gas(folder: FolderBuilder, factor_id: str = "gas", **cells: object):
    masses = {"co2_kg": 2.0, "ch4_kg": 0.01, "n2o_kg": 0.0003}
    return folder.factor(factor_id, use="fuel", item="natural_gas", unit="kg", **(masses | cells))


def burnt(folder: FolderBuilder, external_id: str, kg: float, **cells: object):
    return folder.activity(
        external_id,
        source_type="stationary_combustion",
        item="natural_gas",
        quantity=kg,
        unit="kg",
        **cells,
    )


@pytest.fixture
def other(tmp_path: Path) -> FolderBuilder:
    """A second folder, for what one and the same folder cannot be before and after."""
    return FolderBuilder(tmp_path / "other")


def moved(result: Diff) -> dict[str, int]:
    assert sum(result.causes.values()) == result.change_mg
    for line in result.lines.values():
        assert all(line.values())
    assert sum(sum(line.values()) for line in result.lines.values()) == result.change_mg
    assert sum(s.change_mg for s in result.sources) == result.change_mg
    assert all(sum(s.causes.values()) == s.change_mg for s in result.sources)
    return {cause: mg for cause, mg in result.causes.items() if mg}


def change(before: Inventory, after: Inventory, scope2: str = "location") -> int:
    return after.total(scope2) - before.total(scope2)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["shapley", "lmdi"])
def test_more_of_one_activity_is_wholly_activity(folder, method):
    gas(folder.company())
    for month in range(1, 13):
        burnt(folder, f"2-{month}", 10.1 * month, period=f"2022-{month:02}")
        burnt(folder, f"3-{month}", 12.7 * month, period=f"2023-{month:02}")
    before, after = folder.calculate_all(2022, 2023)

    result = diff(before, after, method=method)

    assert moved(result) == {"activity": change(before, after)}
    assert result.change_mg > 0


def test_another_gwp_set_is_wholly_gwp(folder):
    gas(folder.company(), species="HFC-134a:0.001")
    burnt(folder, "a", 1234.567)
    ar4, ar5 = folder.calculate_all(2023, gwp_sets=("AR4-100", "AR5-100"))

    result = diff(ar4, ar5)

    assert moved(result) == {"gwp": change(ar4, ar5)}
    assert result.change_mg == ar5.total("location") - ar4.total("location") != 0


def test_another_factor_is_wholly_factor(folder, other):
    for one, co2 in ((folder, 0.5), (other, 0.47)):
        grid(one.company(), co2=co2).electricity("S", 123.4)
    before, after = folder.calculate(), other.calculate()

    assert moved(diff(before, after)) == {"factor": change(before, after)}


def test_a_new_factor_of_the_supply_chain_is_factor_too(folder, other):
    for one in (folder, other):
        gas(one.company())
        burnt(one, "a", 10)
    gas(other, "gas-chain", boundary="upstream", co2_kg=0.3, ch4_kg="", n2o_kg="")
    before, after = folder.calculate(), other.calculate()

    result = diff(before, after)

    assert moved(result) == {"factor": change(before, after)}
    assert set(result.lines) == {"3.3"}


def test_certificates_are_wholly_instruments_and_nothing_by_location(folder, other):
    for one in (folder, other):
        grid(one.company())
        grid(one, "residual", 0.6096, basis="residual").electricity("S", 1000)
    other.certificates("G", 300)
    before, after = folder.calculate(), other.calculate()

    result = diff(before, after, scope2_method="market")

    assert moved(result) == {"instruments": -300 * 609_600_000}
    assert moved(diff(before, after)) == {}


def test_certificates_for_the_whole_load_are_wholly_instruments(folder, other):
    for one in (folder, other):
        grid(one.company())
        grid(one, "residual", 0.6096, basis="residual").electricity("S", 1000)
    other.certificates("G", 1300)
    before, after = folder.calculate(), other.calculate()

    assert moved(diff(before, after, scope2_method="market")) == {
        "instruments": -1000 * 609_600_000
    }


def test_another_residual_policy_is_method(folder, other):
    for one in (folder, other):
        grid(one.company())
        grid(one, "residual", 0.6096, basis="residual").electricity("S", 1000)
    other.config["policies"] = {"residual": {"CN": "grid average"}}
    before, after = folder.calculate(), other.calculate()

    assert moved(diff(before, after, scope2_method="market")) == {"method": -1000 * 109_600_000}


def joint_venture(folder: FolderBuilder) -> FolderBuilder:
    folder.node("G", "group", country="CN").node("P", "entity", country="CN")
    folder.node("S", parent="G", place="CN-GD", country="CN")
    folder.node(
        "V", "entity", parent="G", owner="G", ownership_pct=50, control="joint", operator="P",
        country="CN", place="CN-GD",
    )  # fmt: skip
    return folder.node(
        "V", "entity", parent="G", owner="P", ownership_pct=50, control="joint", operator="P",
        country="CN", place="CN-GD",
    )  # fmt: skip


def test_another_approach_is_wholly_structure_and_moves_an_associate_to_category_15(folder):
    gas(joint_venture(folder))
    burnt(folder, "a", 10, site="V")
    burnt(folder, "b", 3)
    equity, control = folder.calculate_all(2023, approaches=("equity_share", "operational_control"))

    result = diff(equity, control)

    half = 5 * (2_000_000 + 280_000 + 79_500)
    assert moved(result) == {}
    assert result.lines == {"1.1": {"structure": -half}, "3.15": {"structure": half}}


def test_another_approach_that_leaves_a_site_out_is_wholly_structure(folder):
    joint_venture(folder).factor("steel", use="goods", item="steel", unit="kg", co2e_kg=2,
                                 gwp_set="AR5-100", boundary="total")  # fmt: skip
    folder.activity("g", site="V", source_type="goods", item="steel", quantity=10, unit="kg")
    equity, control = folder.calculate_all(2023, approaches=("equity_share", "operational_control"))

    assert moved(diff(equity, control)) == {"structure": -10_000_000}


def test_outsourcing_moves_a_source_between_lines_as_structure(folder):
    gas(folder.company())
    burnt(folder, "a", 10, period="2022")
    burnt(folder, "b", 12, period="2023", relation="outsourced")
    before, after = folder.calculate_all(2022, 2023)

    result = diff(before, after)

    per_kg = 2_000_000 + 280_000 + 79_500
    assert moved(result) == {"activity": 2 * per_kg}
    assert result.lines == {
        "1.1": {"structure": -10 * per_kg},
        "3.1": {"activity": 2 * per_kg, "structure": 10 * per_kg},
    }


def acquired(folder: FolderBuilder) -> FolderBuilder:
    gas(folder.company())
    folder.node("F", parent="G", country="CN", place="CN-GD", **{"from": "2022-07-01"})
    for year in (2021, 2022, 2023):
        burnt(folder, f"S{year}", 100, period=str(year))
    return folder


def test_an_acquired_site_without_earlier_rows_is_wholly_structure(folder):
    burnt(acquired(folder), "F", 15, site="F", period="2023")
    before, after = folder.calculate_all(2021, 2023)

    assert moved(diff(before, after)) == {"structure": change(before, after)}


def test_growth_of_an_acquired_site_is_told_apart_from_the_deal(folder):
    burnt(acquired(folder), "F1", 10, site="F", period="2021")
    burnt(folder, "F3", 15, site="F", period="2023")
    before, after = folder.calculate_all(2021, 2023)

    per_kg = 2_000_000 + 280_000 + 79_500
    assert moved(diff(before, after)) == {"structure": 12.5 * per_kg, "activity": 2.5 * per_kg}


def test_a_deal_in_the_middle_of_a_year_is_no_growth(folder):
    for month in range(1, 13):
        burnt(acquired(folder) if month == 1 else folder, f"F2-{month}", 2, site="F",
              period=f"2022-{month:02}")  # fmt: skip
        burnt(folder, f"F3-{month}", 2, site="F", period=f"2023-{month:02}")
    before, after = folder.calculate_all(2022, 2023)

    assert moved(diff(before, after)) == {"structure": change(before, after)}


def test_a_site_that_opened_is_a_new_source_and_one_that_closed_a_missing_one(folder):
    gas(folder.company())
    folder.node("N", parent="G", country="CN", place="CN-GD", opened="2023-01-01")
    folder.node("O", parent="G", country="CN", place="CN-GD", closed="2023-01-01")
    burnt(folder, "O", 4, site="O", period="2022")
    burnt(folder, "N", 7, site="N", period="2023")
    before, after = folder.calculate_all(2022, 2023)

    per_kg = 2_000_000 + 280_000 + 79_500
    assert moved(diff(before, after)) == {
        "new sources": 7 * per_kg,
        "missing sources": -4 * per_kg,
    }


def test_a_sold_site_is_structure(folder):
    gas(folder.company())
    folder.node("O", parent="G", country="CN", place="CN-GD", to="2023-01-01")
    burnt(folder, "O", 4, site="O", period="2022")
    burnt(folder, "none", 0, site="S", period="2023")
    before, after = folder.calculate_all(2022, 2023)

    assert moved(diff(before, after)) == {"structure": change(before, after)}


def test_an_actual_row_in_place_of_an_estimate_is_wholly_estimates(folder, other):
    for one in (folder, other):
        grid(one.company())
        for month in range(1, 12):
            one.electricity("S", 10.3, f"2023-{month:02}")
    folder.electricity("S", 10, "2023-12", status="estimated")
    other.activity("bill", source_type="electricity", item="electricity", quantity=13_000,
                   unit="kWh", period="2023-12")  # fmt: skip
    before, after = folder.calculate(), other.calculate()

    assert moved(diff(before, after)) == {"estimates": change(before, after)}
    assert change(before, after) > 3 * 500_000_000


def test_a_correction_beside_a_replaced_estimate_stays_activity(folder, other):
    for one, december, november in ((folder, 10, 20), (other, 13, 21)):
        grid(one.company()).electricity("S", november, "2023-11")
        status = "estimated" if one is folder else "measured"
        one.electricity("S", december, "2023-12", status=status)
    before, after = folder.calculate(), other.calculate()

    of_line = diff(before, after).lines["2.1"]

    assert of_line == {"estimates": 3 * 500_000_000, "activity": 1 * 500_000_000}


def test_another_method_in_another_unit_is_wholly_method(folder, other):
    for one in (folder, other):
        one.company().factor("steel", use="goods", item="steel", unit="kg", co2e_kg=2,
                             gwp_set="AR5-100", boundary="total")  # fmt: skip
        one.factor("spend", use="spend", item="steel", unit="CNY", co2e_kg=0.3, boundary="total",
                   gwp_set="AR5-100", currency_year=2023, price_basis="purchaser")  # fmt: skip
    folder.activity("g", source_type="goods", item="steel", quantity=100, unit="CNY")
    other.activity("g", source_type="goods", item="steel", quantity=10, unit="kg")
    before, after = folder.calculate(), other.calculate()

    assert moved(diff(before, after)) == {"method": 20_000_000 - 30_000_000}


def test_the_same_quantity_in_another_unit_is_no_change(folder, other):
    for one, quantity, unit in ((folder, 1234.5, "kWh"), (other, 1.2345, "MWh")):
        grid(one.company())
        one.activity("e", source_type="electricity", item="electricity", quantity=quantity,
                     unit=unit)  # fmt: skip

    assert moved(diff(folder.calculate(), other.calculate())) == {}


def test_everything_at_once_still_adds_up_and_the_way_back_is_the_negative(folder, other):
    for n, one in enumerate((folder, other)):
        gas(one.company("S", "T"), ch4_kg=0.01 + 0.003 * n, species="SF6:0.0001")
        grid(one, co2=0.5 - 0.07 * n)
        grid(one, "residual", 0.6 + 0.01 * n, basis="residual")
        for month in range(1, 13):
            burnt(one, f"a{month}", 3.3 * month + n, period=f"2023-{month:02}")
            one.electricity("T", 7.7 * month + n / 3, f"2023-{month:02}")
    other.certificates("G", 123.4)
    other.config["inventory"] = {"gwp": "AR6-100"}
    before, after = folder.calculate(), other.calculate()

    for scope2 in ("location", "market"):
        there = diff(before, after, scope2_method=scope2)
        back = diff(after, before, scope2_method=scope2)

        wanted = {"activity", "factor", "gwp"} | ({"instruments"} if scope2 == "market" else set())
        assert set(moved(there)) == wanted
        assert moved(back) == {cause: -mg for cause, mg in moved(there).items()}
        assert sum(diff(before, after, method="lmdi", scope2_method=scope2).causes.values()) == (
            there.change_mg
        )


def test_the_waterfall_runs_from_one_total_to_the_other(folder, other):
    for one, co2 in ((folder, 0.5), (other, 0.4)):
        grid(one.company(), co2=co2).electricity("S", 100 if one is folder else 110)
    before, after = folder.calculate(), other.calculate()

    steps = diff(before, after).waterfall()

    assert [name for name, _ in steps] == ["before", "activity", "factor", "after"]
    assert sum(mg for _, mg in steps[:-1]) == steps[-1][1] == after.total("location")
    assert diff(before, after).to_dict()["change_mg"] == change(before, after)


def test_first_rows_of_an_associate_that_was_always_owned_are_a_new_source(folder):
    folder.node("G", "group", country="CN")
    folder.node("A", "entity", owner="G", ownership_pct=30, control="none", country="CN")
    folder.factor("f", use="process", item="x", unit="t", co2_kg="1000")
    row = {"source_type": "process", "item": "x", "unit": "t", "quantity": 10}
    folder.activity("g-2022", site="G", period="2022", **row)
    folder.activity("g-2023", site="G", period="2023", **row)
    folder.activity("a-2023", site="A", period="2023", **row)

    before, after = folder.calculate_all(2022, 2023)

    change = diff(before, after)
    assert change.change_mg == 3_000_000_000
    assert change.causes["new sources"] == 3_000_000_000
    assert change.causes["structure"] == 0
