"""gwp.csv against the package globalwarmingpotentials and the texts of the reports."""

import re
from decimal import Decimal

import pytest

from packs import table

oracle = pytest.importorskip("globalwarmingpotentials")

ORACLE_SETS = {
    "AR4GWP100": "AR4-100",
    "AR5GWP100": "AR5-100",
    "AR6GWP100": "AR6-100",
    "AR6GWP20": "AR6-20",
}
FORMULAS = {
    "CF4": "PFC-14",
    "C2F6": "PFC-116",
    "C3F8": "PFC-218",
    "cC4F8": "PFC-318",
    "C4F10": "PFC-3-1-10",
    "C5F12": "PFC-4-1-12",
    "C6F14": "PFC-5-1-14",
    "C7F16": "PFC-6-1-16",
    "C8F18": "PFC-7-1-18",
    "C10F18": "PFC-9-1-18",
    "HFC4310mee": "HFC-43-10mee",
    "HFE449sl": "HFE-7100",
    "HFE569sf2": "HFE-7200",
}


def our_name(species: str) -> str:
    if species in FORMULAS:
        return FORMULAS[species]
    return re.sub(r"^(HFC|HCFC|CFC|HFE|HFO|Halon)(\d)", r"\1-\2", species)


def shipped() -> dict[tuple[str, str, str], Decimal]:
    return {
        (row["gwp_set"], row["gas"], row["origin"]): Decimal(row["value"])
        for row in table("gwp")
        if not row["bound"]
    }


def test_every_shared_value_equals_the_oracle():
    ours, compared, different = shipped(), 0, []
    for gwp_set, name in ORACLE_SETS.items():
        for species, value in oracle.data[gwp_set].items():
            mine = ours.get((name, our_name(species), ""))
            if mine is None:
                continue
            compared += 1
            if mine != Decimal(str(value)):
                different.append((name, species, mine, value))

    assert different == []
    assert compared >= 150


def test_every_set_has_the_gases_of_the_kyoto_protocol():
    gases = {"CO2", "CH4", "N2O", "HFC-23", "HFC-32", "HFC-125", "HFC-134a", "SF6", "NF3", "PFC-14"}
    for gwp_set in ("AR4-100", "AR5-100", "AR6-100", "AR4-20", "AR5-20", "AR6-20"):
        assert gases <= {row["gas"] for row in table("gwp") if row["gwp_set"] == gwp_set}


@pytest.mark.parametrize(
    ("gwp_set", "fossil", "biogenic"),
    [
        ("AR4-100", "25", "25"),
        ("AR5-100", "28", "28"),
        ("AR6-100", "29.8", "27"),
        ("AR4-20", "72", "72"),
        ("AR5-20", "84", "84"),
        ("AR6-20", "82.5", "79.7"),
    ],
)
def test_methane_has_a_value_for_each_origin(gwp_set, fossil, biogenic):
    methane = {
        origin: value
        for (s, gas, origin), value in shipped().items()
        if s == gwp_set and gas == "CH4"
    }

    assert methane == {"fossil": Decimal(fossil), "biogenic": Decimal(biogenic)}


def test_a_value_below_one_is_a_bound():
    bounds = {(row["gas"], row["gwp_set"]) for row in table("gwp") if row["bound"]}

    assert bounds == {("HFO-1234yf", "AR5-100"), ("HFO-1234ze(E)", "AR5-100")}


def test_families_follow_the_gases():
    families = {row["gas"]: row["family"] for row in table("gwp")}

    assert families["HCFC-22"] == families["CFC-12"] == families["Halon-1301"] == "montreal"
    assert families["HFO-1234yf"] == families["HFC-134a"] == "HFC"
    assert families["PFC-318"] == "PFC"
    assert set(families.values()) == {
        *("CO2", "CH4", "N2O", "HFC", "PFC", "SF6", "NF3", "montreal", "other")
    }


def test_remembered_values_are_drafts():
    for row in table("gwp"):
        assert (row["status"] == "draft") == (row["evidence"] == "remembered")
