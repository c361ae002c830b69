"""The charts of a report: options from the model, with sizes and words for those who can't see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from linyin.inventory.charts import (
    Bar,
    Interval,
    Option,
    StackedYear,
    Step,
    intervals,
    ranked_bars,
    scope2_pairs,
    scopes_over_years,
    waterfall,
)
from linyin.inventory.report.figures import by_line, by_scope, scope_of, scopes_of_year, total_mg
from linyin.inventory.report.numbers import percent
from linyin.inventory.report.palette import INK, SCOPE2, SCOPES
from linyin.inventory.report.tables import Context

__all__ = ["Drawing", "drawings"]

WIDTH = 680
TOP_CATEGORIES = 10
TOP_FACTORS = 10
NAME_CHARS = 44
ROW = 27
REST = INK["rest"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart with its key, size [px], caption and description."""

    key: str
    option: Option
    height: int
    caption: str
    alt: str
    width: int = WIDTH


def drawings(context: Context) -> dict[str, Drawing]:
    """All charts that the model has data for, by key."""
    makers = (_categories, _operations, _years, _causes, _scope2, _intervals, _factors)
    return {drawing.key: drawing for make in makers for drawing in make(context)}


def _bar(context: Context, name: str, mass: int, total: int, colour: str) -> Bar:
    share = f"  {percent(mass / total)}" if total else ""
    return Bar(name, context.mass.value(mass), context.mass(mass) + share, colour)


def _described(caption: str, bars: list[Bar]) -> str:
    return f"{caption}: " + "; ".join(f"{bar.name} {bar.printed}" for bar in bars)


def _categories(context: Context) -> Iterator[Drawing]:
    """Return the lines with the most emissions, the rest in one bar."""
    sums = by_line(context.model, context.method)
    ranked = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    total = total_mg(context.model, context.method)
    if not ranked:
        return
    bars = [
        _bar(context, f"{line} {context.line(line)}", mass, total, SCOPES[scope_of(line)])
        for line, mass in ranked[:TOP_CATEGORIES]
    ]
    if rest := ranked[TOP_CATEGORIES:]:
        name = context.texts("chart.rest", count=len(rest))
        bars.append(_bar(context, name, sum(mass for _, mass in rest), total, REST))
    caption = context.texts("chart.categories")
    option = ranked_bars(bars, context.unit, name_width=250)
    height = 30 + ROW * len(bars)
    yield Drawing("categories", option, height, caption, _described(caption, bars))


def _operations(context: Context) -> Iterator[Drawing]:
    """Scopes 1 and 2 alone, which a large scope 3 would hide."""
    sums = by_line(context.model, context.method)
    own = {line: mass for line, mass in sums.items() if scope_of(line) in (1, 2)}
    total = sum(own.values())
    if not own:
        return
    bars = [
        _bar(context, f"{line} {context.line(line)}", mass, total, SCOPES[scope_of(line)])
        for line, mass in sorted(own.items())
    ]
    caption = context.texts("chart.operations")
    height = 30 + ROW * len(bars)
    option = ranked_bars(bars, context.unit, name_width=250)
    yield Drawing("operations", option, height, caption, _described(caption, bars))


def _years(context: Context) -> Iterator[Drawing]:
    """All scopes, then scopes 1 and 2 alone, which a large scope 3 would hide."""
    if not context.model.years:
        return
    for key, shown in (("years", (1, 2, 3)), ("years_operations", (1, 2))):
        years = []
        for year in context.model.years:
            every = scopes_of_year(year, context.method)
            scopes = {scope: every[scope] for scope in shown}
            values = {scope: context.mass.value(mass) for scope, mass in scopes.items()}
            printed = context.mass.headline(sum(scopes.values()))
            years.append(StackedYear(str(year.year), values, printed))
        names = {scope: context.texts(f"scope_short.{scope}") for scope in shown}
        caption = context.texts(f"chart.{key}")
        alt = f"{caption}: " + "; ".join(f"{year.year} {year.printed}" for year in years)
        yield Drawing(key, scopes_over_years(years, names, context.unit), 250, caption, alt)


