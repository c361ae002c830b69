"""The largest entries of a bundle with the rows that they are from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linyin.inventory.inventory import Inventory
from linyin.inventory.report.model import EntryRow

__all__ = ["count", "largest"]

_SQL = """
WITH shown AS (
    SELECT *, row_number() OVER (
        ORDER BY abs(co2e_mg) DESC, source, external_id, leg, part
    ) AS place FROM entries QUALIFY place <= $1
)
SELECT e.source || '/' || e.external_id || '@' || e.leg AS entry, e.booked_site, e.entity, e.line,
    e.scope2_method, e.role, e.flow, e.status, e.begin, e."end", e.amount, e.fraction, e.share,
    e.co2e_mg, e.co2_biogenic_mg, l.unit, l.factor_id, l.source_type, c.item,
    a._file AS file, a._sheet AS sheet, a._row AS "row"
FROM shown e
JOIN legs l USING (leg)
JOIN contexts c ON c.context = e.context
LEFT JOIN activities a ON a.source = e.source AND a.external_id = e.external_id
ORDER BY e.place
"""


def count(inventory: Inventory) -> int:
    """Count the entries of all roles."""
    return int(inventory.query("SELECT count(*) AS n FROM entries")["n"][0].as_py())


def largest(inventory: Inventory, most: int) -> tuple[EntryRow, ...]:
    """Read entries of all roles, those with the most CO2e first."""
    rows: list[dict[str, Any]] = inventory.query(_SQL, [most]).to_pylist()
    return tuple(_row(row) for row in rows)


def _row(row: dict[str, Any]) -> EntryRow:
    return EntryRow(
        entry=row["entry"],
        site=row["booked_site"],
        entity=row["entity"],
        line=row["line"],
        scope2_method=row["scope2_method"],
        role=row["role"],
        flow=row["flow"],
        status=row["status"],
        source_type=row["source_type"],
        item=row["item"],
        begin=row["begin"],
        last=row["end"] - timedelta(days=1),
        amount=row["amount"],
        unit=row["unit"],
        fraction=row["fraction"],
        share=row["share"],
        factor_id=row["factor_id"],
        co2e_mg=int(row["co2e_mg"]),
        biogenic_co2_mg=int(row["co2_biogenic_mg"]),
        file=row["file"] or "",
        sheet=row["sheet"] or "",
        row=row["row"],
    )
