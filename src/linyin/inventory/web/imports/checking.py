"""Checking an import: everything wrong at once, and the difference to what the lake holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from linyin.inventory import check_read_folder
from linyin.inventory.web.imports.mapping import (
    apply_mapping,
    headers_by_column,
    headers_of,
    schema,
)
from linyin.inventory.web.imports.mended import put_mended
from linyin.inventory.web.imports.wrong import Place, Told, wrong_rows
from linyin.inventory.web.records import folder_now
from linyin.lake import (
    DEFAULT_LIMITS,
    Finding,
    Lake,
    Sheet,
    Where,
    current_revisions,
    errors_in,
    repeated_keys,
    scratch_connection,
    temporary_workspace,
)
from linyin.ledger import (
    ACTIVITIES,
    CONTEXT_COLUMNS,
    PreparedActivities,
    input_header,
    item_aliases,
    prepare_activities,
)
from linyin.organization.web.models import Node
from linyin.platform.receiving import Kept, parse_file, uploaded

if TYPE_CHECKING:
    from linyin.inventory import Folder
    from linyin.inventory.web.models import Import

__all__ = [
    "ALWAYS",
    "CHECKING",
    "SHOWN",
    "Change",
    "Checked",
    "Received",
    "check",
    "in_silence",
    "received",
]

SHOWN: Final = 200
MENDED_AT_MOST: Final = 1000  # rows that are to be mended without being wrong
CHECKING: Final = (
    "step.read_file", "step.check_cells", "step.check_rows", "step.try_factors", "step.compare",
)  # fmt: skip
ALWAYS: Final = ("site", "item", "begin", "end", "quantity", "unit", "status")


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit would do to a row: `new`, `revised` or `removed`.

    Attributes
    ----------
    row, before
        Columns that are always shown, and those that change; None = there is no such row.

    """

    act: str
    external_id: str
    row: dict[str, Any] | None
    before: dict[str, Any] | None


@dataclass(frozen=True)
class Checked:
    """An import, checked: rows ready to be posted, what is wrong, what would change.

    Attributes
    ----------
    wrong
        The rows that are to be mended, as :func:`wrong_rows` tells them.
    alike
        Sheet and row of rows that no inventory could be calculated with → what tells of them.
    digest
        Of every change and what it changes; '' if there is none. Another means that somebody
        else has changed the source.

    """

    rows: pa.Table
    findings: tuple[Finding, ...]
    counts: dict[str, int]
    changes: list[Change]
    digest: str
    wrong: list[dict[str, Any]] = field(default_factory=list)
    alike: dict[Place, Told] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return not errors_in(self.findings)


@dataclass(frozen=True, slots=True)
class Received:
    """An uploaded file and its headers, with some of the cells below each; of a large one none.

    A large file is read by a job: :func:`headers_read`.
    """

    kept: Kept
    headers: list[dict[str, Any]]


@contextmanager
def received(upload: object, read_at_once: float = float("inf")) -> Iterator[Received]:
    """Keep an upload and read its headers, in no transaction; unless it is moved, it goes again.

    Of a file of more bytes than `read_at_once` the headers are left to a job.

    Raises
    ------
    BadInput
        If it is too large, of no known kind, or cannot be read at all.

    """
    limits = replace(DEFAULT_LIMITS, file_bytes=settings.UPLOAD_LIMIT_BYTES)
    with uploaded(upload, limits) as kept:
        is_small = kept.size <= read_at_once
        yield Received(kept, headers_of(_sheets(kept.path)) if is_small else [])


def headers_read(record: Import, meanwhile: Callable[[], object]) -> list[dict[str, Any]]:
    """Read the headers of an import's file, in no transaction.

    Raises
    ------
    BadInput
        If it cannot be read at all.

    """
    return headers_of(_sheets(record.path, meanwhile))


def _sheets(path: Path, meanwhile: Callable[[], object] | None = None) -> list[Sheet]:
    return parse_file(path, DEFAULT_LIMITS, schema().header_keys, meanwhile)


def in_silence(_: str) -> None:
    """Tell nobody which step is next."""