def _causes(context: Context) -> Iterator[Drawing]:
    base = context.model.base_year
    if base is None or not base.causes:
        return
    mass, texts = context.mass, context.texts
    steps = [
        Step(str(base.year), mass.value(base.from_mg), mass.headline(base.from_mg), level=True)
    ]
    for cause in base.causes:
        if not cause.co2e_mg:
            continue
        sign = "+" if cause.co2e_mg > 0 else ""
        name = texts.known("cause_short", cause.cause)
        steps.append(Step(name, mass.value(cause.co2e_mg), sign + mass(cause.co2e_mg)))
    last = str(context.model.identity.year)
    steps.append(Step(last, mass.value(base.to_mg), mass.headline(base.to_mg), level=True))
    caption = texts("chart.causes")
    alt = f"{caption}: " + "; ".join(f"{step.name} {step.printed}" for step in steps)
    yield Drawing("causes", waterfall(steps, f"{context.unit}"), 300, caption, alt)


def _scope2(context: Context) -> Iterator[Drawing]:
    markets = sorted(context.model.scope2, key=lambda m: -m.location_mg)[:8]
    if not markets:
        return
    names = [context.place(market.market) for market in markets]
    pairs: list[list[Bar]] = [[], []]
    for market, name in zip(markets, names, strict=True):
        for bars, mass, method in (
            (pairs[0], market.location_mg, "location"),
            (pairs[1], market.market_mg, "market"),
        ):
            bars.append(Bar(name, context.mass.value(mass), context.mass(mass), SCOPE2[method]))
    titles = (context.texts("method.location"), context.texts("method.market"))
    option = scope2_pairs(names, pairs[0], pairs[1], titles, context.unit)
    caption = context.texts("chart.scope2")
    alt = f"{caption}: " + "; ".join(
        f"{name} {location.printed} / {by_market.printed}"
        for name, location, by_market in zip(names, *pairs, strict=True)
    )
    yield Drawing("scope2", option, 70 + 44 * len(markets), caption, alt)


def _intervals(context: Context) -> Iterator[Drawing]:
    rows = []
    for item in context.model.uncertainty:
        low, high = item.approach2_low_pct, item.approach2_high_pct
        if low is None or high is None:
            if item.approach1_pct is None:
                continue
            low, high = -item.approach1_pct, item.approach1_pct
        printed = f"{percent(low / 100, signed=True)} / {percent(high / 100, signed=True)}"
        rows.append(Interval(_subject(context, item.subject), low, high, printed))
    if not rows:
        return
    caption = context.texts("chart.intervals")
    option = intervals(rows, context.texts("chart.percent_of_figure"))
    alt = f"{caption}: " + "; ".join(f"{row.name} {row.printed}" for row in rows)
    yield Drawing("intervals", option, 34 + ROW * len(rows), caption, alt)


def _subject(context: Context, subject: str) -> str:
    if subject == "total":
        return context.texts("total")
    if subject.startswith("scope"):
        return context.texts(f"scope_short.{subject[5:]}")
    return f"{subject} {context.line(subject)}"


def _factors(context: Context) -> Iterator[Drawing]:
    used = [factor for factor in context.model.factors if factor.co2e_mg > 0]
    ranked = sorted(used, key=lambda f: (-f.co2e_mg, f.factor_id))[:TOP_FACTORS]
    if not ranked:
        return
    total = sum(by_scope(context.model, context.method).values())
    bars = []
    for factor in ranked:
        name = context.texts.pick(factor.name) or factor.factor_id
        short = name if len(name) <= NAME_CHARS else name[: NAME_CHARS - 1] + "…"
        scopes = [scope for line in factor.lines if (scope := scope_of(line))]
        colour = SCOPES[scopes[0]] if scopes else REST
        bars.append(_bar(context, short, factor.co2e_mg, total, colour))
    caption = context.texts("chart.factors")
    option = ranked_bars(bars, context.unit, name_width=270)
    height = 30 + 36 * len(bars)
    yield Drawing("factors", option, height, caption, _described(caption, bars))
