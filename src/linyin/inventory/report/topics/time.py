"""Tables over time: years, causes of change, recalculations, intensities."""

from __future__ import annotations

from linyin.inventory.report.figures import scopes_of_year
from linyin.inventory.report.tables import Column, Context, Row, Table
from linyin.ledger import unit_name

__all__ = ["causes_table", "intensities_table", "recalculations_table", "years_table"]


def years_table(context: Context) -> Table:
    """Scopes of every year under both scope-2 methods."""
    texts = context.texts
    rows = []
    for year in context.model.years:
        scopes = scopes_of_year(year, "location")
        name = f"{year.year} {texts('restated')}" if year.restated else year.year
        total = sum(scopes.values())
        masses = (scopes[1], scopes[2], year.scope2_market_mg, scopes[3], total)
        rows.append(Row((name, *masses, total - scopes[2] + year.scope2_market_mg)))
    columns = (
        Column(texts("col.year"), "year", weight=1),
        Column(texts("scope_short.1"), "mass"),
        Column(texts("col.scope2_location"), "mass"),
        Column(texts("col.scope2_market"), "mass"),
        Column(texts("scope_short.3"), "mass"),
        Column(texts("col.total_location"), "mass"),
        Column(texts("col.total_market"), "mass"),
    )
    return Table(texts("table.years"), columns, rows, "", texts("empty.years"))


def causes_table(context: Context) -> Table:
    """Return the change from the base year by cause; the parts add up to it."""
    texts, base = context.texts, context.model.base_year
    rows: list[Row] = []
    if base and base.causes:
        before = base.from_mg
        rows.append(Row((f"{texts('total')} {base.year}", before, None), "group"))
        rows += [
            Row(
                (
                    texts.known("cause", cause.cause),
                    cause.co2e_mg,
                    cause.co2e_mg / before if before else None,
                )
            )
            for cause in base.causes
        ]
        change = (base.to_mg - before) / before if before else None
        year = context.model.identity.year
        rows.append(Row((f"{texts('total')} {year}", base.to_mg, change), "total"))
    columns = (
        Column(texts("col.cause"), weight=1),
        Column(texts("col.co2e"), "mass"),
        Column(texts("col.of_base"), "share"),
    )
    note = texts("note.causes", method=base.method) if base and base.method else ""
    itself = base is not None and base.year == context.model.identity.year
    empty = texts("empty.causes_base" if itself else "empty.causes")
    return Table(texts("table.causes"), columns, rows, note, empty)


_DECISIONS = {True: "recalculated", False: "below_threshold", None: "recalculation_due"}


def recalculations_table(context: Context) -> Table:
    """Return changes weighed against the threshold of the base-year policy."""
    texts, base = context.texts, context.model.base_year
    rows = [
        Row(
            (
                texts.pick(item.note),
                texts.known("recalculation", item.kind),
                item.effect_mg,
                _share(item.effect_mg, base.from_mg if base else 0),
                texts(_DECISIONS[item.applied]),
            )
        )
        for item in (base.recalculations if base else ())
    ]
    columns = (
        Column(texts("col.event"), weight=1.6),
        Column(texts("col.kind"), weight=0.7),
        Column(texts("col.effect"), "mass"),
        Column(texts("col.of_base"), "share"),
        Column(texts("col.decision"), weight=0.7),
    )
    empty = "empty.recalculations" if base and base.assessed else "empty.recalculations_unknown"
    if base and base.year == context.model.identity.year:
        empty = "empty.recalculations_base"
    return Table(texts("table.recalculations"), columns, rows, "", texts(empty))


def _share(part: int | None, whole: int) -> float | None:
    return part / whole if part is not None and whole else None


def intensities_table(context: Context) -> Table:
    """Emissions over metrics of the entity, in t a unit."""
    texts = context.texts
    rows = [
        Row(
            (
                texts.known("metric", texts.pick(item.metric)),
                f"{texts(f'subject.{item.subject}')} · {texts(f'method.{item.scope2_method}')}",
                item.denominator,
                unit_name(item.unit, texts.lang),
                item.co2e_mg / 1e9 / item.denominator if item.denominator else None,
            )
        )
        for item in context.model.intensities
    ]
    columns = (
        Column(texts("col.metric"), weight=1),
        Column(texts("col.emissions_of"), weight=1.2),
        Column(texts("col.amount"), "quantity"),
        Column(texts("col.unit"), weight=0.6),
        Column(texts("col.intensity"), "quantity"),
    )
    return Table(texts("table.intensities"), columns, rows, "", texts("empty.intensities"))
