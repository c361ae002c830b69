"""What a list's address asks for, and the parts of the page that answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Final

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from linyin.platform import parts
from linyin.platform.actor import who_asks
from linyin.platform.numbers import number
from linyin.platform.resources.columns import Column, readers_first
from linyin.platform.resources.display import Display, called_of
from linyin.platform.resources.filters import parse_day
from linyin.platform.resources.source import Cursor, Query
from linyin.platform.shell import Page, Scope
from linyin.platform.times import day
from linyin.platform.words import lang, say, words

if TYPE_CHECKING:
    from linyin.platform.resources.filters import Filter
    from linyin.platform.resources.source import Source
    from linyin.platform.tree import Tree

__all__ = ["Listing", "asked_of", "query_of", "record_href"]

COUNTED: Final = 10_000
SIZES: Final = (25, 50, 100)
TARGET: Final = "rows"
_WHOLE: Final = frozenset({"date", "flag"})
_ASKED: Final = frozenset({"q", "sort", "at", "size", "node", "year", "run"})


def asked_of(request: HttpRequest, columns: Sequence[Column], filters: Sequence[Filter]) -> Query:
    """Read a query from an address.

    Raises
    ------
    Http404
        If it asks for what the list does not know or cannot read: a slip would give all rows.

    """
    _require_read(request, columns, filters)
    return query_of(request.GET, filters, who_asks(request).tree)


def query_of(asked: QueryDict, filters: Sequence[Filter], tree: Tree) -> Query:
    """Read a query that was found to be one a list knows."""
    stated = {f.name: [v for v in asked.getlist(f.name) if v] for f in filters}
    size = asked.get("size", "")
    cursor = asked.get("at", "")
    return Query(
        filters={name: values for name, values in stated.items() if values},
        search=asked.get("q", "").replace("\x00", "")[:200],
        sort=asked.get("sort", ""),
        cursor=Cursor.read(cursor) if cursor else None,
        size=int(size) if size.isdecimal() and int(size) in SIZES else 50,
        tree=tree,
    )


def _require_read(
    request: HttpRequest, columns: Sequence[Column], filters: Sequence[Filter]
) -> None:
    asked, page = request.GET, Page.of(request)
    narrowed = {f.name: f for f in filters}
    ordered = {"", *(f"{sign}{c.name}" for c in columns if c.sortable for sign in ("", "-"))}
    for name in asked:
        if name not in narrowed and name not in _ASKED:
            raise page.unknown(say("list.unknown", name=name[:80]))
        for value in filter(None, asked.getlist(name)):
            if name in narrowed and not narrowed[name].reads(value):
                raise page.unknown(say("list.unreadable", value=value[:80]))
    if asked.get("at") and Cursor.read(asked["at"]) is None:
        raise page.unknown(say("list.nowhere"))
    if asked.get("sort", "") not in ordered:
        raise page.unknown(say("list.unsorted", name=asked["sort"][:80]))


class Listing:
    """A list of a source's rows as parts of a page.

    Parameters
    ----------
    request
        Its address holds filters, order and place.
    name
        Prefix of the words of columns and choices.
    source, columns, filters
        What is listed.
    nodes
        Codes that the reader reaches.
    href
        Key of a row → where it opens.
    has_search
        Whether there is a search field.
    empty
        Shown where there is nothing at all.
    is_named
        Whether rows begin with what their record is called as a whole.

    """

    def __init__(
        self,
        request: HttpRequest,
        name: str,
        source: Source,
        columns: Sequence[Column],
        filters: Sequence[Filter],
        nodes: Collection[str],
        href: Callable[[str], str],
        *,
        has_search: bool = True,
        empty: parts.Empty | None = None,
        is_named: bool = False,
    ) -> None:
        self.request, self.name, self.source = request, name, source
        self.columns, self.filters_, self.nodes, self.href = columns, filters, nodes, href
        self.has_search, self.empty, self.is_named = has_search, empty, is_named
        self.query = asked_of(request, columns, filters)
        self.page = source.page(nodes, self.query)
        self.display = Display(name, columns, self.page.rows, self.query.tree, who_asks(request))

    @property
    def table(self) -> parts.Table:
        """The rows of the page under their columns."""
        shown = {column.name: column for column in self.columns if column.listed}
        listed = [shown[name] for name in readers_first(list(shown), lang())]
        named = [parts.Column(say(f"{self.name}.one"), is_wide=True)] if self.is_named else []
        called = self._called()
        return parts.Table(
            caption=say(f"{self.name}.title"),
            columns=named + [self._head(column) for column in listed],
            rows=[
                parts.Row(
                    called.get(row["pk"], [])
                    + [self.display.cell(column, row) for column in listed],
                    self.href(row["pk"]),
                )
                for row in self.page.rows
            ],
            pager=self._pager(),
            empty=self._nothing(),
            id=TARGET,
        )

    @property
    def filters(self) -> parts.Filters:
        """The bar above the table."""
        fields = [self._filter(filter_) for filter_ in self.filters_]
        kept = [*Scope.of(self.request).fields]
        kept += [("sort", self.query.sort)] if self.query.sort else []
        own = {filter_.name for filter_ in self.filters_}
        return parts.Filters(
            filters=[field for field, _ in fields],
            query=self.query.search if self.has_search else None,
            chosen=[chosen for _, chosen in fields if chosen],
            clear_href=self.request.path if self.query.filters or self.query.search else "",
            kept=[(name, value) for name, value in kept if name not in own],
            target=TARGET,
        )

    def _called(self) -> dict[str, list[str | parts.Part]]:
        """Return the cell before all others of every row, where lists begin with a name."""
        if not self.is_named:
            return {}
        itself = Column("pk", "link", target=self.name)
        return {key: [name] for key, name in called_of(itself, self.page.rows).items()}

    def _head(self, column: Column) -> parts.Column:
        falling, rising = (self.query.sort == f"{sign}{column.name}" for sign in ("-", ""))
        wanted = f"-{column.name}" if rising else column.name
        return parts.Column(
            say(f"{self.name}.{column.name}"),
            unit=self.display.unit(column),
            is_number=column.is_numeric,
            sort_href=self._address(sort=wanted, at="") if column.sortable else "",
            sorted="ascending" if rising else "descending" if falling else "",
            is_wide=column.kind == "text",
            is_whole=column.kind in _WHOLE or bool(column.badge),
            is_brief=column.kind == "choice" and not column.badge,
        )

    def _pager(self) -> parts.Pager:
        counted = self.source.count(self.nodes, self.query, COUNTED + 1)
        total = number(min(counted, COUNTED)) + ("+" if counted > COUNTED else "")
        before, after = self.page.before, self.page.after
        return parts.Pager(
            shown=str(len(self.page.rows)),
            total=total,
            previous=self._address(at=before.text()) if before else "",
            next=self._address(at=after.text()) if after else "",
        )

    def _nothing(self) -> parts.Empty | None:
        if self.query.filters or self.query.search:
            clear = parts.Button(say("list.clear"), self.request.path, "x")
            return parts.Empty(say("list.nothing_found"), icon="search", button=clear)
        return self.empty

    def _filter(self, filter_: Filter) -> tuple[parts.Filter, tuple[str, str] | None]:
        key = f"{self.name}.{filter_.name}"
        label = say(key if key in words() else f"filter.{filter_.name}")
        stated = self.query.filters.get(filter_.name, [""])[0]
        choices = self._choices(filter_)
        shown = dict(choices).get(stated, stated).strip()
        is_day = filter_.kind in ("since", "until")
        told = _day_told(shown) if is_day else shown
        chosen = (f"{label}: {told}", self._address(**{filter_.name: "", "at": ""}))
        field = parts.Filter(filter_.name, label, stated, choices, "date" if is_day else "text")
        return field, chosen if stated else None

    def _choices(self, filter_: Filter) -> list[tuple[str, str]]:
        if filter_.kind in ("node", "around"):
            return self.query.tree.options(self.nodes, lang()) or self._nodes_held(filter_)
        if filter_.kind not in ("choice", "year"):
            return []
        values: Sequence[str] = ()
        if callable(filter_.choices):
            values = filter_.choices()
        elif filter_.choices is not None:
            values = filter_.choices
        elif filter_.kind == "choice":
            values = self.source.choices(self.nodes, filter_)
        column = self._column(filter_)
        if column is not None and column.kind == "link":
            called = called_of(column, [{column.name: value} for value in values])
            return [(value, called.get(value, value)) for value in values]
        return [(value, self._word(filter_, value)) for value in values]

    def _nodes_held(self, filter_: Filter) -> list[tuple[str, str]]:
        """Return the nodes of the rows themselves, for those to whom rows are shared one by one."""
        names = self.query.tree.names(lang())
        return [(code, names.get(code, code)) for code in self.source.choices(self.nodes, filter_)]

    def _column(self, filter_: Filter) -> Column | None:
        return next((c for c in self.columns if c.lookup == filter_.lookup), None)

    def _word(self, filter_: Filter, value: str) -> str:
        column = self._column(filter_)
        if column is not None and column.says is not None:
            return column.says(value)
        key = f"{self.name}.{filter_.name}.{value}"
        return say(key) if key in words() else value

    def _address(self, **changed: str) -> str:
        asked = self.request.GET.copy()
        for name, value in changed.items():
            asked.pop(name, None)
            if value:
                asked[name] = value
        return f"?{asked.urlencode()}" if asked else self.request.path


def _day_told(stated: str) -> str:
    """Return a day of an address as pages write it; what is no day as it stands."""
    read = parse_day(stated)
    return stated if read is None else day(read)


def record_href(route: str, query: str) -> Callable[[str], str]:
    """Return where rows open by a route that takes their key, with the page's context."""
    suffix = f"?{query}" if query else ""
    return lambda key: reverse(route, args=[key]) + suffix
