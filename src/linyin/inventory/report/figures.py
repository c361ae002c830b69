"""Sums over a report's lines: by scope, ISO category, gas; every total names its method."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from linyin.inventory.checks import GAPS
from linyin.inventory.report.model import Line, ReportModel, Scope2Method, YearTotals

__all__ = [
    "GASES",
    "ISO_CATEGORIES",
    "LINES",
    "by_gas",
    "by_iso_category",
    "by_line",
    "by_scope",
    "estimated_share",
    "gaps_found",
    "gases_of",
    "lines_of",
    "quality",
    "scope_of",
    "scopes_of_year",
    "total_mg",
    "undecided",
]

LINES = (
    *(f"1.{n}" for n in range(1, 5)),
    *(f"2.{n}" for n in range(1, 3)),
    *(f"3.{n}" for n in range(1, 16)),
)
GASES = ("co2", "ch4", "n2o", "hfc", "pfc", "sf6", "nf3", "undivided")
ISO_CATEGORIES = tuple(range(1, 7))


def scope_of(line: str) -> int:
    """Scope of a line; 0 = outside."""
    return int(line.split(".", 1)[0])


def lines_of(model: ReportModel, method: Scope2Method) -> Iterator[Line]:
    """Lines of one inventory: those without a scope-2 method, and those of `method`."""
    return (line for line in model.lines if line.scope2_method in ("", method))


def total_mg(model: ReportModel, method: Scope2Method) -> int:
    """Emissions of the scopes under one scope-2 method. [mg CO2e]"""
    return sum(line.co2e_mg for line in lines_of(model, method))


def by_line(model: ReportModel, method: Scope2Method) -> dict[str, int]:
    """CO2e of every line that has any. [mg]"""
    sums: dict[str, int] = defaultdict(int)
    for line in lines_of(model, method):
        sums[line.line] += line.co2e_mg
    return dict(sums)


def by_scope(model: ReportModel, method: Scope2Method) -> dict[int, int]:
    """CO2e of scopes 1, 2, 3. [mg]"""
    sums = {1: 0, 2: 0, 3: 0}
    for line in lines_of(model, method):
        sums[scope_of(line.line)] += line.co2e_mg
    return sums


def by_iso_category(model: ReportModel, method: Scope2Method) -> dict[int, int]:
    """CO2e of the ISO 14064-1 categories 1 to 6. [mg]"""
    sums = dict.fromkeys(ISO_CATEGORIES, 0)
    for line in lines_of(model, method):
        sums[line.iso_category] += line.co2e_mg
    return sums


def gases_of(lines: Iterable[Line]) -> dict[str, tuple[int | None, int]]:
    """Mass and CO2e of each gas of some lines; mass is None where a part has none. [mg]"""
    masses: dict[str, int | None] = {}
    amounts: dict[str, int] = defaultdict(int)
    for line in lines:
        for gas in line.gases:
            amounts[gas.gas] += gas.co2e_mg
            before = masses.get(gas.gas, 0)
            unknown = before is None or gas.mass_mg is None
            masses[gas.gas] = None if unknown else (before or 0) + (gas.mass_mg or 0)
    return {gas: (masses[gas], amounts[gas]) for gas in GASES if gas in amounts}


def by_gas(model: ReportModel, method: Scope2Method, scope: int = 0) -> dict[str, int]:
    """CO2e by gas of a scope, or of all with scope 0. [mg]"""
    chosen = (
        line for line in lines_of(model, method) if scope == 0 or scope_of(line.line) == scope
    )
    return {gas: co2e for gas, (_, co2e) in gases_of(chosen).items()}


def estimated_share(model: ReportModel, method: Scope2Method) -> float:
    """Part of the total whose activity is estimated or a default. [0..1]"""
    total = total_mg(model, method)
    part = sum(line.co2e_mg * line.estimated_share for line in lines_of(model, method))
    return part / total if total else 0.0


def quality(model: ReportModel, method: Scope2Method) -> float | None:
    """Emission-weighted data-quality score of the lines that have one, 1 best to 5."""
    scored = [line for line in lines_of(model, method) if line.quality is not None]
    weight = sum(abs(line.co2e_mg) for line in scored)
    if not weight:
        return None
    return sum(abs(line.co2e_mg) * (line.quality or 0.0) for line in scored) / weight


def scopes_of_year(year: YearTotals, method: Scope2Method) -> dict[int, int]:
    """CO2e of a year's scopes under one scope-2 method; `lines` holds location figures. [mg]"""
    sums = {1: 0, 2: 0, 3: 0}
    for line, co2e in year.lines.items():
        sums[scope_of(line)] += co2e
    if method == "market":
        sums[2] = year.scope2_market_mg
    return sums


def undecided(model: ReportModel) -> list[str]:
    """Return the lines without emissions that nobody decided to leave out, if the standard asks."""
    if model.identity.standard == "GB/T 32150":
        return []
    return [row.line for row in model.screening if row.treatment == "undecided"]


def gaps_found(model: ReportModel) -> int:
    """Count the findings that say that a part of the period has no data."""
    return sum(1 for found in model.findings if found.code in GAPS)
