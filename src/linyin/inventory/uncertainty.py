"""How sure an inventory is: intervals of what it is made of, combined; data quality.

Rows are first added up to one aggregate per factor, correlation group and set of inputs; no
draw is ever made for a row. An interval is the row's or the factor's own, else a labelled
default: of the inputs in `schemas/inputs.csv`, of the data status here, of the factor from its
data-quality scores. The errors of quantities are taken as independent between rows. The
errors of the GWPs enter only where `linyin.toml` states `uncertainty.gwp`, as one group of all
gases but CO2.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from linyin.inventory.inventory import Inventory, Scope2Method
from linyin.ledger import (
    Aggregate,
    Approach1,
    DataQuality,
    PlaceLevel,
    QualityScores,
    Trend,
    UncertaintyComponent,
    combine_uncertainty,
    default_uncertainty,
    input_groups,
    named_inputs,
    place_score,
    time_score,
    trend_uncertainty,
    weighted_quality,
)

if TYPE_CHECKING:
    from linyin.ledger import SimulatedTotal

__all__ = ["Assessment", "aggregates", "assess", "trend_between"]

SEED: Final = 20060101
STATUS_PCT: Final[Mapping[str, float]] = {
    "measured": 2.0,
    "invoiced": 2.0,
    "estimated": 20.0,
    "default": 50.0,
}
EXCHANGE_PCT: Final = 1.0
_BASIC: Final[Mapping[str, str]] = {
    "fuel": "co2",
    "freight": "transport_service",
    "travel": "transport_service",
    "commuting": "transport_service",
}
_DERIVED: Final[Mapping[str, int]] = {"spend": 4, "investment": 4, "goods": 2}


@dataclass(frozen=True, slots=True)
class Assessment:
    """Uncertainty and quality of one total.

    Attributes
    ----------
    approach1
        Error propagation. [t CO2e]
    approach2
        Monte Carlo; None where approach 1 had no warning and none was asked for. [t CO2e]
    quality
        Means of the five scores, weighted by emissions; None where nothing is scored.
    defaulted
        Share of the emissions whose factor has a default interval. [-]
    """

    approach1: Approach1
    approach2: SimulatedTotal | None
    quality: DataQuality | None
    defaulted: float


@dataclass(frozen=True, slots=True)
class _Scored:
    aggregate: Aggregate
    scores: QualityScores | None
    is_default: bool


def assess(
    inventory: Inventory,
    scope2_method: Scope2Method = "location",
    *,
    draws: int = 100_000,
    seed: int = SEED,
    simulate_always: bool = False,
) -> Assessment:
    """Work out the uncertainty of an inventory's total and the quality of its data.

    Parameters
    ----------
    inventory : Inventory
    scope2_method : {'location', 'market'}
    draws, seed : int
        Of approach 2.
    simulate_always : bool
        Draw also where approach 1 is good enough.

    Returns
    -------
    Assessment

    References
    ----------
    .. [1] IPCC (2006), Guidelines for National Greenhouse Gas Inventories, vol. 1, ch. 3.
    """
    scored = list(_scored(inventory, scope2_method))
    parts = [s.aggregate for s in scored]
    first = combine_uncertainty(parts)
    second = None
    if parts and (first.warnings or simulate_always):
        from linyin.ledger import simulate_total

        second = simulate_total(parts, seed=seed, draws=draws)
    weights = [abs(s.aggregate.value) for s in scored]
    total = math.fsum(weights)
    has_scores = any(s.scores and w for s, w in zip(scored, weights, strict=True))
    quality = weighted_quality([s.scores for s in scored], weights) if has_scores else None
    soft = math.fsum(w for s, w in zip(scored, weights, strict=True) if s.is_default)
    return Assessment(first, second, quality, soft / total if total else 0.0)


def aggregates(inventory: Inventory, scope2_method: Scope2Method = "location") -> list[Aggregate]:
    """Add an inventory up to one aggregate per factor, correlation group and set of inputs."""
    return [scored.aggregate for scored in _scored(inventory, scope2_method)]


def trend_between(
    base: Inventory, year: Inventory, scope2_method: Scope2Method = "location"
) -> Trend:
    """Work out the uncertainty of the change between two years' totals."""
    return trend_uncertainty(aggregates(base, scope2_method), aggregates(year, scope2_method))


