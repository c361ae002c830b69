"""What reports: site × source type × item × meter, told from the rows alone.

A meter is what is left of the external ids of a source without their dates (`E1-2023-05` →
`E1-*`), where that leaves few names for many rows. A row that `estimate` wrote names no meter of
its own: it belongs to the one that its id ends with, or to the source as a whole.
"""

from __future__ import annotations

from typing import Final

import duckdb
import pyarrow as pa

from linyin.inventory.estimate_file import PREFIX
from linyin.ledger import parse_unit

__all__ = ["DATED", "KEY", "MONTHLY_DAYS", "lay_out_sources", "units_table"]

MONTHLY_DAYS: Final = (20, 35)
KEY: Final = (
    "site",
    "source_type",
    "item",
    "technology",
    "product",
    "relation",
    "method",
    "counterparty",
    "place",
    "flow",
    "supply",
    "inputs",
    "dimension",
)
DATED: Final = r"(19|20)\d\d([-_./]?(1[0-2]|0[1-9]|Q[1-4]|H[12]))?"
_ESTIMATED: Final = f"(starts_with(external_id, '{PREFIX}') AND status = 'estimated')"
_METERS_OF_ESTIMATES: Final = """
WITH meters AS (SELECT DISTINCT {key}, stem FROM rows WHERE NOT {estimated}),
named AS (
    SELECT external_id, arg_max(m.stem, length(m.stem)) AS stem
    FROM rows AS r JOIN meters AS m USING ({key})
    WHERE {estimated} AND ends_with(regexp_replace(external_id, ':[^:]*$', ''), '/' || m.stem)
    GROUP BY external_id
)
UPDATE rows SET stem = named.stem FROM named
WHERE rows.external_id = named.external_id AND rows.status = 'estimated'
"""
_SOURCES: Final = """
CREATE TABLE sources AS
WITH coarse AS (
    SELECT {key}, stems > 1 AND stems * 3 <= n AS has_meters
    FROM (
        SELECT {key}, count(*) FILTER (NOT {estimated}) AS n,
            count(DISTINCT stem) FILTER (NOT {estimated}) AS stems
        FROM rows GROUP BY {key}
    )
)
SELECT row_number() OVER (ORDER BY {key}, meter)::INTEGER AS source_id, {key}, meter,
    has_meters, n, first_day, last_day, covered,
    short >= 3 AND short >= 0.8 * n AND covered >= 0.5 * (last_day - first_day) AS monthly
FROM (
    SELECT {key}, CASE WHEN has_meters THEN stem ELSE '' END AS meter, has_meters,
        count(*) AS n, min(begin) AS first_day, max("end") AS last_day,
        sum(days) AS covered, count(*) FILTER (days BETWEEN {low} AND {high}) AS short
    FROM rows JOIN coarse USING ({key}) GROUP BY ALL
)
"""
_POINTS: Final = """
CREATE TABLE points AS
SELECT r.*, s.source_id, s.monthly
FROM rows AS r JOIN sources AS s USING ({key})
WHERE s.meter = CASE WHEN s.has_meters THEN r.stem ELSE '' END
"""


def lay_out_sources(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables `sources` and `points` of a connection from its table `rows`.

    `rows` has the columns `KEY`, `external_id`, `status`, `begin`, `end`, `days` and `stem` (the
    external id with its date as `*`). A source is monthly if at least three rows and four fifths
    of them last 20 to 35 days and they cover half of the time from first to last. `points` are
    the rows with their source.
    """
    low, high = MONTHLY_DAYS
    key = ", ".join(KEY)
    connection.execute(_METERS_OF_ESTIMATES.format(key=key, estimated=_ESTIMATED))
    connection.execute(_SOURCES.format(key=key, estimated=_ESTIMATED, low=low, high=high))
    connection.execute(_POINTS.format(key=key))


def units_table(codes: list[str]) -> pa.Table:
    """Return what the units of rows mean: dimension, kind in words, size in base units."""
    units = [parse_unit(code) for code in codes]
    bare = ["·".join(f"{base}{power:+}" for base, power in u.dimensions) for u in units]
    dimensions = [f"{of} {unit.basis}" for of, unit in zip(bare, units, strict=True)]
    return pa.table(
        {
            "unit": pa.array(codes, pa.string()),
            "dimension": pa.array(dimensions, pa.string()),
            "bare": pa.array(bare, pa.string()),
            "kind": pa.array([unit.kind for unit in units], pa.string()),
            "factor": pa.array([float(unit.factor) for unit in units], pa.float64()),
        }
    )
