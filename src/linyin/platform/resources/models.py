"""A model as a source of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import MAXYEAR, date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import F, IntegerField, Model, Q, QuerySet

from linyin.platform.audit import plain
from linyin.platform.grants import within
from linyin.platform.resources.filters import Filter, parse_day
from linyin.platform.resources.source import Cursor, Page, Query, Row

if TYPE_CHECKING:
    from linyin.platform.resources.columns import Column
    from linyin.platform.tree import Tree

__all__ = ["ModelSource", "key_of"]


class ModelSource:
    """The records of a model.

    Parameters
    ----------
    model
        With `NODE_PATH`.
    columns, filters
        What is read and asked of it.
    search
        Lookups that a search looks into.
    order
        Column by which it is ordered unless asked otherwise, `-` for the largest first.

    """

    def __init__(
        self,
        model: type[Model],
        columns: Sequence[Column],
        filters: Sequence[Filter],
        search: Sequence[str],
        order: str,
    ) -> None:
        self.model, self.columns, self.search, self.order = model, columns, search, order
        self.filters = {filter_.name: filter_ for filter_ in filters}

    def records(self, nodes: Collection[str], query: Query) -> QuerySet[Any]:
        """Return the records that a query asks for, without an order."""
        records = self.model._default_manager.filter(within(self.model, nodes))
        for name, values in query.filters.items():
            stated = [value for value in values if value]
            if name in self.filters and stated:
                records = _narrowed(
                    records, _condition(self.model, self.filters[name], stated, query.tree)
                )
        for word in query.search.split():
            held = [Q(**{f"{path}__icontains": word}) for path in self.search]
            meant = [Q(**{f"{c.lookup}__in": c.finds(word)}) for c in self.columns if c.finds]
            records = records.filter(reduce(or_, held + meant, Q()))
        return records

    def page(self, nodes: Collection[str], query: Query) -> Page:
        """Return a page of rows; rows without a value in the order's column come last."""
        sort, descending = self._sort(query)
        records = self.records(nodes, query)
        cursor = query.cursor
        backwards = cursor is not None and cursor.backwards
        if cursor is not None:
            records = records.filter(_beyond(cursor, sort, descending, self.model))
        ordered = self._ordered(records, sort, descending, backwards=backwards)
        found = [self._row(values) for values in self._values(ordered)[: query.size + 1]]
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
        return self.records(nodes, query).order_by()[:limit].count()

    def get(self, nodes: Collection[str], key: str) -> Row | None:
        """Return one row."""
        pk = key_of(self.model, key)
        if pk is None:
            return None
        values = self._values(self.records(nodes, Query()).filter(pk=pk)).first()
        return None if values is None else self._row(values)

    def every(self, nodes: Collection[str], query: Query) -> Iterator[Row]:
        """Yield all rows."""
        sort, descending = self._sort(query)
        ordered = self._ordered(self.records(nodes, query), sort, descending)
        for values in self._values(ordered).iterator(chunk_size=2000):
            yield self._row(values)

    def choices(self, nodes: Collection[str], filter_: Filter) -> list[str]:
        """Return the values that a filter finds."""
        values = (
            self.records(nodes, Query())
            .order_by(filter_.lookup)
            .values_list(filter_.lookup, flat=True)
            .distinct()
        )
        return [str(value) for value in values[:200] if value not in (None, "")]

    def _ordered(
        self, records: QuerySet[Any], sort: str, descending: bool, *, backwards: bool = False
    ) -> QuerySet[Any]:
        by = F(sort)
        if descending != backwards:
            first = by.desc(nulls_first=True) if backwards else by.desc(nulls_last=True)
        else:
            first = by.asc(nulls_first=True) if backwards else by.asc(nulls_last=True)
        return records.order_by(first, "-pk" if backwards else "pk")

    def _values(self, records: QuerySet[Any]) -> QuerySet[Any]:
        """Read the columns, each under its name with `_` before it: no name of a field."""
        read = {f"_{column.name}": F(column.lookup) for column in self.columns}
        version = {"version"} & {f.name for f in self.model._meta.concrete_fields}
        return records.values("pk", *version, **read)

    def _row(self, values: Row) -> Row:
        return {"pk": str(values["pk"]), "version": values.get("version")} | {
            column.name: values[f"_{column.name}"] for column in self.columns
        }

    def _sort(self, query: Query) -> tuple[str, bool]:
        for asked in (query.sort, self.order):
            name = asked.removeprefix("-")
            column = next((c for c in self.columns if c.name == name and c.sortable), None)
            if column is not None:
                return column.lookup, asked.startswith("-")
        return "pk", False

    def _at(self, row: Row, sort: str, *, backwards: bool) -> Cursor:
        name = next((c.name for c in self.columns if c.lookup == sort), "pk")
        return Cursor(plain(row[name]), str(row["pk"]), backwards)


