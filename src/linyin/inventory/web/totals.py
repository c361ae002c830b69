"""Stored roll-ups of a run: what pages read without opening its bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from linyin.inventory import Inventory

__all__ = ["METHODS", "totals_of"]

METHODS: Final = ("location", "market")


def totals_of(inventory: Inventory) -> dict[str, Any]:
    """Return what pages show of a run: mg CO2e as texts, shares as numbers.

    Keys: `lines` (method → line → mg), `sites` (method → node → mg), `gases` (mass → mg),
    `estimated` (method → share), `revenue`, `findings` (severity → number).
    """
    return {
        "lines": {m: {k: str(v) for k, v in inventory.by_line(m).items()} for m in METHODS},
        "sites": {m: _by_site(inventory, m) for m in METHODS},
        "gases": {k: str(v) for k, v in inventory.by_gas("location").items()},
        "estimated": {m: inventory.estimated_share(m) for m in METHODS},
        "revenue": inventory.metric("revenue"),
        "findings": _severities(inventory),
    }


def _by_site(inventory: Inventory, method: str) -> dict[str, str]:
    rows = inventory.query(
        "SELECT booked_site, sum(co2e_mg)::VARCHAR AS mg FROM entries WHERE role = 'reported' "
        "AND flow = 'emission' AND scope2_method IN ('', $1) GROUP BY booked_site ORDER BY ALL",
        [method],
    ).to_pylist()
    return {row["booked_site"]: row["mg"] for row in rows}


def _severities(inventory: Inventory) -> dict[str, int]:
    found: dict[str, int] = {}
    for finding in inventory.findings:
        found[finding.severity] = found.get(finding.severity, 0) + 1
    return found
