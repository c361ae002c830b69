"""Gases, GWP sets and the Chinese carbon basis, from row to total."""

from __future__ import annotations

from fractions import Fraction

import pytest

from builders import FolderBuilder, role_total
from linyin.inventory.replay import replay
from linyin.inventory.report.collect import collect
from linyin.inventory.trace import trace
from linyin.lake import BadInput
from linyin.ledger.methods import pick

KG = 1_000_000


def released(folder: FolderBuilder, item: str, **cells: object) -> FolderBuilder:
    folder.company("S").packs(("ashrae-refrigerants-34",))
    row = {"source_type": "fugitive", "item": item, "quantity": 10, "unit": "kg"}
    return folder.activity("r", **(row | cells))


@pytest.mark.parametrize(("gwp", "value"), [("AR5-100", 23500), ("AR6-100", 25200)])
def test_sf6_stands_in_its_own_column_under_the_gwp_set_of_the_run(folder, gwp, value):
    released(folder, "SF6")

    inventory = folder.calculate(2023, gwp_sets=(gwp,))

    assert inventory.by_line("location") == {"1.4": 10 * value * KG}
    assert inventory.by_gas("location")["sf6_mg"] == 10 * value * KG


def test_blend_is_its_components_and_each_has_a_row(folder):
    released(folder, "R410A")

    inventory = folder.calculate(2023)

    assert inventory.total("location") == 10 * Fraction(677 + 3170, 2) * KG
    rows = inventory.query("SELECT gas, mass_mg FROM species ORDER BY gas").to_pylist()
    assert rows == [
        {"gas": "HFC-125", "mass_mg": 5 * KG},
        {"gas": "HFC-32", "mass_mg": 5 * KG},
    ]


def test_montreal_gas_is_shown_outside_the_scopes(folder):
    inventory = released(folder, "R22").calculate(2023)

    assert inventory.total("location") == 0
    assert role_total(inventory, "memo") == {"0": 10 * 1760 * KG}


def test_only_biogenic_co2_is_outside_the_scopes(folder):
    folder.company("S")
    folder.factor(
        "wood", use="fuel", item="wood", unit="t", co2_biogenic_kg="1800", co2_land_use_kg="10",
        ch4_biogenic_kg="5", n2o_kg="0.1",
    )  # fmt: skip
    folder.activity("w", source_type="stationary_combustion", item="wood", quantity=1, unit="t")

    inventory = folder.calculate(2023, gwp_sets=("AR6-100",))

    assert inventory.total("location") == (10 + 5 * 27 + Fraction("27.3")) * KG
    assert inventory.by_gas("location")["co2_biogenic_mg"] == 1800 * KG


@pytest.mark.parametrize(("origin", "value"), [("ch4_kg", "29.8"), ("ch4_biogenic_kg", "27.0")])
def test_methane_of_ar6_depends_on_its_origin(folder, origin, value):
    folder.company("S")
    folder.factor("m", use="process", item="vent", unit="kg", **{origin: "1"})
    folder.activity("v", source_type="process", item="vent", quantity=1, unit="kg")

    inventory = folder.calculate(2023, gwp_sets=("AR6-100",))

    assert inventory.total("location") == Fraction(value) * KG


def test_factor_given_only_as_co2e_keeps_its_publishers_set_and_warns(folder):
    folder.company("S")
    folder.factor("c", use="process", item="x", unit="kg", co2e_kg="2", gwp_set="AR4-100")
    folder.activity("v", source_type="process", item="x", quantity=1, unit="kg")

    inventory = folder.calculate(2023, gwp_sets=("AR6-100",))

    assert inventory.total("location") == 2 * KG
    found = [f for f in inventory.findings if f.code == "gwp-rebased"]
    assert [(f.fields["publisher_set"], f.fields["run_set"]) for f in found] == [
        ("AR4-100", "AR6-100")
    ]


def test_removal_is_never_netted(folder):
    folder.company("S")
    folder.factor("f", use="process", item="x", unit="t", boundary="total", co2_kg="1000")
    folder.activity("plus", source_type="process", item="x", quantity=5, unit="t")
    folder.activity("minus", source_type="removal", item="x", quantity=2, unit="t", flow="removal")

    inventory = folder.calculate(2023)

    assert inventory.total("location") == 5000 * KG
    rows = inventory.query("SELECT sum(co2e_mg)::BIGINT AS mg FROM entries WHERE flow = 'removal'")
    assert rows.to_pylist() == [{"mg": 2000 * KG}]


def coal(folder: FolderBuilder, **measured: object) -> FolderBuilder:
    folder.company("S")
    row = {"source_type": "stationary_combustion", "item": "anthracite", "quantity": 1, "unit": "t"}
    return folder.activity("c", method="carbon_balance", **(row | measured))


