"""A lake table as a source of rows: DuckDB over the Parquet files that hold its current rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import MAXYEAR, date
from typing import TYPE_CHECKING, Any

import duckdb

from linyin.platform.audit import plain
from linyin.platform.reading import reading
from linyin.platform.resources.filters import Filter, parse_day
from linyin.platform.resources.lake_keys import joined_sql, parted
from linyin.platform.resources.source import Cursor, Page, Query, Row

if TYPE_CHECKING:
    from linyin.platform.resources.columns import Column
    from linyin.platform.tree import Tree

__all__ = ["LakeSource"]


class LakeSource:
    """The rows of Parquet files.

    Parameters
    ----------
    relation
        Gives the DuckDB relation to read FROM (`read_parquet(…)`), or None while it is empty.
    key
        Columns that together are a row's key (:mod:`linyin.platform.resources.lake_keys`).
    node
        Column with the code of the node that grants are asked of.
    columns, filters, search, order
        As of :class:`linyin.platform.resources.models.ModelSource`.

    """

    def __init__(
        self,
        relation: Callable[[], str | None],
        key: Sequence[str],
        node: str,
        columns: Sequence[Column],
        filters: Sequence[Filter],
        search: Sequence[str],
        order: str,
    ) -> None:
        self.relation, self.node, self.columns = relation, node, columns
        self.key, self._parts = joined_sql(key), tuple(key)
        # What orders rows that are alike: the key's parts as they are, which costs less to compare.
        self._tie = " || '~' || ".join(f'"{name}"' for name in key)
        self.filters = {filter_.name: filter_ for filter_ in filters}
        self.search, self.order = search, order

    def page(self, nodes: Collection[str], query: Query) -> Page:
        """Return a page of rows; rows without a value in the order's column come last."""
        sort, descending = self._sort(query)
        cursor = query.cursor
        backwards = cursor is not None and cursor.backwards
        where, values = self._where(nodes, query)
        if cursor is not None:
            beyond, more_values = _beyond(_unescaped(cursor), sort, descending, self._tie)
            where, values = f"{where} AND ({beyond})", values + more_values
        direction = "DESC" if descending != backwards else "ASC"
        nulls = "FIRST" if backwards else "LAST"
        order = f"{sort} {direction} NULLS {nulls}, {self._tie} {'DESC' if backwards else 'ASC'}"
        shown = f"SELECT * FROM {{relation}} WHERE {where} ORDER BY {order} LIMIT {query.size + 1}"
        found = self._rows(f"SELECT {self._read()} FROM ({shown}) ORDER BY {order}", values)
        more, rows = len(found) > query.size, found[: query.size]
        if backwards:
            rows.reverse()
        has_before = more if backwards else cursor is not None
        has_after = cursor is not None if backwards else more
        return Page(
            rows,
            self._at(rows[0], sort, backwards=True) if rows and has_before else None,
            self._at(rows[-1], sort, backwards=False) if rows and has_after else None,
        )

    def count(self, nodes: Collection[str], query: Query, limit: int) -> int:
        """Count the rows, at most up to a limit."""
        where, values = self._where(nodes, query)
        text = f"SELECT count(*) AS n FROM (SELECT 1 FROM {{relation}} WHERE {where} LIMIT {limit})"
        found = self._rows(text, values)
        return int(found[0]["n"]) if found else 0

    def get(self, nodes: Collection[str], key: str) -> Row | None:
        """Return one row."""
        parts = parted(key)
        if len(parts) != len(self._parts):
            return None
        where, values = self._where(nodes, Query())
        is_it = " AND ".join(f'CAST("{name}" AS VARCHAR) = ?' for name in self._parts)
        found = self._rows(
            f"SELECT {self._read()} FROM {{relation}} WHERE {where} AND {is_it}",
            [*values, *parts],
        )
        return found[0] if found else None

    def every(self, nodes: Collection[str], query: Query) -> Iterator[Row]:
        """Yield all rows."""
        sort, descending = self._sort(query)
        where, values = self._where(nodes, query)
        order = f"{sort} {'DESC' if descending else 'ASC'} NULLS LAST, {self._tie}"
        text = f"SELECT {self._read()} FROM {{relation}} WHERE {where} ORDER BY {order}"
        relation = self.relation()
        if relation is None:
            return
        with reading() as connection:
            found = connection.sql(text.format(relation=relation), params=list(values))
            for batch in found.to_arrow_reader(10_000):
                yield from batch.to_pylist()

    def choices(self, nodes: Collection[str], filter_: Filter) -> list[str]:
        """Return the values that a filter finds."""
        where, values = self._where(nodes, Query())
        found = self._rows(
            f'SELECT DISTINCT "{filter_.lookup}" AS value FROM {{relation}} WHERE {where} '
            "ORDER BY value LIMIT 200",
            values,
        )
        return [str(row["value"]) for row in found if row["value"] not in (None, "")]

    def _rows(self, text: str, values: Sequence[Any]) -> list[Row]:
        relation = self.relation()
        if relation is None:
            return []
        with reading() as connection:
            try:
                found = connection.sql(text.format(relation=relation), params=list(values))
                rows: list[Row] = found.to_arrow_table().to_pylist()
            except duckdb.ConversionException:  # a value that its column cannot hold finds nothing
                return []
        return rows

    def _read(self) -> str:
        columns = ", ".join(f'"{c.lookup}" AS "{c.name}"' for c in self.columns)
        return f"{self.key} AS pk, {columns}"

    def _where(self, nodes: Collection[str], query: Query) -> tuple[str, list[Any]]:
        parts, values = [f'"{self.node}" IN (SELECT unnest(?))'], [sorted(nodes)]
        every: list[Any] = list(values)
        for name, stated in query.filters.items():
            texts = [value for value in stated if value]
            if name in self.filters and texts:
                part, more = self._filtered(self.filters[name], texts, query.tree)
                parts.append(part)
                every += more
        for word in query.search.split():
            part, more = _held_in(self.search, [c for c in self.columns if c.finds], word)
            parts.append(part)
            every += more
        return " AND ".join(parts), every

    def _filtered(
        self, filter_: Filter, stated: Sequence[str], tree: Tree
    ) -> tuple[str, list[Any]]:
        finding = [c for c in self.columns if c.finds and c.lookup == filter_.lookup]
        if filter_.kind == "text" and finding:
            return _held_in([filter_.lookup], finding, stated[0])
        return _condition(filter_, stated, tree)

    def _sort(self, query: Query) -> tuple[str, bool]:
        for asked in (query.sort, self.order):
            name = asked.removeprefix("-")
            column = next((c for c in self.columns if c.name == name and c.sortable), None)
            if column is not None:
                return f'"{column.lookup}"', asked.startswith("-")
        return self._tie, False

    def _at(self, row: Row, sort: str, *, backwards: bool) -> Cursor:
        name = next((c.name for c in self.columns if f'"{c.lookup}"' == sort), "pk")
        value = row[name] if name != "pk" else "~".join(parted(row["pk"]))
        kept = value if isinstance(value, float) else plain(value)
        return Cursor(kept, str(row["pk"]), backwards)