def key_of(model: type[Model], text: str) -> Any:
    """Return a primary key as its field knows it, None if the text is none."""
    return model._meta.pk.to_python(text) if _is_value(model, "pk", text) else None


def _narrowed(records: QuerySet[Any], condition: Q) -> QuerySet[Any]:
    """Apply a filter; a value that its field cannot hold finds nothing."""
    try:
        return records.filter(condition)
    except (ValidationError, ValueError, TypeError):
        return records.none()


def _beyond(cursor: Cursor, sort: str, descending: bool, model: type[Model]) -> Q:
    """Return what lies after a place (before it, if backwards); nulls are last.

    A place that the field of the order does not know finds nothing.
    """
    pk = key_of(model, cursor.key)
    if pk is None or not _is_value(model, sort, cursor.value):
        return Q(pk__in=[])
    key = Q(pk__lt=pk) if cursor.backwards else Q(pk__gt=pk)
    empty = Q(**{f"{sort}__isnull": True})
    if cursor.value is None:
        return empty & key | ~empty if cursor.backwards else empty & key
    side = "gt" if descending == cursor.backwards else "lt"
    beyond = Q(**{f"{sort}__{side}": cursor.value}) | (Q(**{sort: cursor.value}) & key)
    return beyond if cursor.backwards else beyond | empty


def _is_value(model: type[Model], lookup: str, value: Any) -> bool:
    """Whether a value can be compared with the field that a lookup ends in."""
    if value is None:
        return True
    field: Any = None
    at: Any = model
    for name in lookup.split("__"):
        field = at._meta.pk if name == "pk" else at._meta.get_field(name)
        at = field.related_model
    try:
        known = field.to_python(value)
        if isinstance(field, IntegerField):
            field.run_validators(known)  # what a column of the database holds
    except (ValidationError, ValueError, TypeError, OverflowError):
        return False
    return True


def _condition(model: type[Model], filter_: Filter, values: Sequence[str], tree: Tree) -> Q:
    """Return the condition of a filter; what its field cannot hold finds nothing."""
    lookup = filter_.lookup
    match filter_.kind:
        case "choice":
            held = [value for value in values if _is_value(model, lookup, value)]
            return Q(**{f"{lookup}__in": held})
        case "text":
            return Q(**{f"{lookup}__icontains": values[0]})
        case "node" | "around":
            return Q(**{f"{lookup}__in": filter_.nodes(values, tree)})
        case "year":
            if not values[0].isdecimal():
                return Q(pk__in=[])
            year = int(values[0])
            if not 1 <= year < MAXYEAR:
                return Q(pk__in=[])
            first, last = date(year, 1, 1), date(year + 1, 1, 1)
            end = lookup.removesuffix("begin") + "end"
            return Q(**{f"{lookup}__lt": last, f"{end}__gt": first})
        case "since" | "until":
            day = parse_day(values[0])
            if day is None:
                return Q(pk__in=[])
            side = "gte" if filter_.kind == "since" else "lte"
            return Q(**{f"{lookup}__{side}": day})
