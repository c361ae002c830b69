"""Named inputs that cannot be read are told at their cell, all at once."""

from __future__ import annotations

import pytest

from linyin.inventory.dryrun import check
from linyin.inventory.trace import trace


@pytest.mark.parametrize(
    ("header", "cell", "code", "fields"),
    [
        ("ncv", "389.31 GJ/万Nm3", "input-unit-misfit", {"choices": "ncv_gas"}),
        ("ncv [GJ/万Nm3]", "389.31", "input-unit-misfit", {"expected": "GJ net/t"}),
        ("ncv", "20 GJ gross/t", "basis-mismatch", {"a_is": "gross", "b_is": "net"}),
        ("ncv", "20", "input-unit-missing", {"expected": "GJ net/t"}),
        ("ncv", "about 20 GJ/t", "input-broken", {"value": "about 20 GJ/t"}),
        ("ncv", "20 GJ/furlong", "unit-unknown", {}),
    ],
)
def test_an_input_that_cannot_be_read_is_told_at_its_cell(folder, header, cell, code, fields):
    folder.company("S").packs(["ipcc-fuels-2006"])
    row = {"source_type": "stationary_combustion", "item": "anthracite", "quantity": 1, "unit": "t"}
    folder.activity("good", **row).activity("bad", **{**row, header: cell})

    errors = [f for f in check(folder.write(), [2023]).findings if f.severity == "error"]

    assert [(f.code, f.at.row, f.at.column) for f in errors] == [(code, 3, header)]
    assert fields.items() <= errors[0].fields.items()


def test_an_input_in_two_columns_is_told(folder):
    folder.company("S").packs(["ipcc-fuels-2006"])
    folder.activity(
        "twice", source_type="stationary_combustion", item="anthracite", quantity=1, unit="t",
        **{"ncv [GJ/t]": 20, "NCV [MJ/kg]": 20},
    )  # fmt: skip

    found = check(folder.write(), [2023]).findings

    assert [(f.code, f.at.column) for f in found if f.severity == "error"] == [
        ("input-twice", "NCV [MJ/kg]")
    ]


def test_steam_by_mass_asks_for_its_heat_and_takes_it(folder):
    folder.company("S").packs(["gbt-heat-32150"])
    steam = {"source_type": "steam", "item": "steam", "unit": "吨"}
    folder.activity("mass", quantity=100, **steam)

    (error,) = (f for f in check(folder.write(), [2023]).findings if f.severity == "error")
    assert error.code == "steam-by-mass"

    folder.tables["activities"][0]["enthalpy [kJ/kg]"] = 2700
    folder.activity("heat", quantity=270, **(steam | {"unit": "GJ"}))
    by_row = folder.calculate().query(
        "SELECT external_id, sum(co2e_mg) FROM reported WHERE line = '2.2' "
        "AND scope2_method = 'location' GROUP BY external_id ORDER BY external_id"
    )
    heat, mass = (int(mg) for mg in by_row.column(1).to_pylist())
    assert mass == heat > 0


def test_days_that_count_as_a_number_are_traced_to_the_milligram(folder):
    folder.company("S").factor("f", use="commuting", item="bus", unit="person·km", co2_kg="0.1")
    folder.activity(
        "c", source_type="commuting", item="bus", quantity=100, unit="person",
        **{"distance [km]": 10, "days [day]": 220},
    )  # fmt: skip

    (traced,) = trace(folder.calculate(), "activities/c")

    assert (traced.same, traced.co2e_mg) == (True, 22_000 * 1_000_000)
    assert [(t.name, t.value) for t in traced.terms if t.kind == "input"] == [
        ("days", 220),
        ("distance", 10),
    ]


def test_an_input_whose_column_is_gone_is_no_longer_stated(folder):
    folder.company("S").factor("f", use="fuel", item="diesel", unit="kg", co2_kg="3")
    row = {"source_type": "mobile_combustion", "item": "diesel", "quantity": 1000}
    folder.activity("d", **row, unit="L", density="0.84 kg/L")
    assert folder.calculate().total("location") == 2520 * 10**6

    folder.tables["activities"] = []
    folder.activity("d", **row, unit="kg")

    assert folder.calculate().total("location") == 3000 * 10**6
