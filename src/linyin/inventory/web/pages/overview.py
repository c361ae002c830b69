"""The inventory of a node and year: where it stands, what it is made of, how it moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from linyin.inventory import INVENTORY_LINES
from linyin.inventory.report.palette import BOOKS
from linyin.inventory.web.baseyear import rules_now
from linyin.inventory.web.charts import largest_bars, scopes_chart
from linyin.inventory.web.figures import Figures, figures_in, figures_of, years_of
from linyin.inventory.web.pages.common import (
    asked_method,
    asked_node,
    asked_run,
    texts,
    told_of_run,
    with_scope,
    year_notice,
)
from linyin.ledger.web.called import unit_called
from linyin.platform.actor import who_asks
from linyin.platform.numbers import MassScale, number, percent
from linyin.platform.parts import (
    Badge,
    Button,
    Change,
    Column,
    Empty,
    Figure,
    Link,
    Row,
    Table,
)
from linyin.platform.parts import Figures as FigureRow
from linyin.platform.parts.cells import Printed
from linyin.platform.shell import Page, Scope
from linyin.platform.signin import signed_in
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["headline", "overview"]

LARGEST: Final = 10


@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Show the inventory of the page's node and year."""
    actor = who_asks(request)
    node = asked_node(request, actor)
    if node is None:
        raise PermissionDenied
    method = asked_method(request)
    years, run = years_of(node.code, actor.tree), asked_run(request)
    asked = Scope.of(request).year
    year = run.year if run else asked if asked in years else (years[-1] if years else None)
    new = Button(
        say("runs.new"), with_scope(request, reverse("runs-new")), "player-play", "primary"
    )
    new_button = new if actor.may("inventory.run", node.code) else None
    context: dict[str, Any] = {"node": node, "title": node.name(lang()), "new": new_button}
    if year is None:
        context["new"] = None  # the empty page has the button
        context["empty"] = Empty(say("runs.title"), say("runs.empty"), button=new_button)
        return render(request, "inventory/overview.html", context)
    several = {y: f for y in years[-6:] if (f := figures_of(actor, node.code, y, method))}
    if run is not None:
        several[year] = figures_in(actor, run, node.code, method)
    now = several[year]
    Page.of(request).shows(now.run.year)
    scale = MassScale.of([f.total for f in several.values()])
    context |= {
        "run": now.run,
        "notices": told_of_run(now.run, None if run else year_notice(asked, year), now.is_part),
        "figures": headline(request, now, several, scale),
        "scopes": scopes_chart(several, scale),
        "largest": _largest(now, scale, actor.tree.names(lang())),
        "lines": line_table(request, now, several, scale),
        "method": method,
        "methods": _methods(request, method),
        "part_of": say("inventory.part_of", run=now.run.node.name(lang())) if now.is_part else "",
    }
    return render(request, "inventory/overview.html", context)


def headline(
    request: HttpRequest, now: Figures, several: dict[int, Figures], scale: MassScale
) -> FigureRow:
    """Return the total and the figures beside it."""
    year = str(now.run.year)
    base = rules_now().base_year.year
    changes = [
        change
        for other, key in (
            (now.run.year - 1, "inventory.against_year"),
            (base, "inventory.against_base"),
        )
        if other is not None
        and other in several
        and other != now.run.year
        and (change := _change(now.total, several[other].total, say(key, year=other)))
    ]
    if len(changes) == 2 and base == now.run.year - 1:
        changes.pop()
    state = now.run.state
    run = with_scope(request, reverse("runs-record", args=[now.run.pk]), node=_part(now))
    figures = [
        Figure(
            say(f"inventory.total_{now.method}"), scale.text(now.total), scale.unit, year,
            state, changes, href=run, is_headline=True, mark=Badge("book", "actual"),
        )
    ]  # fmt: skip
    for scope in (1, 2, 3):
        share = percent(now.scope(scope) / now.total) if now.total else ""
        figures.append(
            Figure(
                say(f"scope.{scope}"), scale.text(now.scope(scope)), scale.unit, year, state,
                note=say("inventory.share_of", share=share), href=_entries_of(request, now, scope),
                mark=Badge("scope", str(scope)),
            )
        )  # fmt: skip
    intensity = now.intensity
    if intensity is not None:
        value, currency = intensity
        figures.append(
            Figure(
                say("inventory.intensity"), number(value, 1),
                say("inventory.per_million", currency=unit_called(currency)), year, state,
                note=say("inventory.intensity.help"),
                href=_revenue(request),
            )
        )  # fmt: skip
    return FigureRow(figures)


