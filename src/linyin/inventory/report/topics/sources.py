"""Tables of what figures rest on: methods, factors, scope 2 markets, instruments."""

from __future__ import annotations

from linyin.inventory.report.model import Factor, Method
from linyin.inventory.report.numbers import quantity
from linyin.inventory.report.tables import Column, Context, Row, Stack, Status, Table
from linyin.ledger import technology_name, unit_name

__all__ = [
    "factors_stacked",
    "factors_table",
    "instruments_table",
    "methods_stacked",
    "methods_table",
    "scope2_table",
]


def scope2_table(context: Context) -> Table:
    """Consumption of each market and both its figures, which are never added."""
    texts = context.texts
    rows = [
        Row(
            (
                context.place(market.market),
                market.consumption_kwh / 1000,
                market.covered_kwh / market.consumption_kwh if market.consumption_kwh else None,
                market.location_mg,
                market.market_mg,
                texts.pick(market.residual),
            )
        )
        for market in context.model.scope2
    ]
    columns = (
        Column(texts("col.market_place")),
        Column(texts("col.consumption"), "quantity"),
        Column(texts("col.covered"), "share"),
        Column(texts("col.location"), "mass"),
        Column(texts("col.market"), "mass"),
        Column(texts("col.residual"), weight=1),
    )
    follows = context.model.identity.policies.get("upstream_follows", "location")
    note = texts("sentences", first=texts("note.scope2"), then=texts(f"note.upstream.{follows}"))
    return Table(texts("table.scope2"), columns, rows, note, texts("empty.scope2"))


def instruments_table(context: Context) -> Table:
    """Certificates, contracts and tariffs behind the market-based figure."""
    texts = context.texts
    rows = [
        Row(
            (
                Stack(item.instrument, (item.registry,) if item.registry else ()),
                texts.known("instrument", item.kind),
                item.owner,
                item.market,
                technology_name(item.technology, texts.lang),
                item.vintage,
                item.kwh / 1000,
                item.used_kwh / 1000,
                float(item.factor) if item.factor else None,
                _criteria(context, item.meets_criteria),
                texts.pick(item.note),
            )
        )
        for item in context.model.instruments
    ]
    columns = (
        Column(texts("col.instrument"), weight=1.3),
        Column(texts("col.kind"), weight=0.8),
        Column(texts("col.owner"), weight=0.7),
        Column(texts("col.market_place")),
        Column(texts("col.technology"), weight=0.8),
        Column(texts("col.vintage"), weight=0.8),
        Column(texts("col.mwh"), "quantity"),
        Column(texts("col.mwh_used"), "quantity"),
        Column(texts("col.kg_kwh"), "quantity"),
        Column(texts("col.criteria")),
        Column(texts("col.note"), weight=0.9),
    )
    note = texts("note.instruments")
    empty = texts("empty.instruments")
    return Table(texts("table.instruments"), columns, rows, note, empty)


def _criteria(context: Context, met: bool | None) -> Status:
    if met is None:
        return Status(context.texts("not_stated"), "bad")
    return Status(context.texts("yes" if met else "no"), "good" if met else "bad")


def _method_line(context: Context, method: Method) -> str:
    name = f"{method.line}  {context.line(method.line)}"
    if not method.scope2_method:
        return name
    return f"{name} ({context.texts(f'method.{method.scope2_method}')})"


def methods_stacked(context: Context) -> Table:
    """Methods for paper: what, by which formula and reference, why."""
    texts = context.texts
    rows = []
    for item in context.model.methods:
        why = [texts.pick(item.reason)]
        for key, label in (("assumptions", item.assumptions), ("changed", item.change)):
            if text := texts.pick(label):
                why.append(f"{texts(key)}{texts('colon')}{text}")
        name = f"{texts.pick(item.name)} v{item.version}"
        role = texts(f"role.{item.role}")
        rows.append(
            Row(
                (
                    Stack(_method_line(context, item), (role,)),
                    Stack(name, (texts.pick(item.formula), item.reference)),
                    Stack(why[0] or "–", tuple(why[1:])),
                    item.co2e_mg,
                )
            )
        )
    columns = (
        Column(texts("col.line"), weight=1),
        Column(texts("col.method"), weight=1.3),
        Column(texts("col.reason"), weight=1.2),
        Column(texts("col.co2e"), "mass"),
    )
    return Table(texts("table.methods"), columns, rows, "", texts("empty.methods"))