def _held_in(names: Sequence[str], finding: Sequence[Column], text: str) -> tuple[str, list[Any]]:
    """Return the condition that a text stands in a column, or in the name of its code."""
    held = [_holds(f'"{name}"') for name in names]
    meant = [f'"{column.lookup}" IN (SELECT unnest(?))' for column in finding]
    codes = [sorted(column.finds(text)) for column in finding if column.finds]
    return "(" + " OR ".join(held + meant) + ")", [*[text] * len(held), *codes]


def _holds(column: str) -> str:
    """Return the condition that a text is held, in capitals or not; twice as fast as ILIKE."""
    return f"contains(lower({column}), lower(?))"


def _unescaped(cursor: Cursor) -> Cursor:
    """Return a place with the parts of its row's key as they are."""
    return replace(cursor, key="~".join(parted(cursor.key)))


def _beyond(cursor: Cursor, sort: str, descending: bool, key: str) -> tuple[str, list[Any]]:
    """Return what lies after a place (before it, if backwards); nulls are last."""
    side = "<" if cursor.backwards else ">"
    if cursor.value is None:
        empty = f"{sort} IS NULL AND {key} {side} ?"
        return (f"({empty}) OR {sort} IS NOT NULL" if cursor.backwards else empty), [cursor.key]
    beyond = ">" if descending == cursor.backwards else "<"
    text = f"{sort} {beyond} ? OR ({sort} = ? AND {key} {side} ?)"
    values = [cursor.value, cursor.value, cursor.key]
    return (text if cursor.backwards else f"{text} OR {sort} IS NULL"), values


def _condition(filter_: Filter, values: Sequence[str], tree: Tree) -> tuple[str, list[Any]]:
    """Return the condition of a filter; a date that cannot be read finds nothing."""
    column = f'"{filter_.lookup}"'
    match filter_.kind:
        case "choice":
            return f"{column} IN (SELECT unnest(?))", [list(values)]
        case "text":
            return _holds(column), [values[0]]
        case "node" | "around":
            return f"{column} IN (SELECT unnest(?))", [sorted(filter_.nodes(values, tree))]
        case "year":
            if not values[0].isdecimal() or not 1 <= int(values[0]) < MAXYEAR:
                return "FALSE", []
            year = int(values[0])
            return f'{column} < ? AND "end" > ?', [date(year + 1, 1, 1), date(year, 1, 1)]
        case "since" | "until":
            day = parse_day(values[0])
            if day is None:
                return "FALSE", []
            return f"{column} {'>=' if filter_.kind == 'since' else '<='} ?", [day]