def check(
    record: Import, lake: Lake, sites: Collection[str], step: Callable[[str], None] = in_silence
) -> Checked:
    """Check the file as it is mapped, and compare it with the lake.

    Parameters
    ----------
    record : Import
    lake : Lake
    sites : collection of str
        Codes of the sites that the importer may write to.
    step : callable
        Is told each of `CHECKING` before it begins, and may end the check by raising.

    Raises
    ------
    BadInput
        If the file as a whole cannot be read.

    """
    step("step.read_file")
    sent = _sheets(record.path, lambda: step("step.read_file"))
    read = put_mended(sent, record.mended)
    step("step.check_cells")
    sheets = apply_mapping(read, record.mapping, record.constants)
    findings: list[Finding] = []
    headers = headers_by_column(record.mapping)
    tables = []
    for sheet in sheets:
        table, wrong = schema().validate(sheet, input_header)
        findings += wrong
        tables.append(table)
    rows = _sites_by_code(pa.concat_tables(tables, promote_options="default"), sites)
    with temporary_workspace(settings.WORKSPACE.derived) as scratch:
        step("step.check_rows")
        checked = _checked(record, rows, findings, folder_now(scratch), lake, sites, step)
    as_read = {finding for sheet in sheets for finding in sheet.findings}
    told = tuple(f if f in as_read else _in_the_file(f, headers) for f in checked.findings)
    return replace(checked, findings=told, wrong=wrong_rows(read, told, checked.alike))


def _sites_by_code(rows: pa.Table, sites: Collection[str]) -> pa.Table:
    """Put the code of a site where its name stands, if one site in reach alone is called so."""
    codes: dict[str, set[str]] = {}
    for code, *names in _names_of(sites):
        for name in filter(None, (code, *names)):
            codes.setdefault(name.casefold(), set()).add(code)
    known = set(Node.objects.values_list("code", flat=True))
    stated = rows["site"].combine_chunks().dictionary_encode()
    meant = [
        text
        if text in known or len(found := codes.get(text.casefold(), set())) != 1
        else next(iter(found))
        for text in stated.dictionary.to_pylist()
    ]
    told = pa.array(meant, pa.string()).take(stated.indices)
    return rows.set_column(rows.column_names.index("site"), "site", told)


def _names_of(sites: Collection[str]) -> Iterable[tuple[str, ...]]:
    """Return code and names of nodes; of others than these nothing is told, not even a code."""
    return Node.objects.filter(code__in=sites).values_list("code", "name_en", "name_zh")


def _in_the_file(finding: Finding, headers: Mapping[str, str]) -> Finding:
    """Name the column as the file does, where the file has it."""
    header = headers.get(finding.at.column.partition(" [")[0]) if finding.at.column else None
    return replace(finding, at=replace(finding.at, column=header)) if header else finding


def _checked(
    record: Import,
    rows: pa.Table,
    findings: list[Finding],
    folder: Folder,
    lake: Lake,
    sites: Collection[str],
    step: Callable[[str], None],
) -> Checked:
    meters = {site: folder.allocations.meters(site) for site in folder.organization.nodes}
    prepared = prepare_activities(
        rows,
        source=record.source,
        sites=sites,  # one that the importer does not reach is told like one that is not there
        places=folder.reference.parents,
        calendar=folder.config.calendar,
        aliases=item_aliases(),
        meters={site: known for site, known in meters.items() if known},
        profiles=folder.profiles,
    )
    findings += prepared.findings
    findings += _other_sources(prepared.table, record.source)
    findings += repeated_keys(prepared.table)
    step("step.try_factors")
    uncalculable = _uncalculable(folder, prepared, findings)
    findings += uncalculable
    step("step.compare")
    changes, counts, digest = _difference(prepared.table, lake, record)
    counts["errors"] = len(errors_in(findings))
    counts["warnings"] = sum(1 for f in findings if f.severity == "warning")
    alike = _alike(prepared.table, uncalculable)
    return Checked(prepared.table, tuple(findings), counts, changes, digest, alike=alike)


def _uncalculable(
    folder: Folder, prepared: PreparedActivities, wrong: Sequence[Finding]
) -> list[Finding]:
    """Tell why an inventory could not be calculated with the sound rows: no factor, an odd unit.

    As warnings, since the rows may be true all the same, and what they lack come later. Beside
    records that are wrong themselves nothing can be tried.
    """
    if not prepared.table.num_rows:
        return []
    file = prepared.table["_file"][0].as_py()
    if errors_in(folder.findings):
        return [Finding("import-untried", "warning", Where(file))]
    tried = check_read_folder(
        replace(folder, activities=[(file, prepared)], findings=tuple(wrong)), severities=["error"]
    )
    return [
        replace(finding, severity="warning")
        for finding in tried.findings
        if finding.severity == "error" and finding.at.file == file and finding not in wrong
    ]


