"""A row too heavy to be true is named: its file, row, column and quantity."""

from __future__ import annotations

import pytest

from linyin.lake import BadInput


def found(folder, *years: int):
    with pytest.raises(BadInput) as caught:
        folder.calculate_all(*years)
    return [f for f in caught.value.findings if f.code == "quantity-absurd"]


def burnt(folder, *quantities: float, period: str = "2023"):
    for quantity in quantities:
        number = len(folder.tables.get("activities", ()))
        folder.activity(
            f"d{number}", source_type="stationary_combustion", item="diesel", quantity=quantity,
            unit="t", period=period,
        )  # fmt: skip
    return folder


def test_the_row_with_the_absurd_quantity_is_named_not_the_first_of_its_kind(folder):
    folder.company("S").factor("f", use="fuel", item="diesel", unit="t", co2_kg="3000")

    (finding,) = found(burnt(folder, 10, 20, 4e12, 30), 2023)

    assert (finding.severity, finding.at.file, finding.at.row, finding.at.column) == (
        "error", "activities.csv", 4, "quantity",
    )  # fmt: skip
    assert finding.fields["quantity"] == "4000000000000"
    assert str(finding.fields["mass_gt"]) == "12000.0"


def test_each_such_row_of_the_year_is_named(folder):
    folder.company("S").factor("f", use="fuel", item="diesel", unit="t", co2_kg="3000")
    burnt(folder, 1, 4e12, 5e12)
    burnt(folder, 9e12, period="2022")

    assert [f.at.row for f in found(folder, 2023)] == [3, 4]