_GROUPS: Final = """
    WITH places AS (
        SELECT code, coalesce(nullif(min(place), ''), min(country), '') AS place
        FROM organization GROUP BY code
    ), booked AS (
        SELECT source, external_id, leg, sum(co2e_mg) / 1e9 AS t,
               sum(co2e_mg - co2_mg - co2_land_use_mg) / 1e9 AS other
        FROM reported WHERE scope2_method IN ('', $method)
        GROUP BY ALL
    ), told AS (
        SELECT l.factor_id, l.correlation_group, l.instrument, c.inputs, l.steps,
               CASE WHEN c.inputs = '' THEN ''
                    ELSE c.source_type || ':' || coalesce(nullif(c.technology, ''), c.item)
               END AS subject,
               coalesce(nullif(c.place, ''), p.place, '') AS place,
               year(l.leg_from) AS year, source, external_id,
               sum(b.t) AS t, sum(b.other) AS other
        FROM booked b JOIN legs l USING (leg) JOIN contexts c USING (context)
        LEFT JOIN places p ON p.code = l.booked_site
        GROUP BY ALL
    )
    SELECT t.* EXCLUDE (source, external_id, t, other),
           CASE WHEN t.inputs = '' THEN '' ELSE coalesce(a.correlation_group, '') END AS named,
           sum(t.t) AS t, sum(t.other) AS other, sum((t.t * coalesce(a.uncertainty_pct,
               CASE a.status WHEN 'measured' THEN $measured WHEN 'invoiced' THEN $invoiced
                   WHEN 'estimated' THEN $estimated ELSE $default END) / 100) ** 2) AS squares
    FROM told t JOIN activities a USING (source, external_id)
    GROUP BY ALL
    ORDER BY ALL
"""


def _scored(inventory: Inventory, scope2_method: Scope2Method) -> Iterator[_Scored]:
    stated: Mapping[str, float] = inventory.run["uncertainty"]
    status = {name: stated.get(name, pct) for name, pct in STATUS_PCT.items()}
    used = inventory.query(
        "SELECT * FROM factors WHERE factor_id IN (SELECT factor_id FROM legs)"
    ).to_pylist()
    factors = {row["factor_id"]: row for row in used}
    parts: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in inventory.query(_GROUPS, {**status, "method": scope2_method}).to_pylist():
        names = ("factor_id", "instrument", "subject", "inputs", "named")
        key = (*(row[name] for name in names), _exchange(row["steps"]))
        parts.setdefault(key, []).append(row)
    for key, rows in sorted(parts.items()):
        yield _one(key, rows, factors.get(key[0]), stated)


def _one(
    key: tuple[str, ...],
    rows: list[dict[str, Any]],
    factor: Mapping[str, str] | None,
    stated: Mapping[str, float],
) -> _Scored:
    _, _, subject, inputs, named, exchange = key
    groups = input_groups(named)
    value = math.fsum(row["t"] for row in rows)
    spread = math.sqrt(math.fsum(row["squares"] for row in rows))
    components = [UncertaintyComponent.within(spread / abs(value))] if value and spread else []
    scores, is_default = None, False
    if factor is not None:
        scores = _scores(factor, rows)
        low, high, is_default = _interval(factor, scores)
        components.append(
            UncertaintyComponent(low, high, group=f"factor:{rows[0]['correlation_group']}")
        )
    for name in filter(None, inputs.split(",")):
        half = stated.get(name, named_inputs()[name].half_width_pct) / 100
        if half:
            group = groups.get(name) or groups.get("") or subject
            components.append(UncertaintyComponent.within(half, group=f"{name}:{group}"))
    if exchange:
        half = stated.get("exchange", EXCHANGE_PCT) / 100
        components.append(UncertaintyComponent.within(half, group=f"exchange:{exchange}"))
    warming = stated.get("gwp", 0.0) / 100 * math.fsum(row["other"] for row in rows)
    if value and warming:
        components.append(UncertaintyComponent.within(abs(warming / value), group="gwp"))
    aggregate = Aggregate(" | ".join(key), value, tuple(components))
    return _Scored(aggregate, scores, is_default)


def _interval(factor: Mapping[str, str], scores: QualityScores) -> tuple[float, float, bool]:
    """Return the 95 % interval of a factor below and above its value, and whether it is assumed."""
    if factor["uncertainty_pct"]:
        half = float(factor["uncertainty_pct"]) / 100
        return half, half, False
    value = float(factor["co2_kg"] or 0)
    if value and factor["co2_low_kg"] and factor["co2_high_kg"]:
        low, high = float(factor["co2_low_kg"]), float(factor["co2_high_kg"])
        return 1 - low / value, high / value - 1, False
    return (*default_uncertainty(scores, _BASIC.get(factor["use"], "energy_and_materials")), True)


def _scores(factor: Mapping[str, str], rows: list[dict[str, Any]]) -> QualityScores:
    if factor["quality"]:
        return QualityScores.parse(factor["quality"])
    years = max(abs(int(factor["data_year"]) - row["year"]) for row in rows)
    place = max(place_score(_level(row["place"]), _level(factor["place"])) for row in rows)
    reliability = 2 if factor["status"] == "approved" else 4
    return QualityScores(reliability, 2, time_score(years), place, _DERIVED.get(factor["use"], 2))


def _level(place: str) -> PlaceLevel:
    if place in ("", "world"):
        return "world"
    if "." in place:
        return "region"
    return "subdivision" if "-" in place else "country"


def _exchange(steps: str) -> str:
    if "exchange" not in steps:
        return ""
    return ",".join(s["unit"] for s in json.loads(steps) if s["step"] == "exchange")
