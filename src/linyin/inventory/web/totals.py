"""Stored roll-ups of a run: what pages read without opening its bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from linyin.inventory import Inventory

__all__ = ["METHODS", "totals_of"]

METHODS: Final = ("location", "market")


def totals_of(inventory: Inventory) -> dict[str, Any]:
    """Return what pages show of a run.

    Keys: `cells` (method → node → line → mg CO2e as text), `soft` (the same of what rests on
    estimates and defaults), `gases` (mass → mg), `revenue` (value, currency), `findings`
    (severity → number), `outside` (role and flow → mg), `factors` (factor → mg CO2e that stand
    on it), `factor_lines` (factor → line, scope-2 method, entries and mg CO2e of each line).
    """
    return {
        "cells": {method: _cells(inventory, method, "TRUE") for method in METHODS},
        "soft": {
            method: _cells(inventory, method, "status IN ('estimated', 'default')")
            for method in METHODS
        },
        "gases": {mass: str(mg) for mass, mg in inventory.by_gas("location").items()},
        "revenue": inventory.revenue(),
        "findings": _severities(inventory),
        "outside": _outside(inventory),
        "factors": _factors(inventory),
        "factor_lines": _factor_lines(inventory),
    }


def _cells(inventory: Inventory, method: str, condition: str) -> dict[str, dict[str, str]]:
    rows = inventory.query(
        "SELECT booked_site, line, sum(co2e_mg)::VARCHAR AS mg FROM entries "
        "WHERE role = 'reported' AND flow = 'emission' AND scope2_method IN ('', $1) "
        f"AND {condition} GROUP BY booked_site, line ORDER BY ALL",
        [method],
    ).to_pylist()
    cells: dict[str, dict[str, str]] = {}
    for row in rows:
        cells.setdefault(row["booked_site"], {})[row["line"]] = row["mg"]
    return cells


def _outside(inventory: Inventory) -> dict[str, str]:
    rows = inventory.query(
        "SELECT role, flow, sum(co2e_mg)::VARCHAR AS mg FROM entries "
        "WHERE role <> 'reported' OR flow <> 'emission' GROUP BY role, flow ORDER BY ALL"
    ).to_pylist()
    return {f"{row['role']}-{row['flow']}": row["mg"] for row in rows}


def _factors(inventory: Inventory) -> dict[str, str]:
    rows = inventory.query(
        "SELECT l.factor_id, sum(e.co2e_mg)::VARCHAR AS mg FROM entries AS e JOIN legs AS l "
        "USING (leg) WHERE l.factor_id <> '' GROUP BY l.factor_id ORDER BY ALL"
    ).to_pylist()
    return {row["factor_id"]: row["mg"] for row in rows}


def _factor_lines(inventory: Inventory) -> dict[str, list[list[Any]]]:
    rows = inventory.query(
        "SELECT l.factor_id, e.line, e.scope2_method, count(*) AS entries, "
        "sum(e.co2e_mg)::VARCHAR AS mg FROM entries AS e JOIN legs AS l USING (leg) "
        "WHERE l.factor_id <> '' GROUP BY l.factor_id, e.line, e.scope2_method ORDER BY ALL"
    ).to_pylist()
    lines: dict[str, list[list[Any]]] = {}
    for row in rows:
        told = [row["line"], row["scope2_method"], int(row["entries"]), row["mg"]]
        lines.setdefault(row["factor_id"], []).append(told)
    return lines


def _severities(inventory: Inventory) -> dict[str, int]:
    found: dict[str, int] = {}
    for finding in inventory.findings:
        found[finding.severity] = found.get(finding.severity, 0) + 1
    return found
