"""fuels.csv, and the Chinese default tables of the GB/T 32150 method."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from pack_io import Row, facts, inputs, number, sha256, significant, status, write
from uk_fuels import WORKBOOK, uk_fuels, workbook

FUEL_COLUMNS = [
    "item",
    "name_en",
    "name_zh",
    "aliases",
    "origin",
    "gross_to_net",
    "gross_to_net_source",
    "gross_to_net_evidence",
    "gross_to_net_sha256",
]
DEFAULT_COLUMNS = [
    "fuel",
    "table_id",
    "property",
    "value",
    "unit",
    "name_zh",
    "source",
    "evidence",
    "copies_read",
    "status",
    "note",
]
OXIDATION_COLUMNS = [
    "table_id",
    "equipment",
    "name_en",
    "name_zh",
    "oxidation",
    "source",
    "evidence",
    "copies_read",
    "status",
]
COAL_COLUMNS = [
    "item",
    "name_en",
    "name_zh",
    "low",
    "high",
    "unit",
    "source",
    "evidence",
    "copies_read",
    "status",
    "note",
]
EQUIVALENT_COLUMNS = [
    "year",
    "kgce_per_kwh",
    "publisher",
    "source",
    "licence",
    "evidence",
    "copies_read",
    "status",
    "note",
]
QUANTITIES = {
    "net calorific value": "ncv",
    "carbon content per heat": "carbon_content",
    "oxidation rate": "oxidation",
}
TABLES = ("A", "B", "C", "D")
UNITS = {
    "GJ/t": ("GJ/t", 1),
    "GJ/10^4 Nm3": ("GJ/Nm3", 10_000),
    "tC/TJ": ("t/GJ", 1000),
    "fraction": ("1", 1),
}
"""Unit of the Chinese tables to ours and the divisor."""

SUSPECT = "do not use"
"""The fact table's words for a value that contradicts the other tables."""

EQUIPMENT = {
    "solid fuel in cement kiln": ("cement_kiln", "水泥窑固体燃料"),
    "solid fuel in power boiler": ("power_boiler", "电站锅炉固体燃料"),
    "solid fuel in industrial boiler": ("industrial_boiler", "工业锅炉固体燃料"),
}
STANDARD_COAL_ITEMS = {
    "electricity, equivalent value (当量)": "electricity",
    "heat": "heat",
    "natural gas (oil-field / upper)": "natural_gas",
    "natural gas (gas field)": "natural_gas_gas_field",
    "steam (low pressure)": "steam_low_pressure",
    "fresh water": "fresh_water",
    "soft water": "soft_water",
    "deaerated water": "deaerated_water",
    "standard coal": "standard_coal",
}


def cn_items() -> dict[str, str]:
    """Return our item by the name of a fuel in the Chinese tables."""
    return {
        name: fuel["item"]
        for fuel in inputs("fuel_items")
        for name in fuel["cn_fuels"].split("|")
        if name
    }


def fuel_rows() -> Iterator[Row]:
    """Yield the fuels; gross_to_net is net per gross heat, where the UK's sheet has both."""
    uk, digest = uk_fuels(), sha256(workbook())
    for fuel in inputs("fuel_items"):
        row = {key: fuel[key] for key in FUEL_COLUMNS[:5]}
        properties = uk.get(fuel["uk_fuel"])
        if properties:
            ratio = significant(properties.net_gj_t / properties.gross_gj_t, 5)
            row |= {
                "gross_to_net": number(ratio),
                "gross_to_net_source": f"{WORKBOOK}, {fuel['uk_fuel']}",
                "gross_to_net_evidence": "file",
                "gross_to_net_sha256": digest,
            }
        yield row


def default_rows() -> Iterator[Row]:
    """Yield the defaults: a row for each fuel, table and property that the table has."""
    items = cn_items()
    for fact in facts("fuels_china"):
        if fact["table_id"] not in TABLES or fact["fuel"] not in items:
            continue
        unit, divisor = UNITS[fact["unit"]]
        yield {
            "fuel": items[fact["fuel"]],
            "table_id": fact["table_id"],
            "property": QUANTITIES[fact["quantity"]],
            "value": number(Decimal(fact["value"]) / divisor),
            "unit": unit,
            "name_zh": fact["name_zh"],
            "source": _source(fact["source"]),
            "evidence": fact["evidence"],
            "copies_read": fact["copies_read"],
            "status": "draft" if SUSPECT in fact["note"] else status(fact["evidence"]),
            "note": _note(fact["note"]),
        }


def _note(note: str) -> str:
    """Return a note without references to our working notes."""
    if "second copy" in note:
        return "a second copy has this row's columns shifted"
    if "do not load before" in note:
        return "verify against the standard"
    return note


def _source(source: str) -> str:
    return source.split(". Attribution")[0].replace("; copy S4 links itself to it", "")


def oxidation_rows() -> Iterator[Row]:
    """Yield oxidation rates by equipment."""
    for fact in facts("fuels_china"):
        if fact["fuel"] in EQUIPMENT:
            code, name_zh = EQUIPMENT[fact["fuel"]]
            yield {
                "table_id": fact["table_id"],
                "equipment": code,
                "name_en": fact["fuel"],
                "name_zh": name_zh,
                "oxidation": number(fact["value"]),
                "source": fact["source"],
                "evidence": fact["evidence"],
                "copies_read": fact["copies_read"],
                "status": status(fact["evidence"]),
            }


def coal_rows() -> Iterator[Row]:
    """Yield standard-coal coefficients by calorific value (当量); a range has two ends."""
    items = cn_items() | STANDARD_COAL_ITEMS
    for fact in facts("fuels_china"):
        if fact["table_id"] != "G":
            continue
        low, _, high = fact["value"].partition("-")
        yield {
            "item": items[fact["fuel"]],
            "name_en": fact["fuel"],
            "name_zh": fact["name_zh"],
            "low": number(low),
            "high": number(high or low),
            "unit": fact["unit"],
            "source": fact["source"],
            "evidence": fact["evidence"],
            "copies_read": fact["copies_read"],
            "status": status(fact["evidence"]),
            "note": "2008 edition" if fact["note"] == "2008 edition" else "",
        }


def equivalent_rows() -> Iterator[Row]:
    """Yield the coal burnt for a kWh of power supplied (等价), by year."""
    for fact in inputs("tce_equivalent"):
        yield {
            "year": fact["year"],
            "kgce_per_kwh": number(Decimal(fact["gce_per_kwh"]) / 1000),
            "publisher": fact["publisher"],
            "source": fact["source"],
            "licence": "facts; name the source",
            "evidence": fact["evidence"],
            "copies_read": fact["copies_read"],
            "status": status(fact["evidence"]),
            "note": fact["note"],
        }


def build(out: Path) -> None:
    """Write the tables."""
    write(out / "fuels.csv", FUEL_COLUMNS, fuel_rows())
    write(out / "fuel_defaults.csv", DEFAULT_COLUMNS, default_rows())
    write(out / "oxidation_by_equipment.csv", OXIDATION_COLUMNS, oxidation_rows())
    write(out / "standard_coal.csv", COAL_COLUMNS, coal_rows())
    write(out / "tce_equivalent.csv", EQUIVALENT_COLUMNS, equivalent_rows())
