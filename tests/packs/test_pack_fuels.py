"""IPCC fuels and the Chinese default tables against arithmetic and other publishers."""

from decimal import Decimal

import pytest

from packs import Row, by_id, facts, needs_data, table

IPCC = by_id("ipcc-fuels-2006")
CARBON_TO_CO2 = Decimal(44) / 12
MOLAR = {
    "C": "12.011",
    "O": "15.999",
    "Ca": "40.078",
    "Mg": "24.305",
    "Na": "22.990",
    "Ba": "137.327",
    "Li": "6.94",
    "K": "39.098",
}  # g/mol, IUPAC
CARBONATES = {
    "calcium": ("Ca", 1),
    "magnesium": ("Mg", 1),
    "sodium": ("Na", 2),
    "barium": ("Ba", 1),
    "lithium": ("Li", 2),
    "potassium": ("K", 2),
}


def defaults() -> dict[tuple[str, str, str], Row]:
    return {(r["fuel"], r["table_id"], r["property"]): r for r in table("fuel_defaults")}


def test_natural_gas_and_diesel_have_the_guidelines_values():
    gas, diesel = IPCC["ipcc-2006-natural_gas-manufacturing"], IPCC["ipcc-2006-diesel-road"]

    assert (gas["unit"], gas["co2_kg"], gas["ch4_kg"], gas["n2o_kg"]) == (
        *("GJ net", "56.1", "0.001", "0.0001"),
    )
    assert (diesel["co2_kg"], diesel["ch4_kg"], diesel["n2o_kg"]) == ("74.1", "0.0039", "0.0039")
    assert (gas["co2_low_kg"], gas["co2_high_kg"]) == ("54.3", "58.3")
    assert gas["uncertainty_evidence"] == "remembered"


def test_53_fuels_burn_in_4_sectors_and_some_move():
    rows = [row for row in IPCC.values() if row["unit"] == "GJ net"]
    sectors = {"energy_industries", "manufacturing", "commercial", "residential"}
    fuels = {}
    for row in rows:
        fuels.setdefault(row["item"], set()).add(row["technology"])

    assert sum(sectors <= technologies for technologies in fuels.values()) == 53
    assert {"road", "rail", "shipping", "aviation", "off_road_industry"} <= set.union(
        *fuels.values()
    )


def test_biomass_has_biogenic_gases_and_no_fossil_ones():
    biogenic = {row["item"] for row in table("fuels") if row["origin"] == "biogenic"}
    for row in IPCC.values():
        if row["item"] in biogenic:
            assert all(row[gas] for gas in ("co2_biogenic_kg", "ch4_biogenic_kg", "n2o_kg"))
            assert not any(row[gas] for gas in ("co2_kg", "ch4_kg"))
        else:
            assert row["co2_kg"]
            assert not row["co2_biogenic_kg"]
    assert {"wood", "biodiesel", "biogas"} <= biogenic


@needs_data
def test_co2_is_the_carbon_content_times_44_over_12():
    names = {}
    for fact in facts("fuels_ipcc2006"):
        if fact["quantity"] == "carbon content":
            names[fact["fuel"]] = Decimal(fact["value"])
    compared = 0
    for fact in facts("fuels_ipcc2006"):
        if fact["fuel_group"] != "mobile" and fact["quantity"].startswith("CO2"):
            compared += 1
            carbon = names[fact["fuel"]] * CARBON_TO_CO2 * 1000
            assert abs(carbon / Decimal(fact["value"]) - 1) < Decimal("0.005"), fact["fuel"]
    assert compared == 53


@needs_data
def test_rows_per_tonne_are_the_rows_per_gj_times_the_heat_value():
    ncv = {
        fact["fuel"]: Decimal(fact["value"])
        for fact in facts("fuels_ipcc2006")
        if fact["quantity"] == "net calorific value"
    }
    for item, fuel in (("diesel", "Gas/Diesel Oil"), ("anthracite", "Anthracite")):
        per_gj = IPCC[f"ipcc-2006-{item}-manufacturing"]
        per_t = IPCC[f"ipcc-2006-{item}-manufacturing-per-t"]
        for gas in ("co2_kg", "ch4_kg", "n2o_kg"):
            assert Decimal(per_t[gas]) == Decimal(per_gj[gas]) * ncv[fuel]
        assert "derived" in per_t["note"]


