"""`linyin diff`: what a change is made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import click

from linyin.cli.command import Answer, argument, command, option
from linyin.cli.source_names import source_name
from linyin.cli.summary_view import entity_name

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from linyin.cli.bars import Bar
    from linyin.cli.numbers import MassUnit
    from linyin.cli.session import Session
    from linyin.inventory import (
        DecompositionMethod,
        Diff,
        Inventory,
        Scope2Method,
        SourceChange,
    )

__all__ = ["diff"]

_BAR: Final = 44
_BESIDE_BARS: Final = 40
_LINES: Final = 8
_SMALLEST: Final = 0.0005


@command("diff")
@argument("before", type=click.Path(path_type=Path))
@argument("after", type=click.Path(path_type=Path))
@option("--method", type=click.Choice(["shapley", "lmdi"]), default="shapley", show_default=True,
        help="option.diff_method")  # fmt: skip
@option("--scope2", type=click.Choice(["location", "market"]), default="location",
        show_default=True, help="option.scope2")  # fmt: skip
@option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="option.limit")
def diff(
    session: Session, before: Path, after: Path, method: str, scope2: str, limit: int
) -> Answer:
    """Split the change between two bundles into its causes."""
    from linyin.inventory import Inventory, diff_inventories

    sides = Inventory(before), Inventory(after)
    found = diff_inventories(
        *sides,
        method=cast("DecompositionMethod", method),
        scope2_method=cast("Scope2Method", scope2),
    )
    data = {"ok": True, **found.to_dict(sources=limit)}
    return Answer(data, [] if session.as_json else list(_view(sides, found, limit, session)))


def _view(
    sides: tuple[Inventory, Inventory], found: Diff, limit: int, session: Session
) -> Iterator[RenderableType]:
    from rich.text import Text

    from linyin.cli.numbers import mass_unit

    unit = mass_unit((found.before.total_mg, found.after.total_mg))
    title = session.say(
        "diff.title",
        before=f"{entity_name(sides[0], session)} {found.before.year}",
        after=f"{entity_name(sides[1], session)} {found.after.year}",
        method={"shapley": "Shapley", "lmdi": "LMDI"}[found.method],
        total=session.say(f"total.{found.scope2_method}"),
    )
    yield Text(title, style="bold")
    yield ""
    yield _waterfall(found, unit, session)
    if found.sources:
        yield ""
        yield _lines(found, unit, session)
        yield ""
        yield _sources(found.top(limit), found, unit, session)


def _waterfall(found: Diff, unit: MassUnit, session: Session) -> RenderableType:
    """Draw the causes between the two totals; what rises is red, what falls is green."""
    from rich.text import Text

    from linyin.cli.bars import waterfall_bars
    from linyin.inventory import ReportVocabulary

    texts, base = ReportVocabulary(session.lang), found.before.total_mg
    steps = [(cause, mg) for cause, mg in found.causes.items() if mg]
    width = max(8, min(_BAR, session.out.width - _BESIDE_BARS))
    first, *between, last = waterfall_bars(base, [mg for _, mg in steps], width)
    table = _table(session.say("diff.cause"), unit)
    title = session.say("table.change", year=_titles(found)[0])
    table.add_column(title, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    before, after = _titles(found)

    def total(bar: Bar) -> Text:
        return Text(("╱" + bar.text[1:]) if bar.is_cut else bar.text, style="blue")

    table.add_row(before, unit.show(base), "", total(first), style="bold")
    for (cause, mg), bar in zip(steps, between, strict=True):
        name = texts.known("cause_short", cause)
        drawn = Text(bar.text, style="red" if mg > 0 else "green")
        table.add_row(name, _signed(mg, unit), _share(mg, base), drawn)
    table.add_section()
    total_after = unit.show(found.after.total_mg)
    table.add_row(after, total_after, _share(found.change_mg, base), total(last), style="bold")
    if first.is_cut:
        table.caption = session.say("diff.cut")
        table.caption_justify, table.caption_style = "left", "dim"
    return table


def _titles(found: Diff) -> tuple[str, str]:
    """Return what tells the two sides apart: the years, else the entities too."""
    sides = (found.before, found.after)
    if found.before.year != found.after.year and found.before.entity == found.after.entity:
        return str(found.before.year), str(found.after.year)
    before, after = (f"{side.entity} {side.year}" for side in sides)
    return before, after


def _share(mg: int, base: int) -> str:
    from linyin.cli.numbers import percent, signed_percent

    if not base:
        return ""
    share = mg / base
    return signed_percent(share) if abs(share) >= _SMALLEST else percent(share)


def _lines(found: Diff, unit: MassUnit, session: Session) -> Table:
    """List what the lines changed by, the largest first."""
    from linyin.cli.summary_table import line_name
    from linyin.inventory import ReportVocabulary

    texts = ReportVocabulary(session.lang)
    table = _table(session.say("diff.line"), unit)
    table.add_column(session.say("diff.main_cause"), no_wrap=True)
    changes = {line: sum(parts.values()) for line, parts in found.lines.items()}
    for line in sorted(changes, key=lambda one: -abs(changes[one]))[:_LINES]:
        parts = found.lines[line]
        cause = max(parts, key=lambda c: abs(parts[c]))
        name = f"{line:<5} {line_name(line, session)}"
        table.add_row(name, _signed(changes[line], unit), texts.known("cause_short", cause))
    return table


def _sources(sources: list[SourceChange], found: Diff, unit: MassUnit, session: Session) -> Table:
    from linyin.inventory import ReportVocabulary

    texts = ReportVocabulary(session.lang)
    table = _table(session.say("diff.source", number=f"{len(found.sources):,}"), unit)
    table.add_column(session.say("diff.main_cause"), no_wrap=True)
    for source in sources:
        line = ", ".join(source.lines_after or source.lines_before)
        name = f"{line:<5} {source_name(source, session.lang)}"
        cause = max(source.causes, key=lambda c: abs(source.causes[c]))
        table.add_row(name, _signed(source.change_mg, unit), texts.known("cause_short", cause))
    return table


def _table(title: str, unit: MassUnit) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column(title, overflow="fold")
    table.add_column(f"{unit.name} CO₂e", justify="right", no_wrap=True)
    return table


def _signed(mg: int, unit: MassUnit) -> str:
    shown = unit.show(mg)
    return f"+{shown}" if shown[0].isdigit() else shown
