"""Several methods stand side by side; one is reported, the others are in no total."""

from __future__ import annotations

import json

import pytest

from linyin.inventory.checks import run_checks
from linyin.inventory.replay import replay
from linyin.inventory.runfile import read_run

T = 1_000_000_000
KG = 1_000_000
CHECKS = ("alternative-alone", "alternative-unused")
STEEL = {"source_type": "goods", "item": "steel"}


@pytest.fixture
def buyer(folder):
    """A site that buys steel and cement; factors by mass, by money and of one supplier."""
    folder.company("S", "M")
    for item in ("steel", "cement"):
        folder.factor(f"{item}-kg", use="goods", item=item, unit="kg", boundary="total", co2_kg=2)
        folder.factor(
            f"{item}-money", use="spend", item=item, unit="CNY", boundary="total", co2_kg=5,
            currency_year=2023, price_basis="purchaser",
        )  # fmt: skip
    return folder.factor(
        "mill", use="goods", item="steel", unit="kg", boundary="total", co2_kg=1, supplier="MILL",
        basis="supplier",
    )  # fmt: skip


def beside(folder, **lines: list[str]) -> None:
    folder.config["policies"] = {"alternatives": lines}


def stands(inventory) -> dict[tuple[str, str], float]:
    rows = inventory.query(
        "SELECT e.role, l.method, sum(e.co2e_mg)::BIGINT AS mg FROM entries e "
        "JOIN legs l USING (leg) GROUP BY ALL"
    ).to_pylist()
    return {(row["role"], row["method"]): row["mg"] / KG for row in rows}


def checked(inventory) -> list[tuple[str, object]]:
    found = run_checks(inventory, only=CHECKS)
    return [(f.code, f.fields.get("tonnes", f.fields["method"])) for f in found]


def test_an_alternative_is_worked_out_for_the_same_row_beside_the_reported_one(buyer):
    buyer.activity("s", quantity=10, unit="kg", counterparty="MILL", **STEEL)
    beside(buyer, **{"3.1": ["average"]})

    inventory = buyer.calculate(2023)

    assert stands(inventory) == {("reported", "supplier"): 10, ("alternative", "average"): 20}
    assert inventory.by_line("location") == {"3.1": 10 * KG}
    assert checked(inventory) == []


def test_a_row_that_names_no_method_is_reported_by_one_that_is_no_alternative(buyer):
    buyer.activity("s", quantity=10, unit="kg", counterparty="MILL", **STEEL)
    beside(buyer, **{"3.1": ["supplier", "hybrid"]})

    assert stands(buyer.calculate(2023)) == {
        ("reported", "average"): 20,
        ("alternative", "supplier"): 10,
        ("alternative", "hybrid"): 10,
    }


def test_a_row_that_only_fits_an_alternative_is_told_with_its_mass(buyer):
    buyer.activity("s", quantity=10, unit="kg", **STEEL)
    buyer.activity("c", source_type="goods", item="cement", quantity=10, unit="CNY")
    beside(buyer, **{"3.1": ["spend"]})

    inventory = buyer.calculate(2023)

    assert inventory.total("location") == 20 * KG
    (finding,) = run_checks(inventory, only=CHECKS)
    assert (finding.code, finding.severity, finding.at.row) == ("alternative-alone", "warning", 3)
    assert finding.fields == {
        "line": "3.1", "method": "spend", "rows": 1, "items": "cement", "tonnes": "0.05",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "is_alone"),
    [
        ({}, False),
        ({"period": "2023-12"}, False),
        ({"site": "M"}, True),
        ({"item": "cement"}, True),
    ],
)
def test_a_row_by_an_alternative_belongs_to_rows_of_its_site_item_and_time(buyer, cells, is_alone):
    buyer.activity("s", quantity=10, unit="kg", **STEEL)
    buyer.activity("m", quantity=10, unit="CNY", **(STEEL | cells))
    beside(buyer, **{"3.1": ["spend"]})

    assert checked(buyer.calculate(2023)) == ([("alternative-alone", "0.05")] if is_alone else [])


