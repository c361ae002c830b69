"""What is said where no method takes a row: what would fit."""

from __future__ import annotations

import pytest

from builders import FolderBuilder
from linyin.lake import BadInput, Finding, render_finding
from linyin.ledger import load_source_types
from linyin.ledger.no_method import what_would_fit


def refused(folder: FolderBuilder, **cells: object) -> Finding:
    folder.company()
    with pytest.raises(BadInput) as caught:
        folder.activity("r", quantity=1, **cells).calculate()
    (finding,) = (f for f in caught.value.findings if f.severity == "error")
    assert finding.code == "method-misfit"
    return finding


def test_emissions_over_a_lifetime_are_asked_for_a_year(folder):
    finding = refused(
        folder, source_type="project_lifetime", item="plant", unit="kgCO2e", lifetime="30 year"
    )

    assert finding.fields["choices"] == "lifetime [kgCO2e/year]"
    assert "kgCO2e/year" in render_finding(finding, "en")
    assert "kgCO2e/year" in render_finding(finding, "zh")


def test_inputs_that_no_method_takes_together_are_answered_by_those_that_each_takes(folder):
    finding = refused(
        folder, source_type="commuting", item="car", unit="person", distance="9 km", hours="2 h"
    )

    assert "distance (days distance occupancy share trips)" in str(finding.fields["choices"])


def test_a_unit_that_is_said_to_fit_does(folder):
    folder.company().factor("f", use="fuel", item="petrol", unit="L", co2_kg="2")
    cells = {"source_type": "mobile_combustion", "item": "petrol", "fuel_economy": "8 L/100km"}

    assert what_would_fit("mobile_combustion", frozenset({"fuel_economy"})) == "fuel_economy [km]"
    folder.activity("r", quantity=100, unit="km", **cells)
    assert folder.calculate().by_line("location")["1.2"] == 16_000_000


@pytest.mark.parametrize("source_type", load_source_types())
def test_something_fits_every_source_type(source_type):
    assert "[" in what_would_fit(source_type, frozenset())
