"""Tables of the inventory itself: by line, gas, ISO category, site; what stands outside."""

from __future__ import annotations

from linyin.inventory.report.figures import (
    GASES,
    ISO_CATEGORIES,
    LINES,
    by_gas,
    by_iso_category,
    by_line,
    by_scope,
    gases_of,
    lines_of,
    scope_of,
    total_mg,
)
from linyin.inventory.report.model import SCOPE2_METHODS
from linyin.inventory.report.tables import Column, Context, Row, Table

__all__ = [
    "by_gas_table",
    "by_line_table",
    "by_site_table",
    "eliminations_table",
    "gas_mass_table",
    "iso_table",
    "memo_table",
    "outside_table",
]


def _both(context: Context) -> tuple[Column, Column]:
    return (
        Column(context.texts("col.location"), "mass"),
        Column(context.texts("col.market"), "mass"),
    )


def by_line_table(context: Context) -> Table:
    """Every line under both scope-2 methods, with scopes as groups and the total."""
    model, texts = context.model, context.texts
    location, market = (by_line(model, method) for method in SCOPE2_METHODS)
    scopes = {method: by_scope(model, method) for method in SCOPE2_METHODS}
    total = total_mg(model, "location")
    rows = []
    for scope in (1, 2, 3):
        sums = scopes["location"][scope], scopes["market"][scope]
        share = sums[0] / total if total else None
        rows.append(Row((texts(f"scope.{scope}"), *sums, share), "group"))
        for line in LINES:
            if scope_of(line) == scope and (line in location or line in market):
                mass = location.get(line, 0)
                cells = (f"{line}  {context.line(line)}", mass, market.get(line, 0))
                rows.append(Row((*cells, mass / total if total else None)))
    if model.identity.standard == "GB/T 32150":
        filed = [sums[1] + sums[2] for sums in scopes.values()]
        share = filed[0] / total if total else None
        rows.append(Row((texts("total_filed"), *filed, share), "total"))
    rows.append(Row((texts("total"), total, total_mg(model, "market"), 1.0), "total"))
    columns = (
        Column(texts("col.line"), weight=1),
        *_both(context),
        Column(texts("col.share_location"), "share"),
    )
    return Table(texts("table.by_line"), columns, rows, texts("note.by_line"))


def by_gas_table(context: Context) -> Table:
    """CO2e of each gas by scope, scope 2 by location."""
    model, texts = context.model, context.texts
    scopes = {scope: by_gas(model, context.method, scope) for scope in (1, 2, 3)}
    everything = by_gas(model, context.method)
    rows = [
        Row(
            (
                texts(f"gas.{gas}"),
                *(scopes[scope].get(gas, 0) for scope in (1, 2, 3)),
                everything[gas],
            )
        )
        for gas in GASES
        if gas in everything
    ]
    sums = (sum(scopes[scope].values()) for scope in (1, 2, 3))
    rows.append(Row((texts("total"), *sums, sum(everything.values())), "total"))
    columns = (
        Column(texts("col.gas"), weight=1),
        *(Column(texts(f"scope_short.{scope}"), "mass") for scope in (1, 2, 3)),
        Column(texts("total"), "mass"),
    )
    return Table(texts("table.by_gas"), columns, rows, texts("note.by_gas"))


def gas_mass_table(context: Context) -> Table:
    """Mass in t and CO2e of each gas, direct emissions apart."""
    model, texts = context.model, context.texts
    chosen = list(lines_of(model, context.method))
    direct = gases_of(line for line in chosen if scope_of(line.line) == 1)
    every = gases_of(chosen)
    rows = [
        Row(
            (
                texts(f"gas.{gas}"),
                None if (mass := direct.get(gas, (0, 0))[0]) is None else mass / 10**9,
                direct.get(gas, (0, 0))[1],
                None if every[gas][0] is None else (every[gas][0] or 0) / 10**9,
                every[gas][1],
            )
        )
        for gas in every
    ]
    columns = (
        Column(texts("col.gas"), weight=1),
        Column(texts("col.mass_direct"), "quantity"),
        Column(texts("col.co2e_direct"), "mass"),
        Column(texts("col.mass_all"), "quantity"),
        Column(texts("col.co2e_all"), "mass"),
    )
    return Table(texts("table.gas_mass"), columns, rows, texts("note.gas_mass"))


