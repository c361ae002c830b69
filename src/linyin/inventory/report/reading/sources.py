"""Methods, factors, instruments and scope 2 by market, read from a bundle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from linyin.inventory.inventory import Inventory
from linyin.inventory.report.model import (
    Factor,
    Instrument,
    Label,
    Method,
    Scope2Market,
)
from linyin.inventory.report.reading.supply import uses
from linyin.ledger import Factor as CatalogFactor
from linyin.ledger import (
    co2e_of,
    convert_unit,
    load_methods,
    parse_unit,
)

__all__ = ["factors", "instruments", "methods", "scope2"]

SIGNIFICANT_DIGITS = 6
CONFIG = "linyin.toml"
_METHOD_KEY = ("line", "scope2_method", "version", "name", "reference", "reason", "role")
_NAMED = Label("Named in the activity data.", "由活动数据指定。")
_DERIVED = Label(
    "The method that fits the unit and the inputs of the activity data{inputs}.",
    "由活动数据的单位与参数{inputs}确定的适用方法。",
)
_RESIDUAL = {
    "excluding traded": Label(
        "no official residual mix is published; policy: the average that excludes market-traded "
        "non-fossil power",
        "尚无官方剩余组合因子；政策选择：不含市场化交易非化石电量的平均因子",
    ),
    "grid average": Label(
        "no official residual mix is published; policy: the grid average",
        "尚无官方剩余组合因子；政策选择：电网平均因子",
    ),
}


def methods(inventory: Inventory) -> tuple[Method, ...]:
    """Read the methods behind every line, the reported ones first."""
    known = {
        (source_type, method.name, method.version): method
        for method in load_methods()
        for source_type in method.source_types
    }
    rows = inventory.query(
        "SELECT l.line, l.scope2_method, l.source_type, l.method, l.method_version AS version, "
        "l.role, bool_and(c.method <> '') AS named, "
        "list(DISTINCT c.inputs ORDER BY c.inputs) AS inputs, sum(e.mg)::VARCHAR AS mg "
        "FROM legs l JOIN contexts c USING (context) "
        "JOIN (SELECT leg, sum(co2e_mg) AS mg FROM entries GROUP BY leg) e USING (leg) "
        "WHERE l.role IN ('reported', 'alternative') AND l.line <> '0' GROUP BY ALL"
    ).to_pylist()
    merged: dict[tuple[object, ...], Method] = {}
    for row in sorted(rows, key=_rank):
        found = _method(row, known[row["source_type"], row["method"], row["version"]])
        key = tuple(getattr(found, name) for name in _METHOD_KEY)
        before = merged.get(key)
        merged[key] = replace(found, co2e_mg=found.co2e_mg + before.co2e_mg) if before else found
    return tuple(merged.values())


def _order(line: str) -> tuple[int, int]:
    scope, _, number = line.partition(".")
    return int(scope), int(number or 0)


def _rank(row: Mapping[str, Any]) -> tuple[object, ...]:
    """Put reported lines first, in their order, and larger methods before smaller ones."""
    return (
        row["role"] != "reported",
        *_order(row["line"]),
        row["scope2_method"],
        -int(row["mg"]),
        row["method"],
        row["version"],
        row["source_type"],
    )


def _method(row: Mapping[str, Any], method: Any) -> Method:
    stated = sorted({name for inputs in row["inputs"] for name in inputs.split(",") if name})
    listed = ", ".join(stated)
    reason = _NAMED
    if not row["named"]:
        en, zh = (f" ({listed})", f"（{listed}）") if listed else ("", "")
        reason = Label(_DERIVED.en.format(inputs=en), _DERIVED.zh.format(inputs=zh))
    return Method(
        line=row["line"],
        scope2_method=row["scope2_method"],
        method=row["method"],
        version=row["version"],
        name=Label(method.name_en, method.name_zh),
        reference=method.reference,
        formula=Label(method.formula_en, method.formula_zh),
        co2e_mg=int(row["mg"]),
        reason=reason,
        role=row["role"],
    )


def factors(inventory: Inventory) -> tuple[Factor, ...]:
    """Read the factors in use with their provenance; emissions with scope 2 by location."""
    rows = inventory.query(
        "WITH used AS (SELECT l.factor_id, l.pack, l.line, "
        "coalesce(sum(e.co2e_mg) FILTER (e.scope2_method <> 'market' AND e.role = 'reported' "
        "AND e.flow = 'emission'), 0) AS mg FROM legs l JOIN entries e USING (leg) "
        "WHERE l.factor_id <> '' GROUP BY ALL), "
        "summed AS (SELECT factor_id, pack, sum(mg)::VARCHAR AS mg, "
        "list(line ORDER BY mg DESC, line) AS lines FROM used GROUP BY ALL) "
        "SELECT f.*, summed.lines, summed.mg FROM summed "
        "JOIN factors f ON f.factor_id = summed.factor_id AND f.pack = summed.pack"
    ).to_pylist()
    run = inventory.run
    waived = set(run["policies"]["waived"])
    return tuple(
        _factor(row, str(run["gwp"]), waived) for row in sorted(rows, key=lambda r: r["factor_id"])
    )


def _number(text: str | None) -> float | None:
    return float(text) if text else None


def _factor(row: Mapping[str, Any], gwp_set: str, waived: set[str]) -> Factor:
    draft = row["status"] == "draft"
    return Factor(
        factor_id=row["factor_id"],
        pack=row["pack"],
        name=Label(row["name_en"], row["name_zh"]),
        value=_co2e(CatalogFactor.from_row(row, row["pack"], 0), gwp_set),
        unit=row["unit"],
        place=row["place"],
        boundary=row["boundary"],
        basis=row["basis"],
        publisher=row["publisher"],
        release=row["release"],
        source=row["source"],
        licence=row["licence"],
        evidence=row["evidence"],
        copies_read=int(row["copies_read"]) if row["copies_read"] else None,
        data_year=int(row["data_year"]),
        published=date.fromisoformat(row["published"]) if row["published"] else None,
        lines=tuple(row["lines"]),
        co2e_mg=int(row["mg"]),
        sha256=row["evidence_sha256"],
        draft=draft,
        waived_by=CONFIG if draft and row["factor_id"] in waived else "",
        gwp_set=row["gwp_set"],
        uncertainty_pct=_number(row["uncertainty_pct"]),
        uncertainty_evidence=row["uncertainty_evidence"],
        quality=row["quality"],
    )


def _co2e(factor: CatalogFactor, gwp_set: str) -> str:
    """CO2e of a factor with a GWP set, biogenic CO2 left out, to six digits. [kg per unit]"""
    masses = {gas: mass for gas, mass in factor.masses.items() if gas != "co2e"}
    total = co2e_of(masses | factor.species, gwp_set)
    if not total and "co2e" in factor.masses:
        total = factor.masses["co2e"]
    exact = Decimal(total.numerator) / Decimal(total.denominator)
    if not exact:
        return "0"
    rounded = exact.quantize(Decimal(1).scaleb(exact.adjusted() - SIGNIFICANT_DIGITS + 1))
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _power(inventory: Inventory, method: str) -> list[dict[str, Any]]:
    """Purchased electricity by market, instrument and factor: its emissions."""
    table = inventory.query(
        "SELECT coalesce((SELECT max(o.country) FROM organization o WHERE o.code = e.booked_site), "
        "'') AS market, l.instrument, l.factor_id, sum(e.co2e_mg)::VARCHAR AS mg FROM reported e "
        "JOIN legs l USING (leg) WHERE e.line = '2.1' AND e.scope2_method = $1 "
        "AND l.source_type = 'electricity' "
        "GROUP BY ALL ORDER BY ALL",
        [method],
    )
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def scope2(inventory: Inventory) -> tuple[Scope2Market, ...]:
    """Read purchased electricity by country: consumption, what instruments cover, both figures."""
    used: dict[str, Fraction] = defaultdict(Fraction)
    covered: dict[str, Fraction] = defaultdict(Fraction)
    located: dict[str, int] = defaultdict(int)
    marketed: dict[str, int] = defaultdict(int)
    rests: dict[str, set[str]] = defaultdict(set)
    for use in uses(inventory):
        if use.line == "2.1" and use.energy == "electricity":
            used[use.country] += use.kwh
            covered[use.country] += use.kwh if use.instrument else 0
    for row in _power(inventory, "location"):
        located[row["market"]] += int(row["mg"])
    for row in _power(inventory, "market"):
        marketed[row["market"]] += int(row["mg"])
        if row["factor_id"] and not row["instrument"]:
            rests[row["market"]].add(row["factor_id"])
    policies: Mapping[str, str] = inventory.run["policies"]["residual"]
    return tuple(
        Scope2Market(
            market,
            float(used[market]),
            float(covered[market]),
            located[market],
            marketed[market],
            _rest(policies.get(market, ""), sorted(rests[market])),
        )
        for market in sorted(used, key=lambda m: (-used[m], m))
    )


def _rest(policy: str, ids: list[str]) -> Label:
    if not ids:
        return Label()
    listed = ", ".join(ids)
    words = _RESIDUAL.get(policy, Label())
    if not policy:
        return Label(f"factors: {listed}", f"因子：{listed}")
    return Label(f"{words.en} ({listed})", f"{words.zh}（{listed}）")


def instruments(inventory: Inventory) -> tuple[Instrument, ...]:
    """Read every instrument and how much of it the market-based figure uses. [kWh]"""
    used: dict[str, Fraction] = defaultdict(Fraction)
    for use in uses(inventory):
        used[use.instrument] += use.kwh
    rows = inventory.query("SELECT * FROM instruments ORDER BY instrument").to_pylist()
    return tuple(_instrument(row, float(used[row["instrument"]])) for row in rows)


def _kwh(quantity: float, unit: str) -> float:
    stated = Fraction(Decimal(repr(quantity)))
    return float(convert_unit(stated, parse_unit(unit), parse_unit("kWh")))


def _instrument(row: Mapping[str, Any], used: float) -> Instrument:
    quantity = row["quantity"]
    return Instrument(
        instrument=row["instrument"],
        kind=row["kind"],
        owner=row["owner"],
        market=row["market"],
        technology=row["technology"],
        vintage=f"{row['begin']} – {row['end'] - timedelta(days=1)}",
        kwh=used if quantity is None else _kwh(quantity, row["unit"]),
        used_kwh=used,
        factor=f"{row['co2_kg_per_kwh']:g}",
        registry=row["registry"],
        meets_criteria=None,
        note=Label(row["note"]),
    )