def test_co2_per_litre_is_within_3_percent_of_the_uks_own():
    """UK government 2024 v1.1, sheet Fuels, E76, E100 and E64: kg CO2 a litre of mineral fuel."""
    uk = {"diesel": "2.62818", "petrol": "2.33955", "jet_kerosene": "2.51973"}
    for item, published in uk.items():
        technology = "aviation" if item == "jet_kerosene" else "road"
        ours = Decimal(IPCC[f"ipcc-2006-{item}-{technology}-per-l"]["co2_kg"])
        assert abs(ours / Decimal(published) - 1) < Decimal("0.03"), item


def test_an_interval_of_a_derived_row_is_wider_than_that_of_its_parent():
    per_gj, per_t = IPCC["ipcc-2006-wood-residential"], IPCC["ipcc-2006-wood-residential-per-t"]

    def relative(row: Row) -> Decimal:
        return Decimal(row["ch4_high_kg"]) / Decimal(row["ch4_biogenic_kg"])

    assert relative(per_t) > relative(per_gj)


def test_a_derived_row_is_no_better_known_than_its_parent():
    order = ["file", "read", "remembered"]
    for row in IPCC.values():
        parent, per, _ = row["factor_id"].partition("-per-")
        if per:
            assert order.index(row["evidence"]) >= order.index(IPCC[parent]["evidence"])
            assert int(row["copies_read"]) <= int(IPCC[parent]["copies_read"])


def test_the_chinese_tables_disagree_and_are_kept_apart():
    ncv = {table_id: defaults()["anthracite", table_id, "ncv"]["value"] for table_id in "ABCD"}

    assert ncv == {"A": "20.304", "B": "24.515", "C": "22.867", "D": "26.7"}


def test_natural_gas_by_table_a_is_2_16_kg_of_co2_a_cubic_metre():
    """389.31 GJ/10^4 Nm3 x 15.3 tC/TJ x 0.99 x 44/12 = 21.622 t/10^4 Nm3."""
    found = defaults()
    ncv, carbon, oxidation = (
        found["natural_gas", "A", name] for name in ("ncv", "carbon_content", "oxidation")
    )
    tonnes = Decimal(ncv["value"]) * Decimal(carbon["value"]) * Decimal(oxidation["value"])

    assert (ncv["unit"], carbon["unit"]) == ("GJ/Nm3", "t/GJ")
    assert round(tonnes * CARBON_TO_CO2 * 1000, 4) == Decimal("2.1622")


def test_suspect_and_remembered_defaults_are_drafts():
    found = defaults()

    assert found["other_bituminous_coal", "C", "carbon_content"]["status"] == "draft"
    assert found["anthracite", "D", "ncv"]["status"] == "draft"
    assert found["anthracite", "A", "ncv"]["status"] == "approved"


def test_every_fuel_of_the_tables_is_in_fuels():
    fuels = {row["item"] for row in table("fuels")}

    assert {row["fuel"] for row in table("fuel_defaults")} <= fuels
    assert {row["item"] for row in IPCC.values()} <= fuels
    assert len(fuels) == len(table("fuels"))


def test_an_alias_names_one_fuel():
    names = {row["item"]: row["item"] for row in table("fuels")}
    for row in table("fuels"):
        for alias in filter(None, row["aliases"].split("|")):
            assert names.setdefault(alias, row["item"]) == row["item"]


def test_net_heat_is_less_than_gross():
    ratios = {r["item"]: Decimal(r["gross_to_net"]) for r in table("fuels") if r["gross_to_net"]}

    assert all(Decimal("0.8") < ratio < 1 for ratio in ratios.values())
    assert round(ratios["natural_gas"], 3) == Decimal("0.903")


def test_heat_and_steam_are_110_kg_a_gj():
    rows = table("gbt-heat-32150")

    assert {(r["item"], r["co2_kg"], r["unit"], r["place"], r["use"]) for r in rows} == {
        ("heat", "110", "GJ", "CN", "heat"),
        ("steam", "110", "GJ", "CN", "heat"),
    }


@pytest.mark.parametrize(("name", "metal"), CARBONATES.items())
def test_carbonates_follow_the_molar_masses(name, metal):
    mass = {element: Decimal(value) for element, value in MOLAR.items()}
    element, atoms = metal
    co2 = mass["C"] + 2 * mass["O"]
    carbonate = atoms * mass[element] + mass["C"] + 3 * mass["O"]
    row = by_id("gbt-carbonates-32151")[f"gbt-32150-{name}_carbonate-CN"]

    assert abs(Decimal(row["co2_kg"]) - 1000 * co2 / carbonate) < Decimal("0.6")
