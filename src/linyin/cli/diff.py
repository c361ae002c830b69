"""`linyin diff`: what a change is made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from linyin.cli.numbers import MassUnit
    from linyin.cli.session import Session
    from linyin.inventory import DecompositionMethod, Diff, Scope2Method, SourceChange

__all__ = ["diff"]


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
    return Answer(data, [] if session.as_json else list(_view(found, limit, session)))


def _view(found: Diff, limit: int, session: Session) -> Iterator[RenderableType]:
    from rich.text import Text

    from linyin.cli.numbers import mass_unit

    unit = mass_unit((found.before.total_mg, found.after.total_mg))
    title = session.say(
        "diff.title",
        before=f"{found.before.entity} {found.before.year}",
        after=f"{found.after.entity} {found.after.year}",
        method={"shapley": "Shapley", "lmdi": "LMDI"}[found.method],
        total=session.say(f"total.{found.scope2_method}"),
    )
    yield Text(title, style="bold")
    yield ""
    yield _causes(found, unit, session)
    if found.sources:
        yield ""
        yield _sources(found.top(limit), found, unit, session)


def _causes(found: Diff, unit: MassUnit, session: Session) -> Table:
    from linyin.cli.numbers import signed_percent
    from linyin.inventory import ReportVocabulary

    texts, base = ReportVocabulary(session.lang), found.before.total_mg
    table = _table(session.say("diff.cause"), unit)
    table.add_column(session.say("table.share"), justify="right", no_wrap=True)
    table.add_row(str(found.before.year), unit.show(base), "", style="bold")
    for cause, mg in found.causes.items():
        if mg:
            share = signed_percent(mg / base) if base else ""
            table.add_row(texts.known("cause", cause), _signed(mg, unit), share)
    share = signed_percent(found.change_mg / base) if base else ""
    table.add_section()
    table.add_row(str(found.after.year), unit.show(found.after.total_mg), share, style="bold")
    return table


def _sources(sources: list[SourceChange], found: Diff, unit: MassUnit, session: Session) -> Table:
    from linyin.inventory import ReportVocabulary

    texts = ReportVocabulary(session.lang)
    table = _table(session.say("diff.source", number=f"{len(found.sources):,}"), unit)
    table.add_column(session.say("diff.main_cause"), overflow="fold")
    for source in sources:
        names = [source.site, source.source_type, source.item, source.technology]
        names += [source.counterparty, source.place]
        name = " · ".join(text for text in names if text)
        cause = max(source.causes, key=lambda c: abs(source.causes[c]))
        table.add_row(name, _signed(source.change_mg, unit), texts.known("cause", cause))
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
