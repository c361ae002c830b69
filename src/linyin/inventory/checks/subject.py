"""What checks look at: the rows of a bundle and of the one before, side by side in one engine.

`rows` holds every activity that concerns the reporter, with its quantity in base units, and
`others` those at sites that are none of its matter; `sources` what reports, that is site × source
type × item × meter; `exports` the source types that leave the boundary. They are laid out once and
asked by all checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import duckdb
import pyarrow as pa

from linyin.inventory.inventory import Inventory
from linyin.inventory.sources import DATED, lay_out_sources, units_table
from linyin.inventory.views import lay_views
from linyin.lake import Where
from linyin.ledger import load_source_types, named_inputs
from linyin.organization import Organization, Period

__all__ = ["Subject", "where"]

_ROWS: Final = """
CREATE TABLE rows AS
WITH given AS (
    SELECT *, false AS earlier FROM read_parquet($now)
    {before}
)
SELECT g.source, external_id, site, source_type, item, technology, {product} AS product, relation,
    method, counterparty, place, flow, supply, inputs, unit, quantity, begin, "end", g.kind, status,
    description, evidence_file, evidence_sha256, evidence_page, _file, _sheet, _row,
    {stated} AS stated,
    u.dimension, u.bare, u.kind AS unit_kind, quantity * u.factor AS base,
    "end" - begin AS days,
    date_trunc('month', begin + (CAST("end" - begin AS INTEGER) // 2))::DATE AS month,
    earlier, earlier OR "end" <= $begin AS past,
    begin >= $end AS later,
    regexp_replace(external_id, '{dated}', '*') AS stem
FROM given AS g JOIN units AS u USING (unit)
"""


_OTHERS: Final = """
CREATE TABLE others AS SELECT * FROM rows ANTI JOIN concerned USING (site);
DELETE FROM rows WHERE site NOT IN (SELECT site FROM concerned)
"""

_BEFORE: Final = """
    UNION ALL BY NAME
    SELECT *, true AS earlier FROM read_parquet($before)
    ANTI JOIN read_parquet($now) AS now USING (source, external_id)
"""


class Subject:
    """An inventory laid out for checks; a context manager.

    Parameters
    ----------
    inventory
        The run that is examined.
    previous
        The run of the year before, if there is one.

    """

    def __init__(self, inventory: Inventory, previous: Inventory | None = None) -> None:
        self.inventory, self.previous = inventory, previous
        self.begin = date.fromisoformat(inventory.run["begin"])
        self.end = date.fromisoformat(inventory.run["end"])
        self.period = Period(self.begin, self.end)
        self._connection = duckdb.connect()
        lay_views(self._connection, inventory.path)
        exports = [name for name, kind in load_source_types().items() if kind.is_export]
        self.register("exports", pa.table({"source_type": exports}))
        self._lay_out(inventory.path, previous.path if previous else inventory.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def each(self, sql: str, params: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Yield the rows of a query one by one; `$begin` and `$end` are the run's days."""
        cursor = self._connection.cursor()
        known = {"begin": self.begin, "end": self.end}
        wanted = {name: day for name, day in known.items() if f"${name}" in sql}
        cursor.execute(sql, {**wanted, **(params or {})})
        names = [column[0] for column in cursor.description or ()]
        while batch := cursor.fetchmany(1000):
            for row in batch:
                yield dict(zip(names, row, strict=True))
        cursor.close()

    def keep(self, name: str, sql: str, params: Mapping[str, Any] | None = None) -> None:
        """Keep the rows of a query as a table, once."""
        known = self._connection.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = $1", [name]
        ).fetchone()
        if known and not known[0]:
            self._connection.execute(f"CREATE TABLE {name} AS {sql}", params)

    def register(self, name: str, table: pa.Table) -> None:
        """Give the engine a small table, once."""
        self._connection.execute(f"DROP TABLE IF EXISTS {name}")
        self._connection.from_arrow(table).create(name)

    @cached_property
    def organization(self) -> Organization:
        """The organization of the run."""
        rows = self.inventory.query("SELECT * FROM organization").to_pylist()
        return Organization.from_rows(rows)[0]

    def presence(self, site: str, period: Period) -> list[Period]:
        """Return the days of a period on which a site is there; the reporter while it exists."""
        if site not in self.organization:
            return []
        if site == self.inventory.run["entity"]:
            lived = self.organization.nodes[site].existence.overlap(period)
            return [lived] if lived else []
        return self.organization.presence(site, period)

    def _concerned(self) -> list[str]:
        """Return the sites whose rows concern the reporter.

        The run books of them, or they stand below the reporter in the tree: on the first or the
        last day of the period, or, if they are in it on neither, when they last were or first are.
        """
        booked = "SELECT DISTINCT site FROM contexts SEMI JOIN legs USING (context)"
        sites = {site for (site,) in self._connection.execute(booked).fetchall()}
        entity, tree = str(self.inventory.run["entity"]), self.organization.tree
        for node in self.organization.nodes:
            if any(entity in tree.upwards(node, day) for day in self._placed_on(node)):
                sites.add(node)
        return sorted(sites | {entity})

    def _placed_on(self, node: str) -> list[date]:
        spans = [placement.span for placement in self.organization.tree.placements(node)]
        days = [self.begin, self.end - timedelta(days=1)]
        if not spans or any(day in span for day in days for span in spans):
            return days
        past = [span for span in spans if span.end <= self.begin]
        return [past[-1].end - timedelta(days=1) if past else spans[0].begin]

    def _lay_out(self, now: Path, before: Path) -> None:
        given, earlier = (path / "inputs" / "activities.parquet" for path in (now, before))
        files = f"[{_quoted(str(given))}, {_quoted(str(earlier))}]"
        scan = f"read_parquet({files}, union_by_name = true)"
        described = self._connection.sql(f"SELECT * FROM {scan} LIMIT 0")
        codes = self._connection.sql(
            f"SELECT unit FROM {scan} UNION SELECT unit FROM allocations WHERE unit <> ''"
        ).fetchall()
        self._connection.from_arrow(units_table([code for (code,) in codes])).create("units")
        stated = [name for name in described.columns if name in named_inputs()]
        union = _BEFORE if before != now else ""
        params: dict[str, Any] = {"now": str(given), "begin": self.begin, "end": self.end}
        if union:
            params["before"] = str(earlier)
        product = "coalesce(product, '')" if "product" in described.columns else "''"
        laid = _ROWS.format(stated=_joined(stated), product=product, dated=DATED, before=union)
        self._connection.execute(laid, params)
        self.register("concerned", pa.table({"site": self._concerned()}))
        self._connection.execute(_OTHERS)
        lay_out_sources(self._connection)


def where(row: Mapping[str, Any], column: str = "") -> Where:
    """Return the place of a row of a query that has `_file`, `_sheet`, `_row`."""
    return Where(row["_file"] or "", row["_sheet"] or "", row["_row"], column)


def _joined(stated: list[str]) -> str:
    if not stated:
        return "''"
    return "concat_ws(' ', " + ", ".join(f"'{n}=' || {n}::VARCHAR" for n in stated) + ")"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
