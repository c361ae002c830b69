from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.ledger.gases import (
    COLUMNS,
    GasError,
    canonical,
    column,
    families,
    family,
    is_outside,
    parse_species,
)

GASES = sorted(gas for gas, kind in families().items() if kind not in {"CO2", "CH4", "N2O"})


@pytest.mark.parametrize(
    ("name", "gas"),
    [
        ("R134a", "HFC-134a"),
        ("R-134A", "HFC-134a"),
        ("HFC134a", "HFC-134a"),
        ("ｈｆｃ－１３４ａ", "HFC-134a"),
        ("R32", "HFC-32"),
        ("R22", "HCFC-22"),
        ("CF4", "PFC-14"),
        ("c-C4F8", "PFC-318"),
        ("PFC-C318", "PFC-318"),
        ("HFC-1234yf", "HFO-1234yf"),
        ("HFC-43-10-mee", "HFC-43-10mee"),
        ("六氟化硫", "SF6"),
        ("sf6", "SF6"),
        ("R744", "CO2"),
    ],
)
def test_a_gas_has_one_name_in_the_ledger(name, gas):
    assert canonical(name) == gas


@pytest.mark.parametrize(
    ("gas", "kind"),
    [
        ("HFC-134a", "HFC"),
        ("HFO-1234yf", "HFC"),  # IPCC AR5 WG1 table 8.A.1 lists it among the HFCs
        ("PFC-14", "PFC"),
        ("SF6", "SF6"),
        ("NF3", "NF3"),
        ("R22", "montreal"),
        ("CFC-11", "montreal"),
        ("Halon-1301", "montreal"),
        ("HFE-125", "other"),
        ("co2_biogenic", "CO2"),
        ("ch4_biogenic", "CH4"),
    ],
)
def test_a_gas_is_of_one_family(gas, kind):
    assert family(gas) == kind


def test_only_biogenic_co2_and_montreal_gases_are_outside_the_scopes():
    own = {"co2", "co2_biogenic", "co2_land_use", "ch4", "ch4_biogenic", "n2o"}
    outside = {gas for gas in own | set(families()) if is_outside(gas)}
    montreal = {gas for gas, kind in families().items() if kind == "montreal"}
    assert outside == {"co2_biogenic"} | montreal
    assert {"CFC-11", "HCFC-22", "Halon-1211", "CCl4", "CH3Br"} <= montreal


def test_every_gas_is_booked_in_a_column_of_the_ledger():
    assert {column(gas) for gas in families()} <= set(COLUMNS)


def test_an_unknown_gas_lists_what_looks_alike():
    with pytest.raises(GasError) as error:
        canonical("HFC-134b")
    assert error.value.code == "gas-unknown"
    assert "HFC-134a" in error.value.choices


def test_species_are_read_exactly_in_the_ledgers_names():
    assert parse_species("R32:0.5  HFC-125 : 5e-1") == {
        "HFC-32": Fraction(1, 2),
        "HFC-125": Fraction(1, 2),
    }
    assert parse_species("HFC-134a：0.1") == {"HFC-134a": Fraction(1, 10)}
    assert parse_species("  ") == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("HFC-32", "species-broken"),
        ("HFC-32:", "species-broken"),
        (":0.5", "species-broken"),
        ("HFC-32:half", "species-broken"),
        ("HFC-32:1/2", "species-broken"),
        ("HFC-32:nan", "species-broken"),
        ("HFC-32:1e999999999", "species-broken"),
        ("HFC-32:0.5,HFC-125:0.5", "species-broken"),
        ("HFC-32:٣", "species-broken"),
        ("HFC-32:-0.5", "species-negative"),
        ("HFC-32:0.5 R32:0.5", "species-twice"),
        ("XYZ:0.5", "gas-unknown"),
        ("CH4:1", "species-own-column"),
        ("R744:1", "species-own-column"),
    ],
)
def test_broken_species_are_an_error_that_says_how(text, code):
    with pytest.raises(GasError) as error:
        parse_species(text)
    assert error.value.code == code


@given(st.dictionaries(st.sampled_from(GASES), st.decimals(0, 10**9, places=6)))
def test_species_written_are_the_species_read(masses):
    text = " ".join(f"{gas}:{mass}" for gas, mass in masses.items())
    assert parse_species(text) == {gas: Fraction(mass) for gas, mass in masses.items()}
