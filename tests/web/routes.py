"""Which routes there are, and by whom each is visited: `visits.csv` beside this file.

A row names a route, the role that owns its page, the arguments of its address ({key} is filled in
from the example), and what answers: `page`, `reference` (a page for programmers), `part` of a page,
`file`, `post` (nothing is shown), `leads` (elsewhere, for the reason stated) or `resource` (all
pages of a resource that declare no row of their own; of several roles the first that may do an
action visits its page). A page may state its status.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from visits import VARIANTS

TABLE = Path(__file__).with_name("visits.csv")
# What is tested elsewhere, by the name of its route.
ELSEWHERE = {
    "api:": "answers JSON to programs: tests/api calls every operation as every role",
    "?": "old addresses of allauth that lead to the new ones, and the API's page for 404",
}
SUFFIXES = {
    "list": "page", "file": "file", "create": "page", "import": "page", "record": "page",
    "edit": "page", "delete": "page", "act": "page",
}  # fmt: skip


@dataclass(frozen=True)
class Visit:
    """A route as somebody visits it."""

    route: str
    role: str
    arguments: tuple[tuple[str, str], ...] = ()
    query: str = ""
    kind: str = "page"
    status: int = 200
    why: str = ""

    def __str__(self) -> str:
        act = dict(self.arguments).get("name", "").rpartition(".")[2]
        return "-".join(part for part in (self.route, act, self.role) if part)

    @property
    def is_generic(self) -> bool:
        """Whether its page is one that every resource has."""
        return hasattr(routes()[self.route], "__func__")

    def address(self, keys: dict[str, str]) -> str:
        """Return its address, keys of the example filled in."""
        from django.urls import reverse

        stated = {name: value.format_map(keys) for name, value in self.arguments}
        if "line" in stated:
            stated["line"] = int(stated["line"])
        if "month" in stated:
            from datetime import date

            stated["month"] = date.fromisoformat(f"{stated['month']}-01")
        address = reverse(self.route, kwargs=stated)
        return f"{address}?{self.query.format_map(keys)}" if self.query else address


def visits() -> list[Visit]:
    """Read the table; a resource's row becomes a visit of each of its routes."""
    with TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    own = [_visit(row) for row in rows if row["kind"] != "resource"]
    stated = {visit.route for visit in own}
    for row in rows:
        if row["kind"] == "resource":
            found = _of_resource(row["route"], row["role"].split())
            own += [visit for visit in found if visit.route not in stated]
    return own


@cache
def routes() -> dict[str, Any]:
    """Return every route of the app by name, with its view."""
    from django.urls import URLPattern, get_resolver

    def walk(patterns: Iterable[Any], space: str = "") -> Iterator[tuple[str, Any]]:
        for one in patterns:
            if isinstance(one, URLPattern):
                yield f"{space}{one.name or '?'}", one.callback
            else:
                yield from walk(one.url_patterns, f"{one.namespace}:" if one.namespace else space)

    return dict(walk(get_resolver().url_patterns))


def looked_at(shown: list[Visit]) -> list[Any]:
    """Return pages × ways of looking, as parameters of a test."""
    return [
        pytest.param(visit, variant, id=f"{visit}-{variant}")
        for variant in VARIANTS
        for visit in shown
    ]


def _visit(row: dict[str, str]) -> Visit:
    kind, _, status = row["kind"].partition(" ")
    arguments = tuple(tuple(part.split("=", 1)) for part in row["arguments"].split())
    return Visit(
        row["route"], row["role"], arguments, row["query"], kind, int(status or 200), row["why"]
    )


def _of_resource(name: str, named: list[str]) -> Iterator[Visit]:
    from linyin.platform.resources import RESOURCES
    from linyin.platform.roles import roles

    known, resource = routes(), RESOURCES[name]
    for suffix, kind in SUFFIXES.items():
        route, role = f"{name}-{suffix}", named[0]
        if route not in known:
            continue
        key = (("key", f"{{{role}/{name}}}"),)
        if suffix == "file":
            for file in ("csv", "xlsx"):
                yield Visit(route, role, (("kind", file),), kind=kind)
        elif suffix == "act":
            for action in resource.actions:
                stated = (*key, ("name", action.name))
                if action.is_plain or _has_own_page(route, stated):
                    doer = next(r for r in named if action.permission in roles()[r].permissions)
                    yield Visit(route, doer, stated, kind=kind)
        else:
            yield Visit(
                route, role, () if suffix in ("list", "create", "import") else key, kind=kind
            )


def _has_own_page(route: str, stated: tuple[tuple[str, str], ...]) -> bool:
    """Return whether a room has a page of its own at an action's address."""
    from django.urls import resolve, reverse

    return resolve(reverse(route, kwargs=dict(stated) | {"key": "1"})).url_name != route
