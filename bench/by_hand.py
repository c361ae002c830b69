"""What somebody would write by hand: one SQL query that joins rows with resolved legs.

It gets the legs ready-made, so it does none of the choosing of factors; columns, rounding and
files are the ledger's.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from linyin.ledger import CONTEXT_COLUMNS, ENTRY_COLUMNS, MASSES

ROUNDED = "(CASE WHEN {0} < 0 THEN -floor(0.5 - ({0})) ELSE floor(({0}) + 0.5) END)::BIGINT"


def entries_query(activities: list[Path], legs: Path) -> str:
    """Return the query of the entries' columns."""
    on = " AND ".join(f'r."{name}" = l."{name}"' for name in CONTEXT_COLUMNS)
    masses = ", ".join(_mass(mass) for mass in MASSES)
    plain = ", ".join(f'"{name}"' for name in ENTRY_COLUMNS if name not in MASSES)
    files = ", ".join(f"'{file}'" for file in activities)
    return f"""
    WITH joined AS (
        SELECT r.source, r.external_id, r.revision, r.status, r.begin, r."end", r.flow,
            r.quantity AS amount, l.* EXCLUDE ({", ".join(f'"{c}"' for c in CONTEXT_COLUMNS)}),
            (greatest(r.begin, l.leg_from) - r.begin)::DOUBLE / (r."end" - r.begin) AS t0,
            (least(r."end", l.leg_to) - r.begin)::DOUBLE / (r."end" - r.begin) AS t1
        FROM read_parquet([{files}]) AS r JOIN read_parquet('{legs}') AS l ON {on}
        WHERE r.begin < l.leg_to AND r."end" > l.leg_from
    ), cut AS (
        SELECT *, t0 * (1 - lo) + t1 * lo AS a, t0 * (1 - hi) + t1 * hi AS b,
            0::INTEGER AS part
        FROM joined
    ), shares AS (SELECT *, b - a AS fraction FROM cut)
    SELECT {plain}, {masses} FROM shares
    """


def _mass(mass: str) -> str:
    start = ROUNDED.format(f"amount * k_{mass} * a")
    stop = ROUNDED.format(f"amount * k_{mass} * b")
    return f"{stop} - {start} AS {mass}"


def write_entries(activities: list[Path], legs: Path, target: Path, memory: str) -> None:
    """Write the entries as one Parquet file, durably."""
    config = {"threads": 2, "memory_limit": memory, "preserve_insertion_order": False}
    with duckdb.connect(config=config) as connection:
        query = entries_query(activities, legs)
        connection.sql(query).write_parquet(str(target), compression="zstd")
    with target.open("rb") as handle:
        os.fsync(handle.fileno())


def roll_up(entries: Path, memory: str) -> dict[str, int]:
    """Add up the entries by line and scope-2 method. [mg CO2e]"""
    config = {"threads": 2, "memory_limit": memory}
    with duckdb.connect(config=config) as connection:
        rows = connection.sql(
            f"SELECT line, scope2_method, sum(co2e_mg)::VARCHAR FROM read_parquet('{entries}') "
            "WHERE role = 'reported' AND flow = 'emission' GROUP BY line, scope2_method"
        ).fetchall()
    return {f"{line} {method}".strip(): int(total) for line, method, total in rows}