def test_rows_of_other_months_are_not_beside_each_other(buyer):
    buyer.activity("s", quantity=10, unit="kg", period="2023-01", **STEEL)
    buyer.activity("m", quantity=10, unit="CNY", period="2023-02", **STEEL)
    beside(buyer, **{"3.1": ["spend"]})

    assert checked(buyer.calculate(2023)) == [("alternative-alone", "0.05")]


def test_an_alternative_that_applies_to_nothing_is_a_question(buyer):
    buyer.activity("s", quantity=10, unit="kg", **STEEL)
    beside(buyer, **{"3.1": ["spend"], "3.4": ["distance"]})

    assert checked(buyer.calculate(2023)) == [
        ("alternative-unused", "spend"),
        ("alternative-unused", "distance"),
    ]


def test_without_a_factor_for_the_alternative_the_row_is_reported_and_that_is_told(buyer):
    buyer.factor("tin", use="goods", item="tin", unit="kg", boundary="total", co2_kg=3,
                 supplier="MILL", basis="supplier")  # fmt: skip
    for item in ("steel", "tin"):
        buyer.activity(
            item, source_type="goods", item=item, quantity=10, unit="kg", counterparty="MILL"
        )
    beside(buyer, **{"3.1": ["average"]})

    inventory = buyer.calculate(2023)

    assert stands(inventory) == {("reported", "supplier"): 40, ("alternative", "average"): 20}
    (told,) = [f for f in inventory.findings if f.code == "alternative-factor-missing"]
    assert (told.severity, told.fields["item"], told.fields["rows"]) == ("warning", "tin", 1)


def test_the_carbon_of_a_fuel_is_balanced_beside_its_factor(folder):
    folder.company("S")
    folder.factor("coal", use="fuel", item="coal", unit="t", co2_kg=2000)
    inputs = {"ncv [GJ/t]": 20, "carbon_content [t/GJ]": 0.03, "oxidation [%]": 100}
    folder.activity(
        "c", source_type="stationary_combustion", item="coal", quantity=100, unit="t", **inputs
    )
    beside(folder, **{"1.1": ["fuel"]})

    assert stands(folder.calculate(2023)) == {("reported", "carbon_balance"): 220_000}


def test_what_an_alternative_lacks_does_not_take_the_reported_figure_away(folder):
    folder.company("S")
    folder.factor("gas", use="fuel", item="odd_fuel", unit="t", co2_kg=2000)
    folder.activity(
        "c", source_type="stationary_combustion", item="odd_fuel", quantity=100, unit="t"
    )
    beside(folder, **{"1.1": ["carbon_balance"]})

    inventory = folder.calculate(2023)

    assert inventory.by_line("location")["1.1"] == 200 * T
    assert [f.severity for f in inventory.findings if f.code.startswith("carbon")] == ["warning"]
    assert not [f for f in inventory.findings if f.severity == "error"]


def test_an_alternative_leaves_out_what_the_group_eliminates(folder):
    folder.node("G", "group", country="CN")
    folder.node("A", "entity", parent="G", owner="G", ownership_pct=100, country="CN")
    folder.node("B", "entity", parent="G", owner="G", ownership_pct=100, country="CN")
    folder.factor("kg", use="goods", item="steel", unit="kg", boundary="total", co2_kg=2)
    folder.factor("b", use="goods", item="steel", unit="kg", boundary="total", co2_kg=1,
                  supplier="B", basis="supplier")  # fmt: skip
    folder.activity("s", site="A", quantity=10, unit="kg", counterparty="B", **STEEL)
    beside(folder, **{"3.1": ["average"]})

    assert stands(folder.calculate(2023, entities=("G",))) == {("eliminated", "supplier"): 10}
    assert stands(folder.calculate(2023, entities=("A",))) == {
        ("reported", "supplier"): 10,
        ("alternative", "average"): 20,
    }


def test_alternatives_replay_and_bundles_without_their_rule_keep_the_first(buyer):
    buyer.activity("s", quantity=10, unit="kg", counterparty="MILL", **STEEL)
    beside(buyer, **{"3.1": ["average"]})

    inventory = buyer.calculate(2023)

    fields = json.loads((inventory.path / "run.json").read_text())
    assert read_run(fields).alternatives_rule == 2
    assert replay(inventory.path).same
    del fields["pins"]["alternatives_rule"]
    assert read_run(fields).alternatives_rule == 1
