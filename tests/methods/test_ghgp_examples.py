"""The worked examples of the GHG Protocol's scope 3 guidance, as folders.

Inputs and results retyped from: WRI/WBCSD (2013), Technical Guidance for Calculating Scope 3
Emissions, version 1.0. Where the printed result contradicts the printed inputs, the exact
result of the inputs counts and the note in `ghgp_results.csv` says why.
"""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path

import pytest

from builders import FolderBuilder, role_total
from linyin.ledger.methods import pick

HERE = Path(__file__).parent


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


RESULTS = {row["example"]: row for row in _rows("ghgp_results.csv")}


def write_example(folder: FolderBuilder, example: str) -> None:
    folder.company("S")
    for row in _rows("ghgp_examples.csv"):
        if row["example"] != example:
            continue
        stated = dict(pair.split("=") for pair in row["inputs"].split(";") if pair)
        folder.activity(
            row["external_id"],
            source_type=row["source_type"],
            item=row["item"],
            technology=row["technology"],
            relation=row["relation"],
            method=row["method"],
            counterparty=row["counterparty"],
            quantity=row["quantity"],
            unit=row["unit"],
            **stated,
        )
        if row["factor_kg"] and not _known(folder, row):
            folder.factor(
                f"f-{row['external_id']}",
                use=row["factor_use"],
                item=row["item"],
                technology=row["technology"],
                unit=row["factor_unit"],
                boundary=row["factor_boundary"],
                basis=row["factor_basis"],
                supplier=row["counterparty"] if row["factor_basis"] == "supplier" else "",
                co2e_kg=row["factor_kg"],
                gwp_set="AR5-100",
            )


def _known(folder: FolderBuilder, row: dict[str, str]) -> bool:
    """Several rows of an example share one factor."""
    return any(
        f["item"] == row["item"]
        and f["technology"] == row["technology"]
        and f["co2e_kg"] == row["factor_kg"]
        for f in folder.tables.get("factors", [])
    )


@pytest.mark.parametrize("example", RESULTS, ids=lambda e: f"example {e}")
def test_worked_example_gives_its_exact_fraction_within_a_milligram(folder, example):
    write_example(folder, example)
    expected = RESULTS[example]

    inventory = folder.calculate(2023)

    exact_mg = Fraction(expected["exact_kg"]) * 1_000_000
    booked = role_total(inventory, expected["role"])
    assert set(booked) == {expected["line"]}
    assert abs(booked[expected["line"]] - exact_mg) <= 1


def test_lifetime_of_projects_is_apart_from_the_total(folder):
    write_example(folder, "15.5")

    inventory = folder.calculate(2023)

    assert inventory.total("location") == 0


@pytest.mark.parametrize("example", RESULTS, ids=lambda e: f"example {e}")
def test_printed_result_that_its_inputs_do_not_give_has_a_note(example):
    result = RESULTS[example]
    gap = abs(Fraction(result["exact_kg"]) - Fraction(result["published_kg"]))

    assert gap <= Fraction(5, 1000) or result["note"]


@pytest.mark.parametrize("example", RESULTS, ids=lambda e: f"example {e}")
def test_the_methods_of_an_example_name_the_formulas_that_it_is_printed_with(example):
    named = set()
    for row in _rows("ghgp_examples.csv"):
        if row["example"] == example:
            inputs = frozenset(pair.split("=")[0] for pair in row["inputs"].split(";") if pair)
            method = pick(
                row["source_type"], row["method"], inputs, row["unit"],
                supplier_factor=row["factor_basis"] == "supplier",
            )  # fmt: skip
            assert method is not None
            named |= set(re.findall(r"\d+\.\d+", method.reference))

    assert set(RESULTS[example]["formulas"].split()) <= named
