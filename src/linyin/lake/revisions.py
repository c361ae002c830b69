"""Rows that change keep their past: post or remove, read the current rows, read the history.

A row's key is (source, external_id). A delivery adds revisions and never touches one; the rules of
what is news stand in `linyin.lake.revision_sql`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb
import pyarrow as pa

from linyin.lake import revision_sql as sql
from linyin.lake.findings import Finding
from linyin.lake.revision_checks import check, links
from linyin.lake.scratch import scratch_connection
from linyin.lake.store import LakeError

if TYPE_CHECKING:
    from linyin.lake.batches import Batch
    from linyin.lake.tables import Lake

__all__ = ["META", "Posted", "RevisedMeanwhile", "create", "current", "history", "post", "remove"]

type Key = tuple[str, str]
"""Source and external id of a row."""

META: Final = pa.schema(
    [
        ("_revision", pa.int32()),
        ("_batch", pa.string()),
        ("_recorded_at", pa.timestamp("us", "UTC")),
        ("_removed", pa.bool_()),
        ("_content", pa.binary()),
        ("_reason", pa.string()),
        ("_file", pa.string()),
        ("_sheet", pa.string()),
        ("_row", pa.int64()),
    ]
)
_KEY: Final = ("source", "external_id")
_PLACE: Final = ("_file", "_sheet", "_row")
_NOT_CONTENT: Final = frozenset({*META.names, *_KEY, "reason"})


@dataclass(frozen=True, slots=True)
class Posted:
    """What a delivery did.

    Attributes
    ----------
    new, unchanged, revised
        Rows of the delivery that were unknown, known with the same content, known with another.
    removed
        Rows that got a tombstone: missing from a full delivery, or superseded estimates.
    batch
        Id of the batch; None if there was no news and therefore no commit.
    version
        Version of the table that holds the delivery.
    findings
        Warnings.

    """

    new: int
    unchanged: int
    revised: int
    removed: int
    batch: str | None
    version: int
    findings: tuple[Finding, ...] = ()


class RevisedMeanwhile(LakeError):
    """A row that was to be changed as it was seen has another revision now."""

    code = "lake-row-revised"


def create(lake: Lake, table: str, content: pa.Schema) -> None:
    """Make a table of revisions, or add the columns it does not have yet.

    Parameters
    ----------
    lake, table
        Where.
    content
        Its columns without those that every revision has (`META`); `source` and `external_id`
        among them. Types: string, integers, float64, bool, date32.

    Raises
    ------
    LakeError
        If a column has a type without a canonical text, or the table has it in another.

    """
    own = [f for f in content if f.name not in META.names]
    missing = [name for name in _KEY if name not in content.names]
    if missing:
        raise LakeError(f"a table of revisions needs the columns {', '.join(missing)}", lake.path)
    with scratch_connection() as connection:
        connection.register("content", pa.schema(own).empty_table())
        types = _types(connection, "content")
    try:
        sql.content_hash(_content(types))
    except ValueError as error:
        raise LakeError(str(error), lake.path / table) from error
    lake.create(table, pa.schema([*own, *META]))


def post(
    lake: Lake,
    table: str,
    source: str,
    incoming: pa.Table,
    *,
    reason: str,
    full: bool,
    seen: Mapping[Key, int] | None = None,
    who: str | None = None,
    wait: float = 30.0,
) -> Posted:
    """Bring a delivery into `table` as one batch.

    The same content again is no news: without any news nothing is committed. Changed content, or
    a removed row that comes again, is a revision; so is a revision's reason that comes later.
    With `full`, a row of the delivery's sources that the delivery lacks gets a tombstone. An
    estimate that a current row names in `supersedes`
    gets a tombstone too, and stays removed while that row is there.

    Parameters
    ----------
    lake, table
        Where; the table was made by `create`.
    source
        Source of rows that name none; with `full` it is covered even without rows.
    incoming
        Rows with the table's content columns; missing columns are empty. `_file`, `_sheet`,
        `_row` say where each stands.
    reason
        Kept with each revision, unless the row has a `reason` of its own.
    full
        Whether the delivery is all that its sources have.
    seen
        Revisions of rows that the delivery rests on.
    who
        Who posts; the user of the process if None.
    wait
        How long another writer of the table is waited for. [s]

    Returns
    -------
    Posted
        Counts, batch, version and warnings.

    Raises
    ------
    BadInput
        If a row has no key, a key comes twice, or `supersedes` names no estimate; nothing is
        committed.
    RevisedMeanwhile
        If a row has another revision than was `seen`; nothing is committed.
    LakeError
        If columns do not fit the table, or as for any batch.

    """
    with (
        lake.batch(table, reason=reason, who=who, wait=wait) as batch,
        _workbench(lake.path / table) as connection,
    ):
        _load(connection, lake, table, source, incoming)
        _require_seen(connection, lake.path / table, seen or {})
        findings = check(connection, links(_types(connection, "stored")), full=full)
        _decide(connection, reason, full=full)
        counts = dict(
            connection.execute("SELECT act, count(*) FROM decided GROUP BY act").fetchall()
        )
        if counts:
            _write(connection, batch, reason)
        known = _number(connection, "SELECT count(*) FROM decided WHERE is_delivered")
        unchanged = _number(connection, "SELECT count(*) FROM delivered") - known
    return Posted(
        new=counts.get("new", 0),
        unchanged=unchanged,
        revised=counts.get("revised", 0),
        removed=counts.get("removed", 0),
        batch=batch.id if counts else None,
        version=batch.base if batch.version is None else batch.version,
        findings=findings,
    )


def remove(
    lake: Lake,
    table: str,
    seen: Mapping[Key, int],
    *,
    reason: str,
    who: str | None = None,
    wait: float = 30.0,
) -> Posted:
    """Give rows a tombstone as one batch; their past stays. One that is removed is no news.

    Parameters
    ----------
    lake, table
        Where.
    seen
        The rows, each with the revision that is removed.
    reason, who, wait
        As of :func:`post`.

    Returns
    -------
    Posted
        With `removed` rows.

    Raises
    ------
    RevisedMeanwhile
        If a row has another revision than was `seen`, or is not there; nothing is committed.
    LakeError
        As for any batch.

    """
    with (
        lake.batch(table, reason=reason, who=who, wait=wait) as batch,
        _workbench(lake.path / table) as connection,
    ):
        nothing = pa.schema([(name, pa.string()) for name in _KEY]).empty_table()
        _load(connection, lake, table, "", nothing)
        _require_seen(connection, lake.path / table, seen)
        connection.execute(sql.DECIDED)
        connection.execute(sql.REMOVED, {"reason": reason})
        removed = _number(connection, "SELECT count(*) FROM decided")
        if removed:
            _write(connection, batch, reason)
    return Posted(
        new=0,
        unchanged=len(seen) - removed,
        revised=0,
        removed=removed,
        batch=batch.id if removed else None,
        version=batch.base if batch.version is None else batch.version,
    )


def current(lake: Lake, table: str, version: int | None = None) -> str:
    """Return the DuckDB query of the last, not removed revision of every row.

    Parameters
    ----------
    lake, table
        Where.
    version
        Committed version that is read; the last if None.

    """
    return f"SELECT * FROM ({sql.latest(lake.scan(table, version))}) WHERE NOT _removed"


def history(lake: Lake, table: str, source: str, external_id: str) -> pa.Table:
    """Return all revisions of one row, the first first, tombstones included."""
    with scratch_connection() as connection:
        rows: pa.Table = connection.sql(
            f"SELECT * FROM {lake.scan(table)} WHERE source = $source "
            "AND external_id = $external_id ORDER BY _revision",
            params={"source": source, "external_id": external_id},
        ).to_arrow_table()
    return rows


@contextmanager
def _workbench(table: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with (
        tempfile.TemporaryDirectory(prefix="linyin-") as spill,
        duckdb.connect(
            config={"temp_directory": spill, "preserve_insertion_order": False}
        ) as connection,
    ):
        try:
            yield connection
        except duckdb.ConversionException as error:
            raise LakeError(f"a value does not fit its column ({error})", table) from error
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise LakeError(f"no room to compare the delivery ({error})", table) from error


def _types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    return {str(name): str(kind) for name, kind, *_ in described}


def _content(types: dict[str, str]) -> dict[str, str]:
    return {name: kind for name, kind in types.items() if name not in _NOT_CONTENT}


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _load(
    connection: duckdb.DuckDBPyConnection, lake: Lake, table: str, source: str, incoming: pa.Table
) -> None:
    connection.execute(f"CREATE TEMP VIEW stored AS SELECT * FROM {lake.scan(table)}")
    connection.execute(f"CREATE TEMP VIEW latest AS {sql.latest('stored')}")
    connection.register("incoming", incoming)
    stored, given = _types(connection, "stored"), _types(connection, "incoming")
    taken = {n: k for n, k in stored.items() if n not in META.names or n in _PLACE}
    odd = [
        f"{name} {kind}"
        for name, kind in given.items()
        if name not in taken or not sql.fits(kind, taken[name])
    ]
    if odd:
        raise LakeError(
            f"columns of the delivery do not fit the table: {', '.join(odd)}", lake.path / table
        )
    connection.execute(f"CREATE TEMP VIEW typed AS {sql.typed(taken, given, source)}")
    reason = "nullif(reason, '')" if "reason" in stored else "NULL::VARCHAR"
    content = sql.content_hash(_content(stored))
    connection.execute(sql.DELIVERED.format(content=content, reason=reason, **links(stored)))
    connection.execute(sql.COVERED, {"source": source})


def _require_seen(
    connection: duckdb.DuckDBPyConnection, table: Path, seen: Mapping[Key, int]
) -> None:
    """Refuse to go on from another revision of a row than was seen; the rows stay as `seen`."""
    keys = {
        "source": [source for source, _ in seen],
        "external_id": [external_id for _, external_id in seen],
        "revision": list(seen.values()),
    }
    types = {"source": pa.string(), "external_id": pa.string(), "revision": pa.int32()}
    connection.register("seen", pa.table({n: pa.array(keys[n], t) for n, t in types.items()}))
    changed = connection.execute(sql.CHANGED).fetchall()
    if changed:
        names = ", ".join("/".join(key) for key in changed)
        raise RevisedMeanwhile(f"{names} has another revision by now", table, rows=names)


def _decide(connection: duckdb.DuckDBPyConnection, reason: str, *, full: bool) -> None:
    connection.execute(sql.DECIDED)
    connection.execute(sql.news())
    if full or _number(connection, "SELECT count(*) FROM held"):
        estimate = links(_types(connection, "stored"))["estimate"]
        missing = f"{reason} (no longer delivered)"
        connection.execute(sql.tombstones(estimate), {"full": full, "missing": missing})


def _write(connection: duckdb.DuckDBPyConnection, batch: Batch, reason: str) -> None:
    types = _types(connection, "stored")
    batch.write(
        connection,
        sql.rows_to_write(
            [name for name in types if name not in META.names],
            batch.id,
            batch.opened_at.isoformat(timespec="microseconds"),
            reason,
            has_reason="reason" in types,
        ),
    )
