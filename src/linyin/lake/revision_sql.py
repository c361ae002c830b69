"""The SQL (DuckDB) of revisions: what a row's content is, which revision is the last, what is news.

**The content of a row** is one text: for every content column that is stated, in the order of the
columns' names, `name:length:value;` with the length of the value in UTF-8 bytes. Null and ''
are both "not stated" and leave nothing, so a column that a later release adds changes no old
content. Values are written as

- text: as it is;
- integers: in digits; floats: as C's `%.17g` writes them (so 5 and 5.0 are alike; -0 is 0);
- dates: YYYY-MM-DD; booleans: `true`, `false`.

`_content` is the first 16 bytes of the SHA-256 of that text in UTF-8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from linyin.lake.literals import quoted

__all__ = [
    "CHANGED",
    "COVERED",
    "DECIDED",
    "DELIVERED",
    "HELD",
    "REMOVED",
    "content_hash",
    "fits",
    "latest",
    "news",
    "tombstones",
    "typed",
]

_INTEGERS: Final = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
)


def content_hash(types: Mapping[str, str]) -> str:
    """Return the SQL of `_content` over columns of the given DuckDB types.

    Raises
    ------
    ValueError
        If a column has a type whose text the rule does not define.

    """
    parts = []
    for name in sorted(types):
        value = _canonical(name, types[name])
        parts.append(
            f"CASE WHEN {value} IS NULL OR {value} = '' THEN '' "
            f"ELSE concat('{name}:', strlen({value}), ':', {value}, ';') END"
        )
    return f"unhex(left(sha256(concat({', '.join(parts)})), 32))"


def _canonical(name: str, kind: str) -> str:
    if kind == "VARCHAR":
        return f'"{name}"'
    if kind == "DOUBLE":
        return f"format('{{:.17g}}', \"{name}\" + 0.0)"
    if kind in _INTEGERS | {"DATE", "BOOLEAN"}:
        return f'"{name}"::VARCHAR'
    raise ValueError(f"column {name}: type {kind} has no canonical text")


def fits(found: str, wanted: str) -> bool:
    """Whether a column of DuckDB type `found` may fill one of type `wanted`.

    Integers that are too wide are refused when they are cast; whole and decimal numbers become
    doubles, which keep the 15 significant digits that a quantity has at most.
    """
    if found in {wanted, '"NULL"'}:
        return True
    if wanted == "VARCHAR":
        return found.startswith("ENUM(")
    if wanted == "DOUBLE":
        return found in _INTEGERS or found.startswith("DECIMAL(")
    return found in _INTEGERS and wanted in _INTEGERS


def typed(types: Mapping[str, str], given: Mapping[str, str], source: str) -> str:
    """Return the query that brings the rows of `incoming` into the columns of the table.

    Parameters
    ----------
    types, given
        DuckDB types of the table's columns and of the delivery's.
    source
        Source of rows that name none.

    """
    columns = [
        f'CAST({_column(name, given)} AS {kind}) AS "{name}"'
        for name, kind in types.items()
        if name != "source"
    ]
    named = f"nullif(CAST({_column('source', given)} AS VARCHAR), '')"
    return (
        f"SELECT coalesce({named}, {quoted(source)}) AS source, {', '.join(columns)} FROM incoming"
    )


def _column(name: str, given: Mapping[str, str]) -> str:
    return f'"{name}"' if name in given else "NULL"


def latest(rows: str) -> str:
    """Return the query of the last revision of every key of `rows`, removed ones included.

    Only keys that were ever revised are gathered, so memory grows with revisions, not with rows.
    """
    return f"""
        SELECT stored.* FROM {rows} AS stored
        LEFT JOIN (
            SELECT source, external_id, max(_revision) AS last_revision
            FROM {rows} AS revised WHERE _revision > 1 GROUP BY source, external_id
        ) AS revised
        ON stored.source = revised.source AND stored.external_id = revised.external_id
        WHERE stored._revision = coalesce(revised.last_revision, 1)
    """


DELIVERED: Final = """
    CREATE TEMP TABLE delivered AS
    SELECT source, external_id, {content} AS _content, {supersedes} AS supersedes,
        {estimate} AS estimate, {reason} AS reason, _file, _sheet, _row
    FROM typed
"""

COVERED: Final = """
    CREATE TEMP TABLE covered AS
    SELECT source FROM delivered UNION SELECT $source
