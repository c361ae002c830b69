# ruff: noqa: D401 - a docstring of a check says what is wrong, as style asks
"""Consumption per square metre or head that no building has."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final

import pyarrow as pa

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.inventory.sources import units_table
from linyin.lake import Finding

__all__: list[str] = []

_INTENSITIES: Final = """
WITH levels AS (
    SELECT node, metric, avg(value * u.factor) AS level
    FROM metrics AS m JOIN metric_units AS u USING (unit)
    WHERE metric IN ('floor_area', 'heads') AND value > 0 AND (
        (begin IS NOT NULL AND begin < $end AND "end" > $begin)
        OR period LIKE $year || '%' OR period = 'FY' || $year)
    GROUP BY ALL
), used AS (
    SELECT r.site, p.measure, p.unit, p.metric, p.metric_unit, p.low, p.high,
        sum(r.base) / any_value(u.factor) AS quantity, sum(r.days) AS days,
        min(r.begin) AS first, max(r."end") AS last,
        arg_max(struct_pack(_file, _sheet, _row), r.base) AS spot
    FROM rows AS r JOIN plausible AS p
        ON p.source_type = r.source_type AND p.item IN ('', r.item)
    JOIN metric_units AS u ON u.unit = p.unit AND u.dimension = r.dimension
    WHERE NOT r.past AND NOT r.later AND r.begin >= $begin AND r."end" <= $end
        AND r.stated = ''
    GROUP BY ALL
)
SELECT used.*, quantity * 365.0 / (last - first)
    / (levels.level / u.factor) AS intensity
FROM used JOIN levels ON levels.node = used.site AND levels.metric = used.metric
JOIN metric_units AS u ON u.unit = used.metric_unit
WHERE quantity > 0 AND NOT intensity BETWEEN low AND high
ORDER BY ALL
"""


@check("intensity", severity="question")
def intensity(subject: Subject) -> Iterator[Finding]:
    """A site's use a year per m² or head is outside the wide bounds of `plausible.csv`."""
    metrics = subject.each("SELECT DISTINCT unit FROM metrics")
    codes = {row["unit"] for row in metrics} | {
        row[name] for row in _plausible() for name in ("unit", "metric_unit")
    }
    subject.register("metric_units", units_table(sorted(codes)))
    subject.register("plausible", pa.Table.from_pylist(list(_plausible())))
    for row in subject.each(_INTENSITIES, {"year": str(subject.inventory.run["year"])}):
        fields = {
            "measure": row["measure"],
            "site": row["site"],
            "intensity": f"{row['intensity']:.4g}",
            "unit": f"{row['unit']}/{row['metric_unit']}",
            "low": f"{row['low']:g}",
            "high": f"{row['high']:g}",
        }
        yield Finding("intensity", "question", where(row["spot"], "quantity"), fields)


@cache
def _plausible() -> tuple[dict[str, Any], ...]:
    text = resources.files(__package__).joinpath("plausible.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), strict=True)
    return tuple({**row, "low": float(row["low"]), "high": float(row["high"])} for row in rows)
