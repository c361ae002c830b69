"""Activity rows for the benchmark: the same bytes of content for the same arguments."""

from __future__ import annotations

from pathlib import Path

import duckdb

import world
from linyin.ledger import CONTEXT_COLUMNS

ROWS_OF_A_FILE = 2_500_000

_ROWS = """
SELECT
    CASE c.source_type WHEN 'electricity' THEN 'meters' WHEN 'goods' THEN 'purchasing'
        WHEN 'services' THEN 'purchasing' ELSE 'facilities' END AS source,
    'r-' || lpad(i::VARCHAR, 10, '0') AS external_id,
    1::INTEGER AS revision,
    {context},
    CASE WHEN h % 200 = 0 THEN first_day - 15 ELSE first_day END AS begin,
    CASE WHEN h % 200 = 0 THEN first_day + 15 ELSE last_day(first_day) + 1 END AS "end",
    round(low + (high - low) * (hash(i, 'quantity') % 1000003) / 1000003.0, 2) AS quantity,
    CASE WHEN h % 50 = 1 THEN 'estimated' WHEN c.source_type = 'electricity' THEN 'measured'
        ELSE 'invoiced' END AS status,
    'normal' AS kind,
    NULL::DOUBLE AS uncertainty_pct,
    'invoice-' || (h % 100000) || '.pdf' AS evidence_file,
    'activities-' || (i % 12) || '.csv' AS _file,
    '' AS _sheet,
    (i // 12)::INTEGER AS _row
FROM (
    SELECT i, hash(i) AS h, make_date({year}, 1 + (hash(i, 'month') % 12)::INTEGER, 1) AS first_day,
        (hash(i, 'context') % {contexts})::INTEGER AS number
    FROM range({first}, {last}) AS rows(i)
) AS r
JOIN contexts AS c ON c.number = r.number
"""


def write(folder: Path, rows: int) -> list[Path]:
    """Write activity rows as Parquet files, a bounded number of rows at a time.

    One row in 200 crosses the first or last day of a month, some of them the year's.

    Parameters
    ----------
    folder : Path
        Where; files that are there already are kept.
    rows : int

    Returns
    -------
    list of Path

    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    with duckdb.connect(config={"threads": 2, "memory_limit": "3GB"}) as connection:
        stated = world.contexts()
        connection.execute(
            "CREATE TABLE contexts AS SELECT row_number() OVER () - 1 AS number, * FROM stated"
        )
        for first in range(0, rows, ROWS_OF_A_FILE):
            last = min(first + ROWS_OF_A_FILE, rows)
            file = folder / f"activities-{first:010}-{last:010}.parquet"
            if not file.exists():
                query = _ROWS.format(
                    context=", ".join(f'c."{name}"' for name in CONTEXT_COLUMNS),
                    contexts=len(stated),
                    year=world.YEAR,
                    first=first,
                    last=last,
                )
                staging = file.with_suffix(".new")
                connection.sql(query).write_parquet(str(staging), compression="zstd")
                staging.rename(file)
            files.append(file)
    return files