def _alike(rows: pa.Table, findings: Sequence[Finding]) -> dict[Place, Told]:
    """Return sheet and row of the rows of which findings tell the first → what tells of them.

    A finding is about a context in a year: the rows that share it share what it says.
    """
    told = {(f.at.sheet, f.at.row): f for f in findings if f.at.row is not None}
    if not told:
        return {}
    same = " AND ".join(f'r."{name}" IS NOT DISTINCT FROM f."{name}"' for name in CONTEXT_COLUMNS)
    with scratch_connection() as connection:
        connection.register("incoming", rows)
        connection.register(
            "told", pa.table({n: [at[i] for at in told] for i, n in enumerate(("_sheet", "_row"))})
        )
        found = connection.execute(
            "SELECT r._sheet, r._row, f._sheet, f._row FROM incoming AS r "
            "JOIN (FROM incoming SEMI JOIN told USING (_sheet, _row)) AS f "
            f"ON {same} AND year(r.begin) = year(f.begin) "
            f"ORDER BY r._sheet, r._row, f._sheet, f._row LIMIT {MENDED_AT_MOST}"
        ).fetchall()
    return {
        (sheet, row): (at_sheet, at_row, told[at_sheet, at_row].code)
        for sheet, row, at_sheet, at_row in found
    }


def _other_sources(rows: pa.Table, source: str) -> Iterator[Finding]:
    """Tell of rows of another source: an import is compared with one, and undone in one."""
    for other in rows["source"].unique().to_pylist():
        if other != source:
            at = pc.index(rows["source"], other).as_py()
            row = rows.slice(at, 1).to_pylist()[0]
            where = Where(row["_file"], row["_sheet"], row["_row"], "source")
            yield Finding("import-other-source", "error", where, {"value": other, "source": source})


def _difference(
    rows: pa.Table, lake: Lake, record: Import
) -> tuple[list[Change], dict[str, int], str]:
    """Compare the file's rows with the current rows of its source, column by column."""
    counts = {"rows": rows.num_rows, "new": 0, "revised": 0, "unchanged": 0, "removed": 0}
    stated = [
        n for n in rows.column_names if not n.startswith("_") and n not in ("source", "reason")
    ]
    with scratch_connection() as connection:
        connection.register("incoming", rows)
        if ACTIVITIES in lake.tables():
            there = current_revisions(lake, ACTIVITIES)
            connection.execute(
                f"CREATE TEMP VIEW there AS SELECT * FROM ({there}) "
                f"WHERE source = {_text(record.source)}"
            )
        else:
            connection.execute(
                "CREATE TEMP VIEW there AS SELECT *, ''::BLOB AS _content FROM incoming WHERE FALSE"
            )
        known = {row[0] for row in connection.execute("DESCRIBE there").fetchall()}
        both = [name for name in stated if name in known and name != "external_id"]
        differs = [f'i."{name}" IS DISTINCT FROM t."{name}"' for name in both]
        differs += [f'i."{name}" IS NOT NULL' for name in stated if name not in known]
        connection.execute(
            "CREATE TEMP TABLE compared AS SELECT external_id, "
            f"CASE WHEN t.external_id IS NULL THEN 'new' WHEN i.external_id IS NULL THEN 'removed' "
            f"WHEN {' OR '.join(differs) or 'FALSE'} THEN 'revised' ELSE 'unchanged' END AS act, "
            "coalesce(i._row, 0) AS line, coalesce(hex(t._content), '') AS was "
            "FROM incoming AS i FULL JOIN there AS t USING (external_id)"
        )
        if not record.is_full:
            connection.execute("DELETE FROM compared WHERE act = 'removed'")
        counts |= dict(
            connection.execute("SELECT act, count(*) FROM compared GROUP BY act").fetchall()
        )
        connection.execute("DELETE FROM compared WHERE act = 'unchanged'")
        (digest,) = connection.execute(
            "SELECT coalesce(bit_xor(md5_number(act || external_id || was))::VARCHAR, '') "
            "FROM compared"
        ).fetchall()[0]
        first = (
            "SELECT external_id, act FROM compared ORDER BY "
            f"array_position(['revised', 'removed', 'new'], act), line, external_id LIMIT {SHOWN}"
        )
        told = connection.execute(first).fetchall()
        now = _by_id(connection, "incoming", [*stated], first)
        then = _by_id(connection, "there", [n for n in stated if n in known], first)
    return [_change(act, key, now.get(key), then.get(key)) for key, act in told], counts, digest


def _by_id(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[str], asked: str
) -> dict[str, dict[str, Any]]:
    listed = ", ".join(f'"{name}"' for name in columns)
    rows = connection.sql(
        f"SELECT {listed} FROM {table} WHERE external_id IN (SELECT external_id FROM ({asked}))"
    ).to_arrow_table()
    return {row["external_id"]: row for row in rows.to_pylist()}


def _change(
    act: str, external_id: str, row: dict[str, Any] | None, before: dict[str, Any] | None
) -> Change:
    if row is None or before is None:
        names = set(ALWAYS)
    else:
        names = {*ALWAYS, *(name for name in row if row[name] != before.get(name))}

    def kept(of: dict[str, Any] | None) -> dict[str, Any] | None:
        return None if of is None else {n: v for n, v in of.items() if n in names}

    return Change(act, external_id, kept(row), kept(before))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
