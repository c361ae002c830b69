# ruff: noqa: D401 - a docstring of a check says what is wrong, as style asks
"""The same emissions counted twice in different clothes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.lake import Finding

__all__: list[str] = []

_OTHER_TYPE: Final = """
SELECT a._file, a._sheet, a._row, a.external_id, a.source_type, a.item, a.quantity, a.unit,
    b.external_id AS other, b.source_type AS other_type
FROM rows AS a JOIN rows AS b
    ON b.site = a.site AND b.item = a.item AND b.dimension = a.dimension
    AND b.begin = a.begin AND b."end" = a."end" AND abs(b.base / a.base - 1) <= 0.005
WHERE NOT a.past AND NOT a.later AND NOT b.past AND a.kind = 'normal' AND b.kind = 'normal'
    AND a.base > 0 AND b.base > 0 AND a.source_type > b.source_type
    AND a.unit_kind IN ('energy', 'volume', 'mass', 'gas_volume') AND a.stated = b.stated
    AND a.flow = b.flow
    AND a.source_type NOT IN (FROM exports) AND b.source_type NOT IN (FROM exports)
ORDER BY a._file, a._sheet, a._row
"""

_METERS: Final = """
WITH monthly AS (
    SELECT site, source_type, item, dimension, meter, p.month, sum(base) AS base,
        arg_min(struct_pack(_file, _sheet, _row), (_file, _sheet, _row)) AS spot
    FROM points AS p JOIN sources AS s USING (source_id, site, source_type, item, dimension)
    WHERE p.kind = 'normal' AND NOT past AND NOT later AND s.has_meters
    GROUP BY ALL
), beside AS (
    SELECT *, sum(base) OVER around - base AS others, count(*) OVER around AS meters
    FROM monthly WINDOW around AS (PARTITION BY site, source_type, item, dimension, month)
)
SELECT site, item, meter, count(*) AS months, max(meters) - 1 AS subs,
    arg_min(spot, month) AS spot
FROM beside
GROUP BY site, source_type, item, dimension, meter
HAVING count(*) >= 3 AND bool_and(meters >= 3)
    AND bool_and(base > 0 AND abs(others / base - 1) <= 0.005)
ORDER BY ALL
"""

_SUBMETERS: Final = """
SELECT a._file, a._sheet, a._row, a.site, a.target, a.item, a.value, a.unit,
    count(*) AS rows
FROM allocations AS a JOIN units AS u ON u.unit = a.unit
JOIN rows AS r ON r.site = a.target AND (a.item = '' OR r.item = a.item)
    AND r.dimension = u.dimension AND r.kind = 'normal' AND NOT r.past AND NOT r.later
    AND r.begin >= coalesce(a.begin, r.begin) AND r."end" <= coalesce(a."end", r."end")
WHERE a.key = 'submeter' AND a.value > 0 AND a.target <> a.site
GROUP BY a._file, a._sheet, a._row, a.site, a.target, a.item, a.value, a.unit, u.factor
HAVING abs(sum(r.base) / (a.value * u.factor) - 1) <= 0.01
ORDER BY a._file, a._sheet, a._row
"""

_SPEND: Final = """
WITH booked AS (
    SELECT DISTINCT source, external_id FROM reported WHERE line LIKE '3.%'
), bought AS (
    SELECT r.*, unit_kind = 'currency' AS is_money
    FROM rows AS r JOIN booked USING (source, external_id)
    WHERE counterparty <> '' AND kind = 'normal' AND NOT past AND NOT later
)
SELECT site, counterparty, item, count(*) AS rows,
    arg_max(struct_pack(_file, _sheet, _row), (is_money, _file, _sheet, _row)) AS spot,
    arg_max(external_id, (is_money, _file, _sheet, _row)) AS money,
    arg_min(external_id, (is_money, _file, _sheet, _row)) AS goods
FROM bought
GROUP BY site, counterparty, item, source_type
HAVING bool_or(is_money) AND bool_or(NOT is_money)
    AND max(begin) FILTER (is_money) < max("end") FILTER (NOT is_money)
    AND min("end") FILTER (is_money) > min(begin) FILTER (NOT is_money)
ORDER BY ALL
"""

_LIFE_CYCLE: Final = """
WITH booked AS (
    SELECT e.source, e.external_id, l.boundary, e.line, e.scope2_method, l.factor_id
    FROM reported AS e JOIN legs AS l USING (leg)
)
SELECT DISTINCT r._file, r._sheet, r._row, t.line, t.factor_id AS factor, u.line AS other_line,
    u.boundary
FROM booked AS t JOIN booked AS u USING (source, external_id)
JOIN rows AS r USING (source, external_id)
WHERE t.boundary = 'total' AND u.boundary IN ('upstream', 'losses', 'combustion')
    AND t.line <> u.line AND u.scope2_method IN ('', t.scope2_method)
    AND NOT r.past
ORDER BY ALL
"""


@check("double-source-type", severity="warning")
def double_source_type(subject: Subject) -> Iterator[Finding]:
    """The same litres, kWh or kg of one site and period stand under two source types."""
    for row in subject.each(_OTHER_TYPE):
        fields = {
            "quantity": f"{row['quantity']:.12g}",
            "unit": row["unit"],
            "item": row["item"],
            "source_type": row["source_type"],
            "other_type": row["other_type"],
            "other": row["other"],
        }
        yield Finding("double-source-type", "warning", where(row, "source_type"), fields)


@check("double-meter", severity="warning")
def double_meter(subject: Subject) -> Iterator[Finding]:
    """A meter shows in every month what the other meters of its site show together."""
    for row in subject.each(_METERS):
        fields = {
            "meter": row["meter"],
            "site": row["site"],
            "item": row["item"],
            "months": row["months"],
            "subs": row["subs"],
        }
        yield Finding("double-meter", "warning", where(row["spot"], "external_id"), fields)


@check("double-submeter", severity="warning")
def double_submeter(subject: Subject) -> Iterator[Finding]:
    """What a sub-meter takes of a shared site also stands as rows of its own."""
    for row in subject.each(_SUBMETERS):
        fields = {
            "site": row["site"],
            "target": row["target"],
            "value": f"{row['value']:.12g}",
            "unit": row["unit"],
            "rows": row["rows"],
        }
        yield Finding("double-submeter", "warning", where(row, "value"), fields)


@check("double-spend", severity="warning")
def double_spend(subject: Subject) -> Iterator[Finding]:
    """A good of one counterparty and time is reported by its price and by its amount."""
    for row in subject.each(_SPEND):
        fields = {
            "counterparty": row["counterparty"],
            "item": row["item"],
            "money": row["money"],
            "goods": row["goods"],
            "rows": row["rows"],
        }
        yield Finding("double-spend", "warning", where(row["spot"], "unit"), fields)


@check("double-life-cycle", severity="warning")
def double_life_cycle(subject: Subject) -> Iterator[Finding]:
    """A row on a life-cycle factor also has its upstream or its losses on another line."""
    for row in subject.each(_LIFE_CYCLE):
        fields = {
            "factor": row["factor"],
            "line": row["line"],
            "other_line": row["other_line"],
            "boundary": row["boundary"],
        }
        yield Finding("double-life-cycle", "warning", where(row), fields)
