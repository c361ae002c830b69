"""The sections of a report, in order, each a list of blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from linyin.inventory.report import annex, blocks
from linyin.inventory.report.blocks import Block
from linyin.inventory.report.checklist import Answer, missing
from linyin.inventory.report.drawings import Drawing
from linyin.inventory.report.figures import (
    by_line,
    by_scope,
    estimated_share,
    gaps_found,
    quality,
    total_mg,
)
from linyin.inventory.report.numbers import percent, quantity
from linyin.inventory.report.page import ORDER, Page, number_of, period_text
from linyin.inventory.report.tables import Context
from linyin.inventory.report.topics import boundary, certainty, sources, time, totals

__all__ = ["SECTIONS", "sections"]

MOST_FINDINGS, MOST_SITES = 4, 35

NEW_PAGE = {"summary"}


def _largest(context: Context) -> str:
    sums = by_line(context.model, context.method)
    total = sum(sums.values())
    ranked = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
    comma = context.texts("list_comma")
    return comma.join(
        f"{context.line(line)} {percent(mass / total if total else None)}" for line, mass in ranked
    )


def _interval(context: Context) -> tuple[str, str]:
    """Return the total's interval and where it is from."""
    found = next((u for u in context.model.uncertainty if u.subject == "total"), None)
    if found is None or found.approach1_pct is None:
        return "–", context.texts("not_stated")
    remark = context.texts("card.approach1")
    if found.approach2_low_pct is not None and found.approach2_high_pct is not None:
        low, high = found.approach2_low_pct / 100, found.approach2_high_pct / 100
        remark = context.texts(
            "card.approach2", low=percent(low, signed=True), high=percent(high, signed=True)
        )
    return f"±{percent(found.approach1_pct / 100)}", remark


def summary(page: Page) -> None:
    """Key figures, the two charts that tell most, and what to know before quoting them."""
    context, texts, model = page.context, page.context.texts, page.context.model
    location, market = (by_scope(model, method) for method in ("location", "market"))
    mass = context.mass
    total = total_mg(model, "location")
    page.add(
        blocks.paragraph(
            texts(
                "summary.text",
                name=texts.pick(model.identity.name),
                total=mass.headline(total),
                market=mass.headline(total_mg(model, "market")),
                unit=context.unit,
                year=str(model.identity.year),
                largest=_largest(context),
            )
        )
    )
    interval, remark = _interval(context)
    scored = quality(model, context.method)
    figures = [
        (texts("scope_short.1"), mass(location[1]), context.unit, _share(location[1], total)),
        (texts("card.scope2_location"), mass(location[2]), context.unit, texts("card.grid")),
        (texts("card.scope2_market"), mass(market[2]), context.unit, texts("card.contracts")),
        (texts("scope_short.3"), mass(location[3]), context.unit, _share(location[3], total)),
        (texts("card.uncertainty"), interval, "", remark),
        (
            texts("card.estimated"),
            percent(estimated_share(model, context.method)),
            "",
            texts("card.quality", score="–" if scored is None else quantity(scored, 2)),
        ),
    ]
    page.add(blocks.cards(figures))
    page.chart("categories")
    for note in _remarks(page):
        page.add(note)


def _share(part: int, total: int) -> str:
    return percent(part / total if total else None)


def _remarks(page: Page) -> list[Block]:
    """Warnings that belong on the first page of figures."""
    context, texts, model = page.context, page.context.texts, page.context.model
    remarks = []
    if model.identity.state != "published":
        remarks.append(blocks.callout(texts("remark.draft"), "warning"))
    if lacking := missing(page.answers):
        remarks.append(blocks.callout(texts("remark.missing", count=len(lacking)), "warning"))
    if gaps := gaps_found(model):
        remarks.append(blocks.callout(texts("note.gaps", count=gaps), "warning"))
    drafts = sum(1 for factor in model.factors if factor.draft)
    if drafts:
        remarks.append(blocks.callout(texts("remark.drafts", count=drafts), "warning"))
    remarks += [blocks.callout(context.texts.pick(note), "question") for note in model.notes]
    return remarks


def about(page: Page) -> None:
    """Who, what, when, by which standard; statement of conformity; verification."""
    context, texts, who = page.context, page.context.texts, page.context.model.identity
    approved = who.approved_by
    if approved and not who.authenticated:
        approved += f" ({texts('unauthenticated')})"
    gwp = f"{who.gwp_set}" + (f"{texts('colon')}{who.gwp_source}" if who.gwp_source else "")
    items = [
        (texts("fact.entity"), f"{texts.pick(who.name)} ({who.entity})"),
        (texts("fact.description"), texts.pick(who.description)),
        (texts("fact.period"), period_text(context)),
        (texts("fact.standard"), who.standard),
        (texts("fact.gwp"), gwp),
        (texts("fact.responsible"), who.responsible),
        (texts("fact.prepared_by"), who.prepared_by),
        (texts("fact.approved_by"), approved),
        (texts("fact.purpose"), texts.pick(who.purpose)),
        (texts("fact.intended_users"), texts.pick(who.intended_users)),
        (texts("fact.verification"), texts.pick(who.verification)),
        (texts("fact.reason"), who.reason or texts("first_run")),
    ]
    items += [(texts(f"fact.{key}"), texts.pick(said)) for key, said in who.statements.items()]
    page.add(blocks.facts(items, texts("not_stated")))
    lacking = missing(page.answers, "ISO")
    statement = texts("conformity.yes")
    if lacking:
        clauses = texts("list_comma").join(item.clause for item in lacking)
        statement = texts("conformity.no", count=len(lacking), clauses=clauses)
    page.add(blocks.callout(statement, "warning" if lacking else "good"))