def line_table(
    request: HttpRequest, now: Figures, several: dict[int, Figures], scale: MassScale
) -> Table:
    """Return every line of the inventory over the years; each opens to its entries."""
    vocabulary = texts()
    shown = {year: figures.lines for year, figures in several.items()}
    earlier = [year for year in several if year <= now.run.year][-4:]
    rows = []
    for scope in (1, 2, 3):
        lines = [
            line
            for line in INVENTORY_LINES
            if line.startswith(f"{scope}.") and any(line in by for by in shown.values())
        ]
        if not lines:
            continue
        sums = [several[year].scope(scope) for year in earlier]
        rows.append(
            _row(
                Badge("scope", str(scope)), sums, now.scope(scope), now.total, scale,
                href=_entries_of(request, now, scope), tone="total",
            )
        )  # fmt: skip
        for line in lines:
            name = Link(f"{line}  {vocabulary.known('line', line)}")
            masses = [shown[year].get(line, 0) for year in earlier]
            href = _entries_of(request, now, scope, line)
            rows.append(_row(name, masses, now.lines.get(line, 0), now.total, scale, href=href))
    totals = [several[year].total for year in earlier]
    every = reverse("runs-entries", args=[now.run.pk])
    href = with_scope(request, every, role="reported", node=_part(now))
    rows.append(
        _row(say("inventory.total"), totals, now.total, now.total, scale, href=href, tone="total")
    )
    since = say("inventory.change")
    if len(earlier) > 1:
        since = say("inventory.change_since", year=earlier[0])
    columns = [
        Column(say("inventory.line"), is_wide=True),
        *(
            Column(str(year), scale.unit, is_number=True, is_minor=year != now.run.year)
            for year in earlier
        ),
        Column(since, is_number=True),
        Column(say("inventory.share"), is_number=True, is_minor=True),
    ]
    return Table(say("inventory.by_line"), columns, rows, is_dense=True)


def _entries_of(request: HttpRequest, now: Figures, scope: int, line: str = "") -> str:
    """Return where the entries open that add up to a scope, or to a line of it."""
    return with_scope(
        request, reverse("runs-entries", args=[now.run.pk]), role="reported",
        scope="" if line else str(scope), line=line,
        scope2_method=now.method if scope == 2 else "", node=_part(now),
    )  # fmt: skip


def _part(now: Figures) -> str:
    """Return the node that narrows what figures open to; '' = the whole run."""
    return now.node if now.is_part else ""


def _revenue(request: HttpRequest) -> str:
    """Return where the revenue behind an intensity opens, for whoever may see it."""
    if not who_asks(request).may("organization.view"):
        return ""
    return with_scope(request, reverse("metrics-list"), metric="revenue")


def _row(
    name: Any,
    masses: list[int],
    now: int,
    total: int,
    scale: MassScale,
    *,
    href: str = "",
    tone: str = "",
) -> Row:
    first = masses[0]
    change = percent(now / first - 1, signed=True) if len(masses) > 1 and first else ""
    share = percent(now / total) if total else ""
    cells = [name, *(Printed(scale.text(mass)) for mass in masses), Printed(change), Printed(share)]
    return Row(cells, href, tone)  # type: ignore[arg-type]


def _largest(now: Figures, scale: MassScale, names: Mapping[str, str]) -> Any:
    by_node = sorted(now.by_node.items(), key=lambda pair: -pair[1])
    parts = [(names.get(code, code), mass, BOOKS["actual"]) for code, mass in by_node[:LARGEST]]
    rest = sum(mass for _, mass in by_node[LARGEST:])
    if rest:
        count = len(by_node) - LARGEST
        parts.append((say("inventory.others", count=count), rest, "#7d8694"))
    return largest_bars("nodes", say("inventory.by_node"), parts, scale, now.total)


def _change(now: int, then: int, against: str) -> Change | None:
    if not then:
        return None
    share = now / then - 1
    direction = "down" if share < -0.0005 else "up" if share > 0.0005 else "level"
    judgement = {"down": "good", "up": "bad", "level": "neutral"}[direction]
    return Change(percent(share, signed=True), against, direction, judgement)  # type: ignore[arg-type]


def _methods(request: HttpRequest, method: str) -> list[tuple[str, str, bool]]:
    path = request.path
    return [
        (say(f"inventory.method.{name}"), with_scope(request, path, method=name), name == method)
        for name in ("location", "market")
    ]