def methods_table(context: Context) -> Table:
    """Methods with one column a field."""
    texts = context.texts
    rows = [
        Row(
            (
                _method_line(context, item),
                texts(f"role.{item.role}"),
                texts.pick(item.name),
                item.version,
                texts.pick(item.formula),
                item.reference,
                texts.pick(item.reason),
                texts.pick(item.assumptions),
                texts.pick(item.change),
                item.co2e_mg,
            )
        )
        for item in context.model.methods
    ]
    titles = ("line", "role", "method", "version", "formula", "reference", "reason")
    columns = (
        *(Column(texts(f"col.{t}"), "number" if t == "version" else "text") for t in titles),
        Column(texts("assumptions")),
        Column(texts("changed")),
        Column(texts("col.co2e"), "mass"),
    )
    return Table(texts("table.methods"), columns, rows, "", texts("empty.methods"))


def _evidence(context: Context, factor: Factor) -> str:
    text = context.texts.known("evidence", factor.evidence)
    if factor.evidence == "read" and factor.copies_read:
        text = context.texts("evidence.read_copies", copies=factor.copies_read)
    return text


def _terms(context: Context, factor: Factor) -> str:
    """Licence and year of the data."""
    licence = context.texts.known("licence", factor.licence)
    return f"{licence} · {context.texts('data_year')} {factor.data_year}"


def _draft(context: Context, factor: Factor) -> str:
    if not factor.draft:
        return ""
    if factor.waived_by:
        return context.texts("draft_waived", name=factor.waived_by)
    return context.texts("draft_open")


def _interval(context: Context, factor: Factor) -> str:
    if factor.uncertainty_pct is None:
        return context.texts("no_interval")
    origin = context.texts.known("evidence", factor.uncertainty_evidence)
    return f"±{quantity(factor.uncertainty_pct)}% ({origin})"


def _per(context: Context, factor: Factor) -> str:
    return f"kg CO₂e/{unit_name(factor.unit, context.texts.lang)}"


def factors_stacked(context: Context) -> Table:
    """Factors for paper, those with the most emissions first."""
    texts = context.texts
    rows = []
    for item in sorted(context.model.factors, key=lambda f: (-f.co2e_mg, f.factor_id)):
        facts = [
            item.place,
            texts.known("boundary", item.boundary),
            texts.known("basis", item.basis),
        ]
        source = (
            [f"{texts.publishers(item.publisher)}{texts('comma')}{item.release}"]
            if item.publisher
            else []
        )
        proof = [_interval(context, item)]
        if draft := _draft(context, item):
            proof.append(draft)
        if item.sha256:
            proof.append(f"sha256 {item.sha256[:16]}…")
        rows.append(
            Row(
                (
                    Stack(
                        texts.pick(item.name) or item.factor_id,
                        (item.factor_id, " · ".join(facts)),
                    ),
                    Stack(item.value, (_per(context, item), texts.known("gwp", item.gwp_set))),
                    Stack(
                        " ".join(source) or "–",
                        (
                            item.source,
                            _terms(context, item),
                        ),
                    ),
                    Stack(_evidence(context, item), tuple(proof)),
                    item.co2e_mg,
                )
            )
        )
    columns = (
        Column(texts("col.factor"), weight=1.25),
        Column(texts("col.value")),
        Column(texts("col.source"), weight=1.6),
        Column(texts("col.evidence"), weight=0.75),
        Column(texts("col.co2e"), "mass"),
    )
    return Table(
        texts("table.factors"), columns, rows, texts("note.factors"), texts("empty.factors")
    )


def factors_table(context: Context) -> Table:
    """Factors with one column a field."""
    texts = context.texts
    rows = [
        Row(
            (
                item.factor_id,
                texts.pick(item.name),
                item.pack,
                float(item.value) if item.value else None,
                _per(context, item),
                item.place,
                texts.known("boundary", item.boundary),
                texts.known("basis", item.basis),
                texts.known("gwp", item.gwp_set),
                texts.publishers(item.publisher),
                int(item.release) if item.release.isdecimal() else item.release,
                item.source,
                texts.known("licence", item.licence),
                _evidence(context, item),
                item.sha256,
                _draft(context, item),
                item.data_year,
                item.published.isoformat() if item.published else "",
                item.uncertainty_pct,
                texts.known("evidence", item.uncertainty_evidence),
                item.quality,
                " ".join(item.lines),
                item.co2e_mg,
            )
        )
        for item in sorted(context.model.factors, key=lambda f: (-f.co2e_mg, f.factor_id))
    ]
    titles = (
        "factor_id name pack value:quantity unit place boundary basis gwp publisher release:year "
        "source licence evidence sha256 draft data_year:number published interval:percent "
        "interval_evidence quality_scores lines co2e:mass"
    )
    columns = tuple(
        Column(texts(f"col.{title}"), kind or "text")  # type: ignore[arg-type]
        for title, _, kind in (entry.partition(":") for entry in titles.split())
    )
    return Table(
        texts("table.factors"), columns, rows, texts("note.factors"), texts("empty.factors")
    )
