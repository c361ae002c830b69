"""What is refused in a delivery: rows without a key, keys that come twice, links to no estimate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import duckdb
import pyarrow as pa

from linyin.lake import revision_sql as sql
from linyin.lake.findings import BadInput, Finding, Where
from linyin.lake.scratch import scratch_connection

__all__ = ["check", "links", "repeated_keys"]

_LISTED: Final = 1000


def links(types: Mapping[str, str]) -> dict[str, str]:
    """Return the SQL of what a row supersedes and of whether it is an estimate.

    Parameters
    ----------
    types
        DuckDB types of the table's columns; a table without `supersedes` or `status` has no links.

    """
    return {
        "supersedes": "nullif(supersedes, '')" if "supersedes" in types else "NULL::VARCHAR",
        "estimate": "coalesce(status = 'estimated', false)" if "status" in types else "false",
    }


def check(
    connection: duckdb.DuckDBPyConnection, links: Mapping[str, str], *, full: bool
) -> tuple[Finding, ...]:
    """Check the table `delivered` and make the table `held` of superseded ids.

    Returns
    -------
    tuple of Finding
        Warnings.

    Raises
    ------
    BadInput
        If a row has no key, a key comes twice, or `supersedes` names no estimate.

    """
    bad = [*_without_key(connection), *_twice(connection)]
    if bad:
        raise BadInput(bad)
    connection.execute(sql.HELD.format(**links), {"full": full})
    bad, warnings = _wrong_links(connection, links["estimate"])
    if bad:
        raise BadInput(bad)
    return tuple(warnings)


def repeated_keys(rows: pa.Table) -> list[Finding]:
    """Tell of rows of a delivery without a key, and of keys that come twice in it."""
    with scratch_connection() as connection:
        connection.register("delivered", rows)
        return [*_without_key(connection), *_twice(connection)]


def _without_key(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    rows = connection.execute(
        "SELECT _file, _sheet, _row FROM delivered WHERE coalesce(external_id, '') = '' "
        f"ORDER BY ALL LIMIT {_LISTED}"
    ).fetchall()
    for file, sheet, row in rows:
        yield Finding("row-without-key", "error", _where(file, sheet, row, "external_id"))


def _twice(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    rows = connection.execute(
        f"""
        SELECT d.source, d.external_id,
            list([_file, _sheet, _row::VARCHAR] ORDER BY _file, _sheet, _row)
        FROM delivered AS d SEMI JOIN (
            SELECT source, external_id FROM delivered
            GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT {_LISTED}
        ) AS twice ON d.source = twice.source AND d.external_id = twice.external_id
        WHERE coalesce(d.external_id, '') <> ''
        GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    for source, external_id, places in rows:
        first, *others = [_where(file, sheet, row, "external_id") for file, sheet, row in places]
        for other in others:
            yield Finding(
                "row-twice",
                "error",
                other,
                {
                    "source": source,
                    "external_id": external_id,
                    "first_file": first.file,
                    "first_sheet": first.sheet,
                    "first_row": "" if first.row is None else first.row,
                },
            )


def _wrong_links(
    connection: duckdb.DuckDBPyConnection, estimate: str
) -> tuple[list[Finding], list[Finding]]:
    rows = connection.execute(
        f"""
        SELECT d._file, d._sheet, d._row, d.supersedes, count(e.external_id) > 0 AS known,
            coalesce(bool_or(h.circle), false) AS circle
        FROM delivered AS d
        LEFT JOIN (
            SELECT external_id, estimate FROM delivered
            UNION ALL SELECT external_id, {estimate} FROM latest
        ) AS e ON e.external_id = d.supersedes
        LEFT JOIN held AS h ON h.target = d.supersedes
        WHERE d.supersedes IS NOT NULL
        GROUP BY ALL HAVING NOT coalesce(bool_or(e.estimate), false) OR circle
        ORDER BY ALL LIMIT {_LISTED}
        """
    ).fetchall()
    bad, warnings = [], []
    for file, sheet, row, supersedes, known, circle in rows:
        at, fields = _where(file, sheet, row, "supersedes"), {"supersedes": supersedes}
        if circle:
            bad.append(Finding("supersedes-circle", "error", at, fields))
        elif known:
            bad.append(Finding("supersedes-no-estimate", "error", at, fields))
        else:
            warnings.append(Finding("supersedes-unknown", "warning", at, fields))
    return bad, warnings


def _where(file: str | None, sheet: str | None, row: str | int | None, column: str) -> Where:
    return Where(file or "", sheet or "", None if row is None else int(row), column)