def iso_table(context: Context) -> Table:
    """Return the same lines in the categories of ISO 14064-1, under both scope-2 methods."""
    model, texts = context.model, context.texts
    sums = {method: by_iso_category(model, method) for method in SCOPE2_METHODS}
    rows = []
    for category in ISO_CATEGORIES:
        members = sorted(
            {line.line for line in model.lines if line.iso_category == category}, key=_order
        )
        rows.append(
            Row(
                (
                    f"{category}  {texts(f'iso.{category}')}",
                    " · ".join(members) or "–",
                    sums["location"][category],
                    sums["market"][category],
                )
            )
        )
    totals = (total_mg(model, method) for method in SCOPE2_METHODS)
    rows.append(Row((texts("total"), "", *totals), "total"))
    columns = (
        Column(texts("col.iso_category"), weight=1.5),
        Column(texts("col.lines"), weight=1),
        *_both(context),
    )
    return Table(texts("table.iso"), columns, rows, texts("note.iso"))


def _order(line: str) -> tuple[int, int]:
    scope, _, number = line.partition(".")
    return int(scope), int(number or 0)


def by_site_table(context: Context, *, most: int | None = None) -> Table:
    """Return sites by scope, the largest first; with `most`, the smaller ones as one row."""
    texts = context.texts
    sites = sorted(
        context.model.sites,
        key=lambda s: (-(s.scope1_mg + s.scope2_location_mg + s.scope3_mg), s.site),
    )
    rows = [
        Row(
            (
                texts.pick(site.name) or site.site,
                context.place(site.place),
                site.scope1_mg,
                site.scope2_location_mg,
                site.scope2_market_mg,
                site.scope3_mg,
            )
        )
        for site in sites[:most]
    ]
    if rest := sites[len(rows) :]:
        sums = (
            sum(getattr(site, name) for site in rest)
            for name in ("scope1_mg", "scope2_location_mg", "scope2_market_mg", "scope3_mg")
        )
        rows.append(Row((texts("more_sites", count=len(rest)), "", *sums)))
    columns = (
        Column(texts("col.site"), weight=1),
        Column(texts("col.place")),
        Column(texts("scope_short.1"), "mass"),
        Column(texts("col.scope2_location"), "mass"),
        Column(texts("col.scope2_market"), "mass"),
        Column(texts("scope_short.3"), "mass"),
    )
    note = texts("note.by_site")
    return Table(texts("table.by_site"), columns, rows, note, texts("empty.sites"))


def outside_table(context: Context) -> Table:
    """Biogenic CO2 of each line that has any, and removals; neither is in the totals."""
    model, texts = context.model, context.texts
    rows = [
        Row(
            (f"{line.line}  {context.line(line.line)}", texts("biogenic_co2"), line.biogenic_co2_mg)
        )
        for line in lines_of(model, context.method)
        if line.biogenic_co2_mg
    ]
    rows += [
        Row((texts.pick(removal.name), texts("removal"), removal.co2e_mg))
        for removal in model.removals
    ]
    columns = (
        Column(texts("col.source"), weight=2),
        Column(texts("col.kind"), weight=1),
        Column(texts("col.co2e"), "mass"),
    )
    note = texts("note.outside")
    return Table(texts("table.outside"), columns, rows, note, texts("empty.outside"))


def memo_table(context: Context) -> Table:
    """Montreal gases, lifetimes of projects and other memo items."""
    texts = context.texts
    rows = [
        Row(
            (
                texts.pick(memo.item),
                texts(f"memo.{memo.kind}"),
                None if memo.mass_mg is None else memo.mass_mg / 10**9,
                memo.co2e_mg,
                texts.pick(memo.note),
            )
        )
        for memo in context.model.memos
    ]
    columns = (
        Column(texts("col.item"), weight=2),
        Column(texts("col.kind"), weight=1),
        Column(texts("col.mass_t"), "quantity"),
        Column(texts("col.co2e"), "mass"),
        Column(texts("col.note"), weight=1),
    )
    return Table(texts("table.memo"), columns, rows, texts("note.memo"), texts("empty.memo"))


def eliminations_table(context: Context) -> Table:
    """Return what was taken out because it happened between entities of the group."""
    texts = context.texts
    rows = [
        Row((f"{e.line}  {context.line(e.line)}", e.entity, e.counterparty, e.co2e_mg))
        for e in context.model.eliminations
    ]
    columns = (
        Column(texts("col.line"), weight=1),
        Column(texts("col.entity"), weight=0.6),
        Column(texts("col.counterparty"), weight=0.6),
        Column(texts("col.co2e"), "mass"),
    )
    empty = texts("empty.eliminations")
    return Table(texts("table.eliminations"), columns, rows, "", empty)
