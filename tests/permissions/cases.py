"""What each route and action needs: `cases.csv`, and the declarations of resources and actions.

A row names what is needed to see a page and to post to it, and the resource whose record its
address names. Nothing needed says why; `open` is for whoever has not signed in.
"""

from __future__ import annotations

import csv
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("cases.csv")
ELSEWHERE = {
    "export-file": "given to whoever asked for it alone: tests/rooms/test_long_lists.py",
    "api:": "tests/api calls every operation as every role",
    "account_": "a person's own account, which allauth guards",
    "mfa_": "a person's own second factor, which allauth guards",
    "socialaccount_": "a person's own sign-in at a provider, which allauth guards",
    "openid_": "signing in at a provider",
    "?": "old addresses of allauth that lead to the new ones, and the API's page for 404",
}
NOWHERE = "00000000-0000-0000-0000-000000000000"
MONTH = date(2023, 10, 1)
VERBS = {"grid-cell-post": "details", "grid-month": "submit"}
WRITES = ("create", "import", "edit", "delete")


@dataclass(frozen=True)
class Case:
    """What a route needs."""

    route: str
    sees: str
    does: str
    subject: str
    why: str = ""
    name: str = ""

    def __str__(self) -> str:
        return f"{self.route} {self.name}".rstrip()

    @property
    def body(self) -> dict[str, str]:
        """What is posted: something, since an empty form is only shown again."""
        return {"make": "en.pdf"} if self.route == "runs-report" else {"reason": "x"}

    @property
    def view(self) -> Any:
        """What answers its address: a room's own page comes before the one of every resource."""
        from django.urls import NoReverseMatch, resolve

        try:
            return resolve(self.address({self.subject: "1"})).func
        except NoReverseMatch:
            return resolve(self.address({})).func

    @property
    def methods(self) -> frozenset[str]:
        """Which methods its page takes."""
        return frozenset(getattr(self.view, "methods", ()))

    @property
    def takes_no_get(self) -> bool:
        """Whether its page is only posted to."""
        return bool(self.methods) and "GET" not in self.methods

    @property
    def has_own_page(self) -> bool:
        """Whether a room has a page of its own for its action."""
        return not hasattr(self.view, "__func__")

    def address(self, there: Mapping[str, str]) -> str:
        """Return an address of the route that names the record of its kind which is `there`."""
        from django.urls import NoReverseMatch, reverse

        key = there.get(self.subject, NOWHERE)
        grid = {
            "site": key, "month": MONTH, "line": int(there.get("lines", 0)),
            "sha256": there.get("sha256", "0" * 64),
            "verb": VERBS.get(self.route, ""),
        }  # fmt: skip
        for stated in (
            {}, {"key": key}, {"key": key, "name": self.name}, {"kind": "csv"},
            {"name": "api"},
            {"sha256": there.get("sha256", "0" * 64)}, {"key": key, "entry": there.get("entry")},
            {"key": key, "lang": "en", "kind": "xlsx"}, {"site": key},
            {n: grid[n] for n in ("site", "month", "line")},
            {n: grid[n] for n in ("site", "month", "line", "verb")},
            {n: grid[n] for n in ("site", "month", "line", "sha256")},
            {n: grid[n] for n in ("site", "month", "verb")},
        ):  # fmt: skip
            try:
                return reverse(self.route, kwargs=stated)
            except NoReverseMatch:
                continue
        raise NoReverseMatch(self.route)


def cases() -> list[Case]:
    """Read the table, and derive the cases of resources from their declarations."""
    from routes import routes

    from linyin.platform.resources import RESOURCES

    with TABLE.open(encoding="utf-8") as file:
        found = [Case(**row) for row in csv.DictReader(file)]
    stated = {case.route for case in found}
    for name, resource in RESOURCES.items():
        for suffix in ("list", "file", "record", *WRITES):
            route = f"{name}-{suffix}"
            if route not in routes() or route in stated:
                continue
            sees = resource.edit if suffix in WRITES else resource.view
            subject = name if suffix in ("record", "edit", "delete") else ""
            is_done = suffix in (*WRITES, "file")  # whoever sees rows has them written as a file
            found.append(Case(route, sees, sees if is_done else "", subject))
        for action in resource.actions:
            case = Case(f"{name}-act", action.permission, action.permission, name, "", action.name)
            if action.is_plain or case.has_own_page:
                found.append(case)
    return found


def subject_model(action: Any) -> type[Any] | None:
    """Return the model of what an action is done to, by the annotation of its parameter."""
    from django.apps import apps

    if not action.has_subject:
        return None
    named = list(inspect.signature(action.function).parameters.values())[1].annotation
    return next(m for m in apps.get_models() if m.__name__ == named)


def record_of(model: type[Any], node: Any, person: Any) -> Any:
    """Return a record, not stored, of a node, or of a person if its kind belongs to people."""
    if owner := getattr(model, "OWNER_PATH", ""):
        return model(**{owner: person.pk})
    first, _, rest = getattr(model, "NODE_PATH", "").partition("__")
    if not first:
        return model()
    if not rest:
        return model(**{first: node.code})
    target = model._meta.get_field(first).related_model
    if target is type(node):
        return model(**{first: node})
    return model(**{first: record_of(target, node, person)})
