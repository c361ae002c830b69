"""What a list's address asks for, and what its page needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest
from django.urls import reverse

from linyin.platform.resources.display import Cell, Display
from linyin.platform.resources.source import Cursor, Query
from linyin.platform.words import lang, say, words

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.resources.columns import Column
    from linyin.platform.resources.filters import Filter
    from linyin.platform.resources.resource import Resource

__all__ = ["FilterField", "Heading", "asked_of", "list_context"]

COUNTED: Final = 10_000
SIZES: Final = (25, 50, 100)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a list: label, where a click on it leads, how it is ordered now."""

    label: str
    url: str
    order: str
    is_numeric: bool


@dataclass(frozen=True, slots=True)
class FilterField:
    """A filter of a list as a field: its options and what is stated."""

    name: str
    label: str
    kind: str
    options: Sequence[tuple[str, str]]
    stated: Sequence[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list: where it leads, and its cells."""

    url: str
    title: str
    cells: Sequence[Cell]


def asked_of(request: HttpRequest, resource: Resource) -> Query:
    """Read a query from an address; what cannot be read is left out."""
    asked = request.GET
    filters = {f.name: asked.getlist(f.name) for f in resource.filters if asked.getlist(f.name)}
    size = asked.get("size", "")
    cursor = asked.get("at", "")
    return Query(
        filters=filters,
        search=asked.get("q", "")[:200],
        sort=asked.get("sort", ""),
        cursor=Cursor.read(cursor) if cursor else None,
        size=int(size) if size.isdecimal() and int(size) in SIZES else 50,
    )


def list_context(resource: Resource, actor: Actor, request: HttpRequest) -> dict[str, Any]:
    """Return what the list page needs."""
    query = asked_of(request, resource)
    nodes = actor.nodes(resource.view)
    page = resource.rows.page(nodes, query)
    counted = resource.rows.count(nodes, query, COUNTED + 1)
    display = Display(resource, page.rows)
    columns = resource.listed
    name = f"{resource.name}-record"
    lines = [
        Line(
            reverse(name, args=[row["pk"]]),
            resource.titled(row),
            [display.cell(column, row) for column in columns],
        )
        for row in page.rows
    ]
    return {
        "resource": resource,
        "query": query,
        "headings": [_heading(resource, column, query, request) for column in columns],
        "lines": lines,
        "count": min(counted, COUNTED),
        "is_more": counted > COUNTED,
        "is_filtered": bool(query.filters or query.search),
        "before": _at(request, page.before),
        "after": _at(request, page.after),
        "filters": [_field(resource, filter_, query, nodes) for filter_ in resource.filters],
        "may_create": bool(resource.edit and resource.fields and actor.may(resource.edit)),
        "has_search": bool(resource.search),
        "address": request.GET.urlencode(),
    }


def _heading(resource: Resource, column: Column, query: Query, request: HttpRequest) -> Heading:
    falling = query.sort == f"-{column.name}"
    rising = query.sort == column.name
    wanted = f"-{column.name}" if rising else column.name
    url = _address(request, sort=wanted, at="") if column.sortable else ""
    order = "ascending" if rising else "descending" if falling else ""
    return Heading(say(f"{resource.name}.{column.name}"), url, order, column.is_numeric)


def _at(request: HttpRequest, cursor: Cursor | None) -> str:
    return _address(request, at=cursor.text()) if cursor else ""


def _address(request: HttpRequest, **changed: str) -> str:
    asked = request.GET.copy()
    for name, value in changed.items():
        asked.pop(name, None)
        if value:
            asked[name] = value
    return f"?{asked.urlencode()}"


def _field(resource: Resource, filter_: Filter, query: Query, nodes: Any) -> FilterField:
    key = f"{resource.name}.{filter_.name}"
    label = say(key if key in words() else f"filter.{filter_.name}")
    stated = list(query.filters.get(filter_.name, ()))
    options: list[tuple[str, str]] = []
    if filter_.kind == "node":
        from linyin.platform.nodes import node_options

        options = node_options(nodes, lang())
    elif filter_.kind in ("choice", "year"):
        options = [(value, _word(resource, filter_, value)) for value in _values(resource, filter_, nodes)]
    return FilterField(filter_.name, label, filter_.kind, options, stated)


def _values(resource: Resource, filter_: Filter, nodes: Any) -> Sequence[str]:
    if callable(filter_.choices):
        return filter_.choices()
    if filter_.choices is not None:
        return filter_.choices
    if filter_.kind == "year":
        return []
    found: Sequence[str] = resource.rows.choices(nodes, filter_)  # type: ignore[attr-defined]
    return found


def _word(resource: Resource, filter_: Filter, value: str) -> str:
    key = f"{resource.name}.{filter_.name}.{value}"
    return say(key) if key in words() else value
