"""`linyin sample`: a verifier's seeded draw of entries."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from rich.table import Table

    from linyin.cli.session import Session
    from linyin.inventory import Sample, SampleCandidate, SamplingMethod, Scope2Method

__all__ = ["sample"]

METHODS: Final[Mapping[str, SamplingMethod]] = {
    "pps": "probability proportional to size",
    "stratified": "stratified",
    "simple": "simple",
}


@command("sample")
@argument("bundle", type=click.Path(path_type=Path))
@option("--seed", required=True, help="option.seed")
@option("--size", type=click.IntRange(min=1), help="option.size")
@option("--materiality", type=click.FloatRange(min=0, min_open=True), help="option.materiality")
@option("--confidence", type=float, default=0.95, show_default=True, help="option.confidence")
@option("--method", type=click.Choice(list(METHODS)), default="pps", help="option.method")
@option("--scope2", type=click.Choice(["location", "market"]), default="location",
        help="option.scope2")  # fmt: skip
def sample(
    session: Session,
    bundle: Path,
    seed: str,
    size: int | None,
    materiality: float | None,
    confidence: float,
    method: str,
    scope2: Scope2Method,
) -> Answer:
    """Draw from the reported entries, weighted by their emissions."""
    from linyin.inventory import Inventory, draw_sample, sample_candidates

    rows = {one.id: one for one in sample_candidates(Inventory(bundle), scope2)}
    weights = {name: one.weight for name, one in rows.items()}
    negative = {name: mg for name, mg in weights.items() if mg < 0}
    population = {name: mg for name, mg in weights.items() if mg >= 0}
    tolerable = None
    if materiality is not None:
        tolerable = int(sum(population.values()) * Fraction(str(materiality)) / 100)
    drawn = draw_sample(
        population,
        seed=seed,
        method=METHODS[method],
        size=size or (None if materiality else min(25, len(population) or 1)),
        materiality=tolerable,
        confidence=confidence,
        strata={n: rows[n].line for n in population} if method == "stratified" else None,
    )
    data = {
        "ok": True,
        "bundle": str(bundle),
        "method": drawn.method,
        "describe": drawn.describe(session.lang),
        "seed": drawn.seed,
        "scope2_method": scope2,
        "population": drawn.population,
        "population_mg": drawn.population_weight,
        "coverage": float(drawn.coverage),
        "reversals_left_out": len(negative),
        "items": [
            {
                "entry": item.id,
                "line": rows[item.id].line,
                "co2e_mg": item.weight,
                "probability": float(item.probability),
                "certain": item.certain,
                "at": {name: getattr(rows[item.id], name) for name in ("file", "sheet", "row")},
            }
            for item in drawn.items
        ],
    }
    view: list[Any] = [] if session.as_json else _view(drawn, rows, negative, session)
    return Answer(data, view)


def _view(
    drawn: Sample,
    rows: Mapping[str, SampleCandidate],
    negative: Mapping[str, int],
    session: Session,
) -> list[Any]:
    from rich.text import Text

    from linyin.cli.numbers import mass_unit, percent

    title = session.say(
        "sample.title",
        drawn=len(drawn.items),
        population=f"{drawn.population:,}",
        coverage=percent(float(drawn.coverage)),
    )
    view: list[Any] = [Text(title, style="bold"), Text(drawn.describe(session.lang)), ""]
    view.append(_table(drawn, rows, session))
    if negative:
        total = sum(negative.values())
        unit = mass_unit([total])
        mass = f"{unit.show(total)} {unit.name}"
        view.append(session.say("sample.reversals", number=len(negative), mass=mass))
    return view


def _table(drawn: Sample, rows: Mapping[str, SampleCandidate], session: Session) -> Table:
    from rich import box
    from rich.table import Table

    from linyin.cli.numbers import percent
    from linyin.lake import Where, render_where

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, justify in (("entry", "left"), ("line", "left"), ("where", "left")):
        table.add_column(session.say(f"sample.{name}"), justify=justify, overflow="fold")  # type: ignore[arg-type]
    table.add_column(session.say("sample.mass"), justify="right", no_wrap=True)
    table.add_column(session.say("sample.chance"), justify="right", no_wrap=True)
    for item in drawn.items:
        row = rows[item.id]
        where = render_where(Where(row.file, row.sheet, row.row), session.lang)
        chance = session.say("sample.certain") if item.certain else percent(float(item.probability))
        table.add_row(item.id, row.line, where, f"{item.weight / 1e9:,.3f}", chance)
    return table
