"""gwp.csv, blends.csv and the refrigerant pack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from pack_io import Row, facts, inputs, number, status, weakest, write, write_factors

GWP_COLUMNS = [
    "gas",
    "family",
    "gwp_set",
    "origin",
    "value",
    "bound",
    "source",
    "evidence",
    "copies_read",
    "status",
    "note",
]
BLEND_COLUMNS = [
    "blend",
    "component",
    "mass_pct",
    "tolerance_plus",
    "tolerance_minus",
    "source",
    "evidence",
    "copies_read",
    "status",
]

FAMILIES = {
    "carbon dioxide": "CO2",
    "methane": "CH4",
    "nitrous oxide": "N2O",
    "HFC": "HFC",
    "HFO": "HFC",
    "PFC": "PFC",
    "sulphur hexafluoride": "SF6",
    "nitrogen trifluoride": "NF3",
    "CFC": "montreal",
    "HCFC": "montreal",
    "halon": "montreal",
    "chlorocarbon": "montreal",
}
HYDROCARBON = "hydrocarbon"
INVENTORY_METHANE = {
    "AR4-100": ("fossil", "biogenic"),
    "AR4-20": ("fossil", "biogenic"),
    "AR5-100": ("fossil", "biogenic"),
    "AR5-20": ("fossil", "biogenic"),
    "AR6-100": (),
    "AR6-20": (),
}
"""Origins that the set's one inventory value stands for; AR6 has a value of its own for each."""


GWP_PACKAGE = "0.13.2"
PACKAGE_SETS = {
    "AR4-100": "AR4GWP100",
    "AR5-100": "AR5GWP100",
    "AR6-100": "AR6GWP100",
    "AR6-20": "AR6GWP20",
}


def gas_name(name: str) -> str:
    """Return the code of a gas: `PFC-14 (CF4)` is `PFC-14`, `R290 propane` is `R290`."""
    return name.split(" ")[0]


def gwp_rows() -> list[Row]:
    """Return the GWP table.

    Methane: one inventory value for both origins in AR4 and AR5 (the report's non-fossil
    value; AR5's fossil 30 and 85 add the CO2 that methane becomes), two in AR6. The AR6
    supplement's 27.9 and 81.2 are intermediate numbers and left out, and so are
    hydrocarbons, whose publisher does not name the report.
    """
    rows: list[Row] = [*further_rows()]
    for fact in facts("gwp"):
        if fact["family"] == HYDROCARBON or not fact["report"].startswith("AR"):
            continue
        gwp_set = f"{fact['report']}-{fact['horizon_years']}"
        value = fact["value"]
        row = {
            "gas": gas_name(fact["gas"]),
            "family": FAMILIES.get(fact["family"], "other"),
            "gwp_set": gwp_set,
            "value": number(value.removeprefix("<")),
            "bound": "<" if value.startswith("<") else "",
            "source": fact["source"],
            "evidence": fact["evidence"],
            "copies_read": fact["copies_read"],
            "status": status(fact["evidence"]),
        }
        if row["gas"] != "CH4":
            rows.append(row)
            continue
        origins = _methane_origins(gwp_set, fact["origin"])
        note = "the set's one inventory value for both origins" if len(origins) == 2 else ""
        rows += [row | {"origin": origin, "note": note} for origin in origins]
    return rows


def _methane_origins(gwp_set: str, origin: str) -> tuple[str, ...]:
    one_value = INVENTORY_METHANE[gwp_set]
    if one_value:
        return () if origin == "fossil" else one_value
    return {"fossil": ("fossil",), "biogenic (non-fossil)": ("biogenic",)}.get(origin, ())


def further_rows() -> Iterator[Row]:
    """Yield gases that only the package globalwarmingpotentials has (inputs/further_gases.csv).

    Raises
    ------
    SystemExit
        If another release of the package is installed.

    """
    import globalwarmingpotentials as package  # type: ignore[import-untyped]

    if package.__version__ != GWP_PACKAGE:
        raise SystemExit(f"gwp.csv needs globalwarmingpotentials {GWP_PACKAGE}")
    sources = {
        f"{fact['report']}-{fact['horizon_years']}": fact["source"]
        for fact in facts("gwp")
        if fact["gas"] == "N2O"
    }
    for gas in inputs("further_gases"):
        for gwp_set, column in PACKAGE_SETS.items():
            value = package.data[column].get(gas["species"])
            if value is not None:
                yield {
                    "gas": gas["gas"],
                    "family": gas["family"],
                    "gwp_set": gwp_set,
                    "value": number(str(value)),
                    "source": sources[gwp_set],
                    "evidence": "file",
                    "copies_read": "1",
                    "status": "approved",
                }


