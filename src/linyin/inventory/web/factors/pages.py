"""The pages of a factor: its record, the runs that stand on it, others beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from linyin.inventory.web.factors.catalogue import known_factors
from linyin.inventory.web.factors.facts import FACTS, evidence_of, facts_of, state_badge, value_text
from linyin.inventory.web.factors.history import comparable, history_chart, relatives
from linyin.inventory.web.factors.rows import listed_of, name_of, place_name, publisher_name
from linyin.inventory.web.factors.usage import runs_with
from linyin.inventory.web.line_names import line_name
from linyin.inventory.web.pages.common import with_scope
from linyin.ledger.web.called import unit_called
from linyin.platform.actor import who_asks
from linyin.platform.numbers import MassScale, number
from linyin.platform.parts import Badge, Button, Column, Empty, Link, Row, Tab, Table, Tabs
from linyin.platform.parts.cells import Printed
from linyin.platform.signin import signed_in
from linyin.platform.times import moment
from linyin.platform.words import say

if TYPE_CHECKING:
    from linyin.inventory.web.factors.catalogue import Listed
    from linyin.platform.actor import Actor

__all__ = ["compare", "record", "runs"]

COMPARED: Final = 6
_ON_TOP: Final = ("total_kg",)


@signed_in
def record(request: HttpRequest, key: str) -> HttpResponse:
    """Show what is known of a factor, and what is said of the same thing for other years."""
    actor = _reader(request)
    one = _one(actor, key)
    same = relatives(one, _known(actor))
    context = _head(request, actor, one, "record") | {
        "facts": [
            (say(f"factors.{name}"), value)
            for name, value in facts_of(one).items()
            if name not in _ON_TOP
        ],
        "value": (value_text(one.factor), f"kg CO₂e/{unit_called(one.factor.unit_text)}"),
        "chart": history_chart(one, same, _opens(request)) if len(same) > 1 else None,
        "document": evidence_of(actor, one.factor.row.get("evidence_sha256") or ""),
        "own": with_scope(request, reverse("own-factors-record", args=[one.own[0]]))
        if one.own and not one.is_from_above
        else "",
    }
    return render(request, "inventory/factor.html", context)


@signed_in
def runs(request: HttpRequest, key: str) -> HttpResponse:
    """Show which runs stand on a factor, line by line; each leads to its entries."""
    actor = _reader(request)
    one = _one(actor, key)
    used = runs_with(actor, key)
    scale = MassScale.of([line.co2e_mg for line in used])
    rows = [
        Row(
            [
                Link(str(line.run), hint=moment(line.run.made_at)),
                Badge("state", line.run.state),
                line_name(line.line),
                say(f"entries.scope2_method.{line.method}") if line.method else "",
                Printed(number(line.entries)),
                Printed(scale.text(line.co2e_mg)),
            ],
            with_scope(request, reverse("runs-entries", args=[line.run.pk]), factor_id=key,
                       line=line.line, scope2_method=line.method),
        )
        for line in used
    ]  # fmt: skip
    columns = [
        Column(say("factors.run"), is_wide=True),
        Column(say("factors.state")),
        Column(say("inventory.line"), is_wide=True),
        Column(say("entries.scope2_method"), is_minor=True),
        Column(say("runs.entries"), is_number=True),
        Column(say("inventory.emissions"), scale.unit, is_number=True),
    ]
    empty = Empty(say("factors.runs.none"), say("factors.runs.none.text"), "calculator")
    table = Table(say("factors.runs"), columns, rows, empty=empty)
    context = _head(request, actor, one, "runs") | {"table": table}
    return render(request, "inventory/factor_runs.html", context)


@signed_in
def compare(request: HttpRequest) -> HttpResponse:
    """Show factors side by side; what differs is marked."""
    actor = _reader(request)
    asked = request.GET.getlist("id")[:COMPARED]
    chosen = listed_of(actor, asked)
    others = comparable(chosen[0], _known(actor)) if chosen else []
    others = [one for one in others if one not in chosen]
    context: dict[str, Any] = {
        "title": say("factors.compare"),
        "crumbs": [(say("factors.title"), with_scope(request, reverse("factors-list")))],
        "table": _beside(request, chosen) if chosen else None,
        "chosen": [one.factor.factor_id for one in chosen],
        "others": [(one.factor.factor_id, _short(one)) for one in others],
        "is_full": len(chosen) >= COMPARED,
        "empty": Empty(
            say("factors.compare.none"), say("factors.compare.none.text"), "git-compare",
            Button(say("factors.title"), reverse("factors-list"), "search", "primary"),
        ),
    }  # fmt: skip
    return render(request, "inventory/factor_compare.html", context)


def _beside(request: HttpRequest, chosen: list[Listed]) -> Table:
    told = [facts_of(one) for one in chosen]
    opens = _opens(request)
    head = [Link(name_of(one.factor.row), opens(one.factor.factor_id)) for one in chosen]
    states = [state_badge(one) for one in chosen]
    rows = [Row([say("factors.name"), *head]), Row([say("factors.state"), *states])]
    for name in FACTS:
        cells = [facts.get(name, "") for facts in told]
        if any(cells):
            differs = len({str(cell) for cell in cells}) > 1
            rows.append(Row([say(f"factors.{name}"), *cells], tone="question" if differs else ""))
    removal = [_without(request, one.factor.factor_id) for one in chosen]
    rows.append(
        Row(
            [
                say("factors.compare.change"),
                *(Link(say("factors.compare.remove"), href) for href in removal),
            ]
        )
    )
    columns = [Column(""), *(Column(_place_and_year(one), is_wide=True) for one in chosen)]
    return Table(say("factors.compare"), columns, rows, is_dense=True)


def _without(request: HttpRequest, key: str) -> str:
    kept = [("id", asked) for asked in request.GET.getlist("id") if asked != key]
    return f"?{urlencode(kept)}"


def _place_and_year(one: Listed) -> str:
    return f"{place_name(one.factor.place)} · {one.factor.data_year}"


def _short(one: Listed) -> str:
    factor = one.factor
    publisher = publisher_name(factor.row.get("publisher") or "")
    named = (place_name(factor.place), str(factor.data_year), name_of(factor.row), publisher)
    return " · ".join(text for text in named if text)


def _head(request: HttpRequest, actor: Actor, one: Listed, opened: str) -> dict[str, Any]:
    """Return what the head of a factor's pages shows."""
    factor = one.factor
    counts = {"runs": str(len({line.run.pk for line in runs_with(actor, factor.factor_id)}))}
    asked = {
        "item": factor.item, "unit": factor.unit_text, "year": str(factor.data_year),
        "technology": factor.technology, "supplier": factor.supplier, "product": factor.product,
        "place": "" if factor.place.startswith("site:") else factor.place,
        "site": factor.place.removeprefix("site:") if factor.place.startswith("site:") else "",
    }  # fmt: skip
    explain = _asked(request, reverse("factors-explain"), asked)
    others = with_scope(request, reverse("factors-compare"), id=factor.factor_id)
    return {
        "title": name_of(factor.row),
        "state": state_badge(one),
        "lead": " · ".join([place_name(factor.place), str(factor.data_year), factor.factor_id]),
        "buttons": [
            Button(say("factors.compare"), others, "git-compare"),
            Button(say("factors.explain"), explain, "help"),
        ],
        "tabs": Tabs(
            [
                Tab(
                    say(f"factors.tab.{name}"),
                    with_scope(request, reverse(f"factors-{name}", args=[factor.factor_id])),
                    name == opened,
                    counts.get(name, ""),
                )
                for name in ("record", "runs")
            ]
        ),
        "crumbs": [(say("factors.title"), with_scope(request, reverse("factors-list")))],
    }


def _asked(request: HttpRequest, url: str, asked: dict[str, str]) -> str:
    """Return an address with what is asked there; its year goes before the page's."""
    kept = {name: value for name, value in asked.items() if value}
    node = request.GET.get("node", "")
    return f"{url}?{urlencode(kept | ({'node': node} if node else {}))}"


def _opens(request: HttpRequest) -> Any:
    return lambda key: with_scope(request, reverse("factors-record", args=[key]))


def _reader(request: HttpRequest) -> Actor:
    actor = who_asks(request)
    if not actor.may("factors.view"):
        raise PermissionDenied
    return actor


def _known(actor: Actor) -> list[Listed]:
    return known_factors(actor.nodes("factors.view"), actor.tree)


def _one(actor: Actor, key: str) -> Listed:
    found = listed_of(actor, [key])
    if not found:
        raise Http404
    return found[0]