def boundaries(page: Page) -> None:
    """Organizational and reporting boundary, exclusions."""
    context, texts, model = page.context, page.context.texts, page.context.model
    page.sub("sub.organizational")
    items = [
        (texts("fact.approach"), texts.known("approach", model.identity.approach)),
        (texts("fact.organizational"), texts.pick(model.boundary.organizational)),
    ]
    page.add(blocks.facts(items, texts("not_stated")))
    page.table(boundary.entities_table(context))
    page.sub("sub.reporting")
    items = [
        (texts("fact.reporting"), texts.pick(model.boundary.reporting)),
        (texts("fact.significance"), texts.pick(model.boundary.significance_criteria)),
    ]
    page.add(blocks.facts(items, texts("not_stated")))
    page.sub("sub.exclusions")
    page.table(boundary.exclusions_table(context))


def inventory(page: Page) -> None:
    """Return the figures: by line, gas, ISO category, site; what stands outside."""
    context, texts = page.context, page.context.texts
    page.table(totals.by_line_table(context))
    page.chart("operations")
    page.sub("sub.gases")
    page.table(totals.by_gas_table(context))
    page.table(totals.gas_mass_table(context))
    page.sub("sub.iso")
    page.table(totals.iso_table(context))
    page.sub("sub.sites")
    page.table(totals.by_site_table(context, most=MOST_SITES))
    page.table(time.intensities_table(context))
    page.sub("sub.outside")
    treatment = texts.pick(context.model.boundary.biogenic_treatment)
    page.add(blocks.facts([(texts("fact.biogenic"), treatment)], texts("not_stated")))
    page.table(totals.outside_table(context))
    page.table(totals.memo_table(context))
    page.table(totals.eliminations_table(context))


def scope2(page: Page) -> None:
    """Both methods side by side."""
    context, texts = page.context, page.context.texts
    page.add(blocks.paragraph(texts("scope2.text")))
    page.chart("scope2")
    page.table(sources.scope2_table(context))
    tracking = context.model.boundary.scope2_tracking_method
    named = texts(f"method.{tracking}") if tracking else ""
    page.add(blocks.facts([(texts("fact.tracking"), named)], texts("not_stated")))


def screening(page: Page) -> None:
    """Return what was decided for each category of scope 3, and the data behind it."""
    page.table(boundary.screening_table(page.context))
    page.table(boundary.scope3_table(page.context))


def base_year(page: Page) -> None:
    """Return base year, years since, causes of change, recalculations."""
    context, texts, base = page.context, page.context.texts, page.context.model.base_year
    if base is None:
        page.add(blocks.callout(texts("empty.base_year"), "warning"))
        return
    threshold = "" if base.threshold_pct is None else f"{quantity(base.threshold_pct)}%"
    trend = ""
    if base.trend_pct is not None:
        trend = percent(base.trend_pct / 100, signed=True)
        if base.trend_low_pct is not None and base.trend_high_pct is not None:
            low, high = base.trend_low_pct / 100, base.trend_high_pct / 100
            trend += texts(
                "trend_interval", low=percent(low, signed=True), high=percent(high, signed=True)
            )
    items = [
        (texts("fact.base_year"), str(base.year)),
        (texts("fact.rationale"), texts.pick(base.rationale)),
        (texts("fact.policy"), texts.pick(base.policy)),
        (texts("fact.threshold"), threshold),
        (texts("fact.trend"), trend),
        (texts("fact.limits"), texts.pick(base.limits)),
    ]
    page.add(blocks.facts(items, texts("not_stated")))
    if base.year not in {year.year for year in context.model.years}:
        page.add(blocks.callout(texts("base_year.lacking", year=base.year), "warning"))
    page.chart("years")
    page.chart("years_operations")
    page.table(time.years_table(context))
    page.sub("sub.causes")
    page.chart("causes")
    page.table(time.causes_table(context))
    page.table(time.recalculations_table(context))


def uncertainty(page: Page) -> None:
    """Intervals, data quality, estimates."""
    page.chart("intervals")
    page.table(certainty.uncertainty_table(page.context))
    page.sub("sub.quality")
    page.table(certainty.quality_table(page.context))
    page.sub("sub.estimates")
    page.table(certainty.estimates_table(page.context))


def findings(page: Page) -> None:
    """Return what the checks found."""
    page.add(blocks.paragraph(page.context.texts("findings.text")))
    page.table(certainty.findings_table(page.context, most=MOST_FINDINGS))


SECTIONS: dict[str, Callable[[Page], None]] = {
    "summary": summary,
    "about": about,
    "boundary": boundaries,
    "inventory": inventory,
    "scope2": scope2,
    "screening": screening,
    "base_year": base_year,
    "uncertainty": uncertainty,
    "findings": findings,
    "methods": annex.methods,
    "factors": annex.factors,
    "instruments": annex.instruments,
    "checklist": annex.checklist,
    "provenance": annex.provenance,
}


def sections(
    context: Context, charts: Mapping[str, tuple[Drawing, str]], answers: list[Answer]
) -> list[Block]:
    """All blocks of the report's body."""
    body: list[Block] = []
    for key in ORDER:
        page = Page(context, charts, answers)
        title = context.texts(f"section.{key}")
        page.add(blocks.heading(title, 1, number_of(key), new_page=key in NEW_PAGE))
        SECTIONS[key](page)
        body += page.blocks
    return body
