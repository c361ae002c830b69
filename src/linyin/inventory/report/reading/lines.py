"""Lines with their gases, sites, eliminations, removals and memo items, read from a bundle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from linyin.inventory.inventory import Inventory
from linyin.inventory.report.model import (
    Elimination,
    Estimate,
    GasAmount,
    Label,
    Line,
    Memo,
    Removal,
    SiteTotal,
)
from linyin.inventory.report.texts import Texts
from linyin.ledger import gas_column, gwp_of, item_name, load_methods, round_to_milligrams

__all__ = [
    "ISO_CATEGORY",
    "eliminations",
    "estimates",
    "gas_amounts",
    "lines",
    "memos",
    "removals",
    "sites",
]

ISO_CATEGORY: Mapping[str, int] = {
    **dict.fromkeys(("1.1", "1.2", "1.3", "1.4"), 1),
    **dict.fromkeys(("2.1", "2.2"), 2),
    **dict.fromkeys(("3.4", "3.6", "3.7", "3.9"), 3),
    **dict.fromkeys(("3.1", "3.2", "3.3", "3.5", "3.8"), 4),
    **dict.fromkeys(("3.10", "3.11", "3.12", "3.13", "3.14", "3.15"), 5),
}
_MASSES = (
    "co2_mg",
    "co2_biogenic_mg",
    "co2_land_use_mg",
    "ch4_mg",
    "ch4_biogenic_mg",
    "n2o_mg",
    "hfc_mg",
    "pfc_mg",
    "sf6_mg",
    "nf3_mg",
    "undivided_mg",
    "co2e_mg",
)
MOST_PUBLISHERS = 3
_FAMILIES = ("hfc", "pfc", "sf6", "nf3")


def _sums(columns: Iterable[str]) -> str:
    return ", ".join(f"sum({name})::VARCHAR AS {name}" for name in columns)


def _whole(row: Mapping[str, Any], name: str) -> int:
    return int(row[name] or 0)


def lines(inventory: Inventory) -> tuple[Line, ...]:
    """Read every reported line under its scope-2 method."""
    crosswalk = dict(ISO_CATEGORY) | {
        line: int(category) for line, category in inventory.run["crosswalk"].items()
    }
    species = _species(inventory)
    descriptions, partners = _descriptions(inventory), _partners(inventory)
    rows = inventory.query(
        f"SELECT line, scope2_method, {_sums(_MASSES)}, "
        "sum(abs(co2e_mg))::DOUBLE AS size, "
        "sum(abs(co2e_mg)) FILTER (status IN ('estimated', 'default'))::DOUBLE AS soft "
        "FROM reported GROUP BY line, scope2_method"
    ).to_pylist()
    rows.sort(key=lambda row: (_order(row["line"]), row["scope2_method"]))
    return tuple(
        Line(
            line=row["line"],
            scope2_method=row["scope2_method"],
            iso_category=crosswalk[row["line"]],
            co2e_mg=_whole(row, "co2e_mg"),
            gases=gas_amounts(
                row, str(inventory.run["gwp"]), species.get((row["line"], row["scope2_method"]), {})
            ),
            biogenic_co2_mg=_whole(row, "co2_biogenic_mg"),
            estimated_share=(row["soft"] or 0.0) / row["size"] if row["size"] else 0.0,
            supplier_share=_share_of(partners, row),
            data_sources=descriptions.get(row["line"], Label()),
        )
        for row in rows
    )


def _share_of(partners: Mapping[str, float], row: Mapping[str, Any]) -> float | None:
    if not row["line"].startswith("3."):
        return None
    return partners.get(row["line"], 0.0) / row["size"] if row["size"] else 0.0


def _partners(inventory: Inventory) -> dict[str, float]:
    """Size of each line's emissions from data of suppliers or other partners. [mg]"""
    theirs = {m.name for m in load_methods() if not m.uses or m.name == "supplier"}
    rows = inventory.query(
        "SELECT e.line, l.method, coalesce(f.basis, '') AS basis, "
        "sum(abs(e.co2e_mg))::DOUBLE AS size FROM reported e JOIN legs l USING (leg) "
        "LEFT JOIN factors f ON f.factor_id = l.factor_id GROUP BY ALL"
    ).to_pylist()
    found: dict[str, float] = defaultdict(float)
    for row in rows:
        if row["basis"] == "supplier" or row["method"] in theirs:
            found[row["line"]] += row["size"]
    return found


def _order(line: str) -> tuple[int, int]:
    scope, _, number = line.partition(".")
    return int(scope), int(number or 0)