@pytest.mark.parametrize(
    ("table", "ncv", "carbon"), [("A", "20.304", "0.02749"), ("B", "24.515", "0.02749")]
)
def test_table_of_chinese_defaults_is_part_of_the_key(folder, table, ncv, carbon):
    folder.config["policies"] = {"carbon_table": table}

    inventory = coal(folder).calculate(2023, standards=("GB/T 32150",))

    exact = Fraction(ncv) * Fraction(carbon) * Fraction("0.94") * Fraction(44, 12) * 1000 * KG
    assert abs(inventory.by_line("location")["1.1"] - exact) <= 1


def test_measured_value_goes_before_the_default(folder):
    inventory = coal(folder, ncv="25 GJ/t").calculate(2023)

    exact = 25 * Fraction("0.02749") * Fraction("0.94") * Fraction(44, 12) * 1000 * KG
    assert abs(inventory.by_line("location")["1.1"] - exact) <= 1


def test_table_without_the_fuel_is_a_finding(folder):
    folder.config["policies"] = {"carbon_table": "Z"}

    with pytest.raises(BadInput) as caught:
        coal(folder).calculate(2023)

    assert [f.code for f in caught.value.findings] == ["carbon-default-missing"]
    assert "A" in str(caught.value.findings[0].fields["choices"])


CHINESE = ("GB/T 32150",)


def burnt(folder: FolderBuilder, item: str, **cells: object) -> FolderBuilder:
    """One fuel with a factor of its own, so that another method would have an answer too."""
    folder.company("S")
    for unit in ("t", "L", "GJ net"):
        folder.factor(f"f-{unit}", use="fuel", item=item, unit=unit, co2_kg="1")
    row = {"source_type": "stationary_combustion", "item": item, "quantity": 1, "unit": "t"}
    return folder.activity("b", **(row | cells))


def methods(inventory) -> list[tuple[str, int]]:
    rows = inventory.query("SELECT DISTINCT method, method_version AS v FROM legs").to_pylist()
    return [(row["method"], row["v"]) for row in rows]


A_CARBON = Fraction("0.02749") * Fraction("0.94") * Fraction(44, 12) * 1000 * KG


@pytest.mark.parametrize(
    ("cells", "exact"),
    [
        ({}, Fraction("20.304") * A_CARBON),
        ({"ncv": "25 GJ/t"}, 25 * A_CARBON),
        ({"ncv": "25 GJ/t", "oxidation": "1"}, 25 * A_CARBON / Fraction("0.94")),
        ({"carbon_content": "0.03 t/GJ"}, Fraction("20.304") * A_CARBON * 3000 / 2749),
        ({"ncv": "25 GJ/t", "carbon_content": "0.03 t/GJ"}, 25 * A_CARBON * 3000 / 2749),
        ({"unit": "GJ net"}, A_CARBON),
        ({"unit": "GJ net", "carbon_content": "0.03 t/GJ"}, A_CARBON * 3000 / 2749),
        ({"unit": "吨标准煤"}, Fraction("29.3076") * A_CARBON),
        ({"source_type": "mobile_combustion", "technology": "rail"}, Fraction("20.304") * A_CARBON),
        ({"technology": "B"}, Fraction("24.515") * A_CARBON),
    ],
    ids=str,
)
def test_chinese_standard_balances_the_carbon_of_fuels_without_being_told(folder, cells, exact):
    chinese = burnt(folder, "anthracite", **cells).calculate(2023, standards=CHINESE)

    assert abs(chinese.total("location") - exact) <= 1
    assert methods(chinese) == [("carbon_balance", 3)]
    assert replay(chinese.path).same
    (traced,) = trace(chinese, "activities/b")
    assert traced.same


def test_other_standards_go_on_with_factors(folder):
    assert methods(burnt(folder, "anthracite").calculate(2023)) == [("fuel", 1)]


def test_chinese_standard_balances_gas_by_volume(folder):
    burnt(folder, "natural_gas", quantity=1000, unit="Nm3", carbon_content="0.016 t/GJ")

    inventory = folder.calculate(2023, standards=CHINESE)

    exact = Fraction("38.931") * 16 * Fraction("0.99") * Fraction(44, 12) * KG
    assert abs(inventory.total("location") - exact) <= 1