"""

HELD: Final = """
    CREATE TEMP TABLE held AS
    WITH RECURSIVE links AS (
        SELECT source, external_id, supersedes, estimate, true AS live
        FROM delivered WHERE supersedes IS NOT NULL
        UNION ALL
        SELECT source, external_id, {supersedes}, {estimate}, NOT _removed
            AND NOT ($full AND source IN (SELECT source FROM covered))
        FROM latest ANTI JOIN delivered USING (source, external_id)
        WHERE {supersedes} IS NOT NULL
    ), reached AS (
        SELECT supersedes AS target, source, external_id, estimate FROM links WHERE live
        UNION
        SELECT links.supersedes, reached.source, reached.external_id, reached.estimate
        FROM reached JOIN links ON links.external_id = reached.target
    )
    SELECT target, min(source || '/' || external_id) AS superseding,
        bool_or(estimate AND external_id = target) AS circle
    FROM reached GROUP BY target
"""

CHANGED: Final = """
    SELECT source, external_id FROM seen LEFT JOIN latest USING (source, external_id)
    WHERE latest._revision IS DISTINCT FROM seen.revision
"""

REMOVED: Final = """
    INSERT INTO decided
    SELECT source, external_id, _revision + 1, 'removed', true, false, $reason
    FROM latest SEMI JOIN seen USING (source, external_id) WHERE NOT _removed
"""

DECIDED: Final = """
    CREATE TEMP TABLE decided (
        source VARCHAR, external_id VARCHAR, _revision INTEGER, act VARCHAR, gone BOOLEAN,
        is_delivered BOOLEAN, why VARCHAR
    )
"""


def news() -> str:
    """Return the statement that decides on every delivered row that is news.

    The reason of a revision is news too where it comes later, or changes.
    """
    return """
        INSERT INTO decided
        SELECT d.source, d.external_id, coalesce(l._revision, 0) + 1,
            CASE WHEN l._revision IS NULL THEN 'new'
                WHEN h.target IS NOT NULL AND NOT l._removed THEN 'removed'
                ELSE 'revised' END,
            h.target IS NOT NULL, true,
            CASE WHEN h.target IS NOT NULL THEN 'superseded by ' || h.superseding END
        FROM delivered AS d
        LEFT JOIN latest AS l ON l.source = d.source AND l.external_id = d.external_id
        LEFT JOIN held AS h ON d.estimate AND h.target = d.external_id
        WHERE l._revision IS NULL OR l._content <> d._content
            OR l._removed <> (h.target IS NOT NULL)
            OR (l._revision > 1 AND NOT l._removed AND d.reason <> coalesce(l._reason, ''))
    """


def tombstones(estimate: str) -> str:
    """Return the statement that decides on rows that go without being delivered.

    Its parameters are `$full` and `$missing`, the reason for rows that a full delivery lacks.
    """
    return f"""
        INSERT INTO decided
        SELECT l.source, l.external_id, l._revision + 1, 'removed', true, false,
            CASE WHEN h.target IS NOT NULL THEN 'superseded by ' || h.superseding
                ELSE $missing END
        FROM (SELECT *, {estimate} AS estimate FROM latest WHERE NOT _removed) AS l
        ANTI JOIN delivered AS d ON l.source = d.source AND l.external_id = d.external_id
        LEFT JOIN held AS h ON l.estimate AND h.target = l.external_id
        WHERE h.target IS NOT NULL OR ($full AND l.source IN (SELECT source FROM covered))
    """


def rows_to_write(
    columns: Sequence[str], batch: str, recorded_at: str, reason: str, *, has_reason: bool
) -> str:
    """Return the query of the rows that a post adds to the table.

    Parameters
    ----------
    columns
        Content columns, key included.
    batch, recorded_at, reason
        Id of the batch, when it was opened (ISO 8601 with offset), and why.
    has_reason
        Whether rows may carry a `reason` of their own.

    """
    own = "nullif(t.reason, '')" if has_reason else "NULL"
    return f"""
        SELECT {_of("t", columns)}, x._revision, '{batch}' AS _batch,
            TIMESTAMPTZ '{recorded_at}' AS _recorded_at, x.gone AS _removed, d._content,
            coalesce(x.why, {own}, {quoted(reason)}) AS _reason, t._file, t._sheet, t._row
        FROM typed AS t
        JOIN decided AS x ON x.is_delivered AND x.source = t.source
            AND x.external_id = t.external_id
        JOIN delivered AS d ON d.source = t.source AND d.external_id = t.external_id
        UNION ALL
        SELECT {_of("l", columns)}, x._revision, '{batch}', TIMESTAMPTZ '{recorded_at}', true,
            l._content, x.why, l._file, l._sheet, l._row
        FROM latest AS l
        JOIN decided AS x ON NOT x.is_delivered AND x.source = l.source
            AND x.external_id = l.external_id
    """


def _of(alias: str, columns: Sequence[str]) -> str:
    return ", ".join(f'{alias}."{name}"' for name in columns)
