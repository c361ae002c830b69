"""Lists: what is asked becomes a query, a page becomes an answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from linyin.platform.api.answers import answer
from linyin.platform.api.problems import ApiProblem
from linyin.platform.api.values import json_row
from linyin.platform.resources.source import Cursor, Query

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from ninja import Schema

    from linyin.platform.api.values import Shown
    from linyin.platform.models.record import Record
    from linyin.platform.resources.columns import Column
    from linyin.platform.resources.filters import Filter
    from linyin.platform.resources.source import Source
    from linyin.platform.tree import Tree

__all__ = ["Rows", "page_answer", "query_of", "require_known"]

COUNTED: Final = 10_000
_NOT_FILTERS: Final = ("q", "sort", "at", "size", "count")


@dataclass(frozen=True)
class Rows:
    """Rows beside those of resources, listed in the same way.

    Attributes
    ----------
    name
        Prefix of the words of its columns and of its types.

    """

    name: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    search: Sequence[str] = ()
    model: type[Record] | None = None


def query_of(stated: Mapping[str, Any], tree: Tree) -> Query:
    """Return the query that an address states.

    Raises
    ------
    ApiProblem
        422 for a place that no list gave.

    """
    filters = {
        name: [str(v) for v in (value if isinstance(value, list) else [value])]
        for name, value in stated.items()
        if name not in _NOT_FILTERS and value not in (None, [])
    }
    at = stated.get("at") or ""
    cursor = Cursor.read(at) if at else None
    if at and cursor is None:
        raise ApiProblem(422, "place-unreadable", "at")
    return Query(
        filters=filters,
        search=stated.get("q") or "",
        sort=stated.get("sort") or "",
        cursor=cursor,
        size=stated.get("size", 50),
        tree=tree,
    )


def require_known(request: HttpRequest, asked: Schema) -> None:
    """Refuse what a list is asked for and does not know: a slip would give all rows.

    Raises
    ------
    ApiProblem
        If it is asked for anything else than its schema has.

    """
    known = type(asked).model_fields
    for name in request.GET:
        if name not in known:
            raise ApiProblem(
                422, "filter-unknown", name[:80], value=name[:80], expected=", ".join(known)
            )


def page_answer(
    shown: Shown,
    source: Source,
    nodes: Collection[str],
    stated: Mapping[str, Any],
    base: str,
    tree: Tree,
) -> HttpResponse:
    """Return a page of rows.

    Parameters
    ----------
    shown
        Name, columns and model of the rows.
    source
        Where they are.
    nodes
        Whose rows the caller reaches.
    stated
        What the address states, by name.
    base
        Address of the list.
    tree
        The caller's tree.

    """
    query = query_of(stated, tree)
    page = source.page(nodes, query)

    def address(cursor: Cursor | None) -> str | None:
        if cursor is None:
            return None
        kept = {n: v for n, v in stated.items() if v not in (None, [], "", False) and n != "at"}
        return f"{base}?{urlencode(kept | {'at': cursor.text()}, doseq=True)}"

    return answer(
        {
            "items": [json_row(shown, row) for row in page.rows],
            "next": address(page.after),
            "prev": address(page.before),
            "count": source.count(nodes, query, COUNTED) if stated.get("count") else None,
        }
    )