def gas_amounts(
    row: Mapping[str, Any], gwp_set: str, species: Mapping[str, int]
) -> tuple[GasAmount, ...]:
    """Turn sums of masses into amounts of CO2e that add up to the line's.

    Entries hold CO2, CH4 and N2O in mass and round the CO2e of each entry once, so the gases'
    CO2e may differ from the line's by some milligrams an entry; the largest gas carries them.

    Parameters
    ----------
    row : mapping
        Sums of the entries' masses. [mg]
    gwp_set : str
    species : mapping
        Mass of each family of gases (`hfc`, `pfc`, `sf6`, `nf3`), where known. [mg]

    Returns
    -------
    tuple of GasAmount
        Gases that occur, CO2 with land use, without biogenic CO2.

    """
    co2 = _whole(row, "co2_mg") + _whole(row, "co2_land_use_mg")
    fossil, biogenic = _whole(row, "ch4_mg"), _whole(row, "ch4_biogenic_mg")
    n2o = _whole(row, "n2o_mg")
    methane = fossil * gwp_of(gwp_set, "CH4", "fossil") + biogenic * gwp_of(
        gwp_set, "CH4", "biogenic"
    )
    amounts: dict[str, tuple[int | None, int]] = {
        "co2": (co2, co2),
        "ch4": (fossil + biogenic, round_to_milligrams(methane)),
        "n2o": (n2o, round_to_milligrams(n2o * gwp_of(gwp_set, "N2O"))),
    }
    for family in _FAMILIES:
        amounts[family] = (species.get(family), _whole(row, f"{family}_mg"))
    amounts["undivided"] = (None, _whole(row, "undivided_mg"))
    amounts = {gas: pair for gas, pair in amounts.items() if pair[1]}
    if not amounts:
        return ()
    rest = _whole(row, "co2e_mg") - sum(co2e for _, co2e in amounts.values())
    largest = max(amounts, key=lambda gas: abs(amounts[gas][1]))
    mass, co2e = amounts[largest]
    amounts[largest] = (mass, co2e + rest)
    return tuple(GasAmount(gas, co2e, mass) for gas, (mass, co2e) in amounts.items())


def _species(inventory: Inventory) -> dict[tuple[str, str], dict[str, int]]:
    """Mass of each family of gases by line and scope-2 method. [mg]"""
    rows = inventory.query(
        "SELECT e.line, e.scope2_method, s.gas, sum(s.mass_mg)::VARCHAR AS mg FROM species s "
        "JOIN reported e USING (source, external_id, part, leg) GROUP BY ALL"
    ).to_pylist()
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        if (family := gas_column(row["gas"])) in _FAMILIES:
            found[row["line"], row["scope2_method"]][family] += int(row["mg"])
    return found


_SOURCE_WORDS: Mapping[str, Label] = {
    "measured": Label("meters", "计量表"),
    "invoiced": Label("invoices and records", "发票与台账"),
    "estimated": Label("estimates", "估算"),
    "default": Label("default values", "默认值"),
}


def _descriptions(inventory: Inventory) -> dict[str, Label]:
    """How the activity data of each line are known, and whose factors multiply them."""
    rows = inventory.query(
        "SELECT e.line, list(DISTINCT e.status ORDER BY e.status) AS statuses, "
        "list(DISTINCT f.publisher ORDER BY f.publisher) FILTER (f.publisher IS NOT NULL) "
        "AS publishers FROM reported e JOIN legs l USING (leg) "
        "LEFT JOIN factors f ON f.factor_id = l.factor_id GROUP BY e.line"
    ).to_pylist()
    found = {}
    for row in rows:
        words = [_SOURCE_WORDS.get(status, Label(status)) for status in row["statuses"]]
        factors = row["publishers"] or []
        more = len(factors) - MOST_PUBLISHERS
        en = "activity: " + ", ".join(word.of("en") for word in words)
        zh = "活动数据：" + "、".join(word.of("zh") for word in words)
        if factors:
            listed = factors[:MOST_PUBLISHERS]
            en += "; factors: " + ", ".join(listed) + (f" and {more} more" if more > 0 else "")
            zh += (
                "；因子："
                + "、".join(Texts("zh").publishers(name) for name in listed)
                + (f"等{len(factors)}家" if more > 0 else "")
            )
        found[row["line"]] = Label(en, zh)
    return found