@pytest.mark.parametrize("ncv", ["389.31 GJ/万Nm3", "350 GJ/万Nm3", "35 MJ/Nm3"])
def test_heat_value_of_a_gas_is_measured_by_volume(folder, ncv):
    burnt(folder, "natural_gas", quantity=1, unit="万Nm3", ncv_gas=ncv)

    inventory = folder.calculate(2023, standards=CHINESE)

    heat = {"389.31": Fraction("389.31"), "350": Fraction(350), "35": Fraction(350)}[ncv.split()[0]]
    carbon = Fraction("0.0153") * Fraction("0.99") * Fraction(44, 12) * 1000 * KG
    assert abs(inventory.total("location") - heat * carbon) <= 1
    (traced,) = trace(inventory, "activities/b")
    assert traced.same


def test_heat_value_by_volume_belongs_to_the_state_at_0_degrees(folder):
    burnt(folder, "natural_gas", quantity=29315, unit="Sm3", ncv_gas="350 GJ/万Nm3")

    inventory = folder.calculate(2023, standards=CHINESE)

    exact = 27315 * Fraction(350, 10000) * Fraction("0.0153") * Fraction("0.99")
    assert abs(inventory.total("location") - exact * Fraction(44, 12) * 1000 * KG) <= 1


def test_chinese_standard_takes_gross_heat_of_gas_over_its_ratio(folder):
    burnt(folder, "natural_gas", unit="GJ gross")

    inventory = folder.calculate(2023, standards=CHINESE)

    carbon = Fraction("0.90258") * Fraction("0.0153") * Fraction("0.99")
    assert abs(inventory.total("location") - carbon * Fraction(44, 12) * 1000 * KG) <= 1
    (traced,) = trace(inventory, "activities/b")
    assert traced.same


def test_chinese_standard_needs_the_density_of_a_fuel_in_litres(folder):
    burnt(folder, "diesel", unit="L")
    folder.activity(
        "with", source_type="stationary_combustion", item="diesel", quantity=1, unit="L",
        density="0.84 kg/L",
    )  # fmt: skip

    inventory = folder.calculate(2023, standards=CHINESE)

    rows = inventory.query(
        "SELECT external_id, method FROM entries JOIN legs USING (leg) ORDER BY ALL"
    ).to_pylist()
    assert [(r["external_id"], r["method"]) for r in rows] == [
        ("b", "fuel"),
        ("with", "carbon_balance"),
    ]
    left = [f for f in inventory.findings if f.code == "carbon-balance-left"]
    assert [(f.severity, f.fields["unit"], f.fields["rows"]) for f in left] == [("warning", "L", 1)]


def test_chinese_standard_keeps_the_method_that_a_row_states(folder):
    inventory = burnt(folder, "anthracite", method="fuel").calculate(2023, standards=CHINESE)

    assert methods(inventory) == [("fuel", 1)]
    assert not [f for f in inventory.findings if f.code == "carbon-balance-left"]


def test_biogenic_fuel_is_never_balanced_as_fossil_carbon(folder):
    folder.company("S").factor(
        "wood", use="fuel", item="wood", unit="t", co2_biogenic_kg="1800"
    ).activity("w", source_type="stationary_combustion", item="wood", quantity=1, unit="t")

    inventory = folder.calculate(2023, standards=CHINESE)

    assert inventory.total("location") == 0
    assert inventory.by_gas("location")["co2_biogenic_mg"] == 1800 * KG
    assert not [f for f in inventory.findings if f.code == "carbon-balance-left"]


def test_fossil_fuel_without_defaults_is_an_error_under_the_chinese_standard(folder):
    with pytest.raises(BadInput) as caught:
        burnt(folder, "orimulsion").calculate(2023, standards=CHINESE)

    assert [f.code for f in caught.value.findings] == ["carbon-default-missing"]


@pytest.mark.parametrize(
    ("pinned", "expected"),
    [
        ((), ("carbon_balance", 3)),
        ((("stationary_combustion", "fuel", 1),), ("fuel", 1)),
        (
            (("stationary_combustion", "fuel", 1), ("stationary_combustion", "carbon_balance", 1)),
            ("fuel", 1),
        ),
        ((("mobile_combustion", "fuel", 1),), ("carbon_balance", 3)),
    ],
)
def test_run_that_pins_older_methods_derives_no_newer_one(pinned, expected):
    method = pick(
        "stationary_combustion", "", frozenset(), "t", standard="GB/T 32150", pinned=pinned
    )

    assert method is not None
    assert (method.name, method.version) == expected


def test_report_says_that_the_chinese_standard_has_no_scope_3(folder):
    protocol, chinese = burnt(folder, "anthracite").calculate_all(
        2023, standards=("GHG Protocol", *CHINESE)
    )

    assert collect(protocol).notes == ()
    (note,) = collect(chinese).notes
    assert "no scope 3" in note.en
    assert "less those that are exported" in note.en
    assert "不含范围三" in note.zh
    assert "扣除输出" in note.zh
