"""Purchased heat and steam, and carbonates: the Chinese defaults that are factors."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from pack_io import Row, facts, number, status, write_factors

COMMON = {
    "boundary": "combustion",
    "basis": "average",
    "publisher": "Standardization Administration of China",
    "licence": "facts; cite the standard",
}
CARBONATES = {
    "CaCO3": "calcium_carbonate",
    "MgCO3": "magnesium_carbonate",
    "Na2CO3": "sodium_carbonate",
    "BaCO3": "barium_carbonate",
    "Li2CO3": "lithium_carbonate",
    "K2CO3": "potassium_carbonate",
}


def heat_rows() -> Iterator[Row]:
    """Yield heat and steam of table E: the default where no supplier has a value."""
    for fact in facts("fuels_china"):
        if fact["fuel"] != "purchased heat":
            continue
        for item, name_en, name_zh in (
            ("heat", "Purchased heat", "外购热力"),
            ("steam", "Purchased steam", "外购蒸汽"),
        ):
            yield COMMON | {
                "factor_id": f"gbt-32150-{item}-CN",
                "name_en": name_en,
                "name_zh": name_zh,
                "use": "heat",
                "item": item,
                "unit": "GJ",
                "place": "CN",
                "correlation_group": "gbt-32150-heat",
                "co2_kg": number(Decimal(fact["value"]) * 1000),
                "data_year": "2015",
                "published": "2015-11-19",
                "release": "GB/T 32150-2015",
                "source": "GB/T 32150-2015, default for purchased heat; kept by GB/T 32150-2025",
                "evidence": fact["evidence"],
                "copies_read": fact["copies_read"],
                "status": status(fact["evidence"]),
                "note": "only where the supplier states no value; day of publication from memory",
            }


def carbonate_rows() -> Iterator[Row]:
    """Yield CO2 of carbonates used in processes and for desulphurisation."""
    for fact in facts("fuels_china"):
        if fact["fuel"] not in CARBONATES:
            continue
        item = CARBONATES[fact["fuel"]]
        yield COMMON | {
            "factor_id": f"gbt-32150-{item}-CN",
            "name_en": f"{fact['fuel']} decomposed",
            "name_zh": f"{fact['name_zh']}分解",
            "use": "process",
            "item": item,
            "unit": "t",
            "place": "CN",
            "co2_kg": number(Decimal(fact["value"]) * 1000),
            "data_year": "2015",
            "published": "2015-11-19",
            "release": "GB/T 32151 series",
            "source": "GB/T 32151 series, default CO2 of carbonates; equals the molar masses",
            "evidence": fact["evidence"],
            "copies_read": fact["copies_read"],
            "status": status(fact["evidence"]),
            "note": "day of publication from memory",
        }


def build(out: Path) -> None:
    """Write both packs."""
    write_factors(out / "gbt-heat-32150.csv", heat_rows())
    write_factors(out / "gbt-carbonates-32151.csv", carbonate_rows())