def sites(inventory: Inventory, names: Mapping[str, Label]) -> tuple[SiteTotal, ...]:
    """Sum what is booked to each site, by scope."""
    rows = inventory.query(
        "SELECT booked_site AS site, min(entity) AS entity, "
        "sum(co2e_mg) FILTER (line LIKE '1.%')::VARCHAR AS one, "
        "sum(co2e_mg) FILTER (scope2_method = 'location')::VARCHAR AS location, "
        "sum(co2e_mg) FILTER (scope2_method = 'market')::VARCHAR AS market, "
        "sum(co2e_mg) FILTER (line LIKE '3.%')::VARCHAR AS three, "
        "(SELECT coalesce(nullif(max(o.place), ''), max(o.country)) FROM organization o "
        "WHERE o.code = booked_site) AS place "
        "FROM reported GROUP BY booked_site ORDER BY booked_site"
    ).to_pylist()
    return tuple(
        SiteTotal(
            row["site"],
            names.get(row["site"], Label(row["site"])),
            row["entity"],
            row["place"] or "",
            _whole(row, "one"),
            _whole(row, "location"),
            _whole(row, "market"),
            _whole(row, "three"),
        )
        for row in rows
    )


def estimates(inventory: Inventory) -> tuple[Estimate, ...]:
    """Sum the rows whose quantity is estimated or a default, scope 2 by location."""
    rows = inventory.query(
        "SELECT booked_site AS site, line, status, "
        "count(DISTINCT (source, external_id)) AS rows, sum(co2e_mg)::VARCHAR AS mg "
        "FROM reported WHERE status IN ('estimated', 'default') "
        "AND scope2_method IN ('', 'location') GROUP BY ALL ORDER BY ALL"
    ).to_pylist()
    return tuple(
        Estimate(row["site"], row["line"], "stated", row["status"], row["rows"], int(row["mg"]))
        for row in rows
    )


def eliminations(inventory: Inventory) -> tuple[Elimination, ...]:
    """Sum what was taken out inside the group, scope 2 by location."""
    rows = inventory.query(
        "SELECT e.line, e.entity, c.counterparty, sum(e.co2e_mg)::VARCHAR AS mg "
        "FROM entries e JOIN contexts c USING (context) WHERE e.role = 'eliminated' "
        "AND e.scope2_method IN ('', 'location') GROUP BY ALL ORDER BY ALL"
    ).to_pylist()
    return tuple(
        Elimination(row["line"], row["entity"], row["counterparty"], int(row["mg"])) for row in rows
    )


def removals(inventory: Inventory) -> tuple[Removal, ...]:
    """Sum removals by item; they are never netted."""
    rows = inventory.query(
        "SELECT c.item, e.line, sum(e.co2e_mg)::VARCHAR AS mg FROM entries e "
        "JOIN contexts c USING (context) WHERE e.role = 'reported' AND e.flow = 'removal' "
        "GROUP BY ALL ORDER BY ALL"
    ).to_pylist()
    return tuple(Removal(_called(row["item"]), row["line"], int(row["mg"])) for row in rows)


def memos(inventory: Inventory) -> tuple[Memo, ...]:
    """Sum what stands outside the totals: Montreal gases with their mass, project lifetimes."""
    rows = inventory.query(
        "SELECT c.source_type, c.item, e.line, sum(e.co2e_mg)::VARCHAR AS mg FROM entries e "
        "JOIN contexts c USING (context) WHERE e.role = 'memo' GROUP BY ALL ORDER BY ALL"
    ).to_pylist()
    masses = _montreal(inventory)
    return tuple(
        Memo(
            _memo_kind(row["source_type"], row["line"]),
            _called(row["item"]),
            masses.get(row["item"]) if row["line"] == "0" else None,
            int(row["mg"]),
        )
        for row in rows
    )


def _called(item: str) -> Label:
    return Label(item_name(item, "en"), item_name(item, "zh"))


def _montreal(inventory: Inventory) -> dict[str, int]:
    """Mass of the gases of the Montreal Protocol in each item. [mg]"""
    rows = inventory.query(
        "SELECT c.item, s.gas, sum(s.mass_mg)::VARCHAR AS mg FROM species s "
        "JOIN legs l USING (leg) JOIN contexts c USING (context) GROUP BY ALL"
    ).to_pylist()
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        if gas_column(row["gas"]) == "montreal":
            found[row["item"]] += int(row["mg"])
    return found


def _memo_kind(source_type: str, line: str) -> Literal["montreal", "project_lifetime", "other"]:
    if source_type == "project_lifetime":
        return "project_lifetime"
    return "montreal" if line == "0" else "other"