def blend_rows() -> list[Row]:
    """Return the blends, a row for each component.

    Raises
    ------
    ValueError
        If the components of a blend are not 100 %.

    """
    rows: list[Row] = []
    total: defaultdict[str, Decimal] = defaultdict(Decimal)
    for fact in facts("refrigerant_blends"):
        total[fact["blend"]] += Decimal(fact["value"])
        rows.append(
            {
                "blend": fact["blend"],
                "component": gas_name(fact["component"]),
                "mass_pct": number(fact["value"]),
                "tolerance_plus": fact["tolerance_plus"],
                "tolerance_minus": fact["tolerance_minus"],
                "source": fact["source"],
                "evidence": fact["evidence"],
                "copies_read": fact["copies_read"],
                "status": status(fact["evidence"]),
            }
        )
    wrong = {blend: pct for blend, pct in total.items() if pct != 100}
    if wrong:
        raise ValueError(f"components do not sum to 100 %: {wrong}")
    return rows


MIXTURES_SHA256 = "72dabe877e2d2ad08ad2f26f0d6e1f771c6b08a8bad538fc498b7058b864e9ff"
COMMON = {
    "use": "fugitive",
    "unit": "kg",
    "boundary": "combustion",
    "basis": "average",
    "place": "world",
    "data_year": "2019",
    "published": "2019-12-31",
    "publisher": "ASHRAE",
    "release": "34-2019",
    "licence": "facts; cite ANSI/ASHRAE Standard 34",
}
DAY_UNKNOWN = "day of publication not known: last day of the year"


def refrigerant_rows() -> list[Row]:
    """Return the refrigerant pack: pure gases, their ASHRAE numbers, blends."""
    listed = {row["gas"] for row in gwp_rows()} - {"CH4", "N2O", "CO2"}
    return [*_pure_rows(listed), *_blend_rows(listed)]


def _pure_rows(listed: set[str]) -> list[Row]:
    named = {row["gas"]: row for row in inputs("refrigerants")}
    rows = []
    for gas in sorted(listed):
        row = named.get(gas, {"designations": "", "name_zh": ""})
        names = [gas, *row["designations"].split()]
        rows += [_pure(name, gas, row["name_zh"]) | {"species": f"{gas}:1"} for name in names]
    return [*rows, _pure("R744", "CO2", "二氧化碳制冷剂") | {"co2_kg": "1"}]


def _pure(name: str, gas: str, name_zh: str) -> Row:
    return COMMON | {
        "factor_id": f"ashrae-34-{name}",
        "name_en": name if name == gas else f"{name} ({gas})",
        "name_zh": name_zh,
        "item": name,
        "source": "a pure gas: 1 kg is 1 kg; number from ANSI/ASHRAE Standard 34",
        "evidence": "read",
        "copies_read": "1",
        "status": "approved",
        "note": DAY_UNKNOWN,
    }


def _blend_rows(listed: set[str]) -> list[Row]:
    blends: defaultdict[str, list[Row]] = defaultdict(list)
    for row in blend_rows():
        blends[row["blend"]].append(row)
    rows = []
    for blend, components in blends.items():
        share = {c["component"]: number(Decimal(c["mass_pct"]) / 100) for c in components}
        other = [gas for gas in share if gas not in listed and gas != "CO2"]
        evidence = weakest(c["evidence"] for c in components)
        note = f"{', '.join(other)} without a GWP in the reports: left out" if other else ""
        rows.append(
            COMMON
            | {
                "factor_id": f"ashrae-34-{blend}",
                "name_en": f"{blend} (refrigerant blend)",
                "name_zh": f"{blend}（混合制冷剂）",
                "item": blend,
                "co2_kg": share.get("CO2", ""),
                "species": " ".join(f"{gas}:{x}" for gas, x in share.items() if gas in listed),
                "source": components[0]["source"],
                "evidence": evidence,
                "copies_read": min(c["copies_read"] for c in components),
                "evidence_sha256": MIXTURES_SHA256 if evidence == "file" else "",
                "status": status(evidence),
                "note": "; ".join(filter(None, (note, DAY_UNKNOWN))),
            }
        )
    return rows


def build(out: Path) -> None:
    """Write the tables and the pack."""
    write(out / "gwp.csv", GWP_COLUMNS, gwp_rows())
    write(out / "blends.csv", BLEND_COLUMNS, blend_rows())
    write_factors(out / "ashrae-refrigerants-34.csv", refrigerant_rows())
