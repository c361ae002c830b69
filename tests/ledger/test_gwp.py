from __future__ import annotations

import csv
from fractions import Fraction
from importlib import resources

import globalwarmingpotentials
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.ledger.gases import GasError, canonical, families, family
from linyin.ledger.gwp import (
    GWP_SETS,
    GwpError,
    co2e_by_column,
    co2e_of,
    gwp,
    gwp_row,
    read_gwp,
)

ORACLE = {
    "AR4-100": "AR4GWP100",
    "AR5-100": "AR5GWP100",
    "AR6-100": "AR6GWP100",
    "AR6-20": "AR6GWP20",
}
PACK = resources.files("linyin.ledger").joinpath("packs", "gwp.csv").read_text("utf-8")
VALUES = list(read_gwp(PACK).values())
HEAD = "gas,family,gwp_set,origin,value,bound,source,evidence,copies_read,status,note\n"


@pytest.mark.parametrize("gwp_set", ORACLE)
def test_values_are_those_of_globalwarmingpotentials(gwp_set):
    oracle = {}
    for name, value in globalwarmingpotentials.data[ORACLE[gwp_set]].items():
        try:
            oracle[canonical(name)] = Fraction(str(value))
        except GasError:
            continue  # a gas that the ledger does not know
    ours = {v.gas: v for v in VALUES if v.gwp_set == gwp_set and v.gas != "CH4"}
    both = {gas for gas in ours.keys() & oracle.keys() if not ours[gas].bound}
    assert len(both) > 30
    assert {gas: ours[gas].value for gas in both} == {gas: oracle[gas] for gas in both}


@pytest.mark.parametrize(
    ("gwp_set", "fossil", "biogenic"),
    [("AR4-100", "25", "25"), ("AR5-100", "28", "28"), ("AR6-100", "29.8", "27.0")],
)
def test_methane_warms_by_its_origin(gwp_set, fossil, biogenic):
    assert gwp(gwp_set, "CH4", "fossil") == Fraction(fossil)
    assert gwp(gwp_set, "CH4", "biogenic") == Fraction(biogenic)


def test_methane_of_unknown_origin_is_an_error_that_names_the_origins():
    with pytest.raises(GwpError) as error:
        gwp("AR6-100", "CH4")
    assert error.value.code == "gwp-origin-needed"
    assert set(error.value.choices) == {"fossil", "biogenic"}


@pytest.mark.parametrize("gwp_set", GWP_SETS)
def test_co2_is_one_and_every_set_knows_the_gases_of_kyoto(gwp_set):
    assert gwp(gwp_set, "CO2") == 1
    for gas in ("N2O", "HFC-32", "HFC-125", "HFC-134a", "PFC-14", "SF6", "NF3"):
        assert gwp(gwp_set, gas) > 100


def test_a_gas_without_a_value_is_an_error_and_not_zero():
    small = read_gwp(HEAD + "SF6,SF6,AR5-100,,23500,,table 8.A.1,file,3,approved,\n")
    assert gwp_row("AR5-100", "SF6", table=small).value == 23500
    with pytest.raises(GwpError) as error:
        gwp_row("AR4-20", "SF6", table=small)
    assert error.value.code == "gwp-missing"
    assert error.value.fields["gas"] == "SF6"
    assert error.value.fields["gwp_set"] == "AR4-20"
    assert error.value.choices == ("AR5-100",)


def test_an_unknown_set_is_an_error_that_lists_the_sets():
    with pytest.raises(GwpError) as error:
        gwp("AR7-100", "CO2")
    assert error.value.code == "gwp-set-unknown"
    assert error.value.choices == GWP_SETS


def test_a_remembered_value_says_that_it_is_a_draft():
    assert gwp_row("AR6-20", "CH4", "biogenic").status == "draft"
    assert gwp_row("AR6-100", "SF6").status == "approved"
    assert all((v.evidence == "remembered") <= (v.status == "draft") for v in VALUES)


def test_the_packs_table_names_gases_and_families_as_the_ledger_does():
    rows = list(csv.DictReader(PACK.splitlines()))
    assert rows
    assert [(row["gas"], row["family"]) for row in rows] == [
        (canonical(row["gas"]), family(row["gas"])) for row in rows
    ]


@pytest.mark.parametrize(
    "row",
    [
        "SF6,SF6,AR5-100,,0,,x,file,1,approved,\n",
        "SF6,SF6,AR9-100,,1,,x,file,1,approved,\n",
        "SF6,SF6,AR5-100,cow,1,,x,file,1,approved,\n",
        "SF6,SF6,AR5-100,,1,,x,file,1,approved,\nSF6,SF6,AR5-100,,2,,x,file,1,approved,\n",
    ],
)
def test_a_broken_table_is_refused(row):
    with pytest.raises(ValueError, match=r"gwp\.csv"):
        read_gwp(HEAD + row)


def test_co2e_leaves_out_biogenic_co2_and_montreal_gases_only():
    masses = {
        "co2": Fraction(1),
        "co2_biogenic": Fraction(10),
        "co2_land_use": Fraction(100),
        "ch4": Fraction(1),
        "ch4_biogenic": Fraction(1),
        "n2o": Fraction(1),
        "R22": Fraction(1),
        "R134a": Fraction(1),
        "undivided": Fraction(7),
    }
    assert co2e_by_column(masses, "AR6-100") == {
        "co2": 1,
        "co2_biogenic": 10,
        "co2_land_use": 100,
        "ch4": Fraction("29.8"),
        "ch4_biogenic": 27,
        "n2o": 273,
        "montreal": 1960,
        "hfc": 1530,
        "undivided": 7,
    }
    assert co2e_of(masses, "AR6-100") == 1 + 100 + Fraction("29.8") + 27 + 273 + 1530 + 7


@pytest.mark.parametrize(
    ("species", "published"),
    [  # UK government 2024, kg CO2e per kg, AR5
        ({"HFC-125": "0.44", "HFC-143a": "0.52", "HFC-134a": "0.04"}, 3943),  # R404A
        ({"HFC-32": "0.23", "HFC-125": "0.25", "HFC-134a": "0.52"}, 1624),  # R407C
        ({"HFC-32": "0.5", "HFC-125": "0.5"}, 1924),  # R410A
    ],
)
def test_a_blend_warms_as_published(species, published):
    masses = {gas: Fraction(share) for gas, share in species.items()}
    assert abs(co2e_of(masses, "AR5-100") - published) <= Fraction(1, 2)


@given(
    st.dictionaries(
        st.sampled_from(["co2", "ch4", "n2o", "SF6", "HFC-32", "undivided"]),
        st.fractions(0, 10**9),
    ),
    st.fractions(0, 100),
    st.sampled_from(GWP_SETS),
)
def test_co2e_scales_with_the_masses_and_adds_up_over_columns(masses, k, gwp_set):
    whole = co2e_of(masses, gwp_set)
    assert co2e_of({gas: k * mass for gas, mass in masses.items()}, gwp_set) == k * whole
    assert sum(co2e_by_column(masses, gwp_set).values()) == whole


def test_every_gas_of_the_packs_is_known():
    assert {v.gas for v in VALUES} <= families().keys()
