"""`linyin factors search` and `show`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from linyin.cli.session import Session
    from linyin.ledger import Factor

__all__ = ["search", "show"]


@command("search", "factors.search")
@argument("words", nargs=-1, required=True)
@option("--folder", type=click.Path(path_type=Path), help="option.folder")
@option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="option.limit")
def search(session: Session, words: tuple[str, ...], folder: Path | None, limit: int) -> Answer:
    """List the factors that hold all words."""
    from linyin.cli.factors_table import catalog_of, factor_data, factor_row, listing
    from linyin.ledger import find_factors, place_names

    factors = catalog_of(folder).factors
    found = find_factors(factors, words)
    shown, number = found.factors[:limit], len(found.factors)
    data = {
        "ok": number > 0,
        "count": number,
        "factors": [factor_data(factor) for factor in shown],
        "places_around": dict(found.around),
        "left_out": [factor.factor_id for factor in found.left_out],
    }
    if not number:
        near = _near(factors, words)
        return Answer({**data, "near": near}, list(_nothing(near, session)), 1)
    view: list[Any] = []
    names = place_names(session.lang)
    for asked, around in found.around.items():
        view.append(session.say("factors.around", asked=names[asked], around=names[around]))
    if found.left_out:
        ids = ", ".join(factor.factor_id for factor in found.left_out[:3])
        view.append(session.say("factors.left_out", number=len(found.left_out), ids=ids))
    table = listing(session)
    for factor in shown:
        table.add_row(*factor_row(factor, session))
    view += [table, session.say("factors.found", number=f"{number:,}", shown=len(shown))]
    return Answer(data, view)


def _near(factors: Sequence[Factor], words: Sequence[str]) -> dict[str, list[str]]:
    """Return the words that no factor has, and the items near each."""
    from linyin.ledger import find_factors, near_items

    unknown = [word for word in words if not find_factors(factors, [word]).factors]
    return {word: near_items(factors, word) for word in unknown}


def _nothing(near: Mapping[str, Sequence[str]], session: Session) -> Iterator[str]:
    if not near:
        yield session.say("factors.not_together")
    for word, items in near.items():
        key = "factors.near" if items else "factors.nothing"
        yield session.say(key, word=word, near=", ".join(items))


@command("show", "factors.show")
@argument("factor_id", metavar="ID")
@option("--folder", type=click.Path(path_type=Path), help="option.folder")
def show(session: Session, factor_id: str, folder: Path | None) -> Answer:
    """Show a factor."""
    from linyin.cli.factors_table import catalog_of, factor_data

    catalog = catalog_of(folder)
    factor = catalog.by_id.get(factor_id)
    if factor is None:
        raise unknown(factor_id, catalog.by_id)
    return Answer({"ok": True, "factor": factor_data(factor)}, [_view(factor, session)])


def unknown(factor_id: str, known: Any) -> Exception:
    """Return the error of an id that no factor has."""
    import difflib

    from linyin.lake import BadInput, Finding

    near = ", ".join(difflib.get_close_matches(factor_id, known, n=3)) or "-"
    fields = {"value": factor_id, "expected": near}
    return BadInput([Finding("factor-unknown", "error", fields=fields)])


def _view(factor: Factor, session: Session) -> Any:
    from rich.table import Table

    from linyin.cli.factors_table import SHOWN_GWP
    from linyin.cli.numbers import plain
    from linyin.cli.trace_words import gwp_sets
    from linyin.lake import load_schema
    from linyin.ledger import factor_co2e_kg

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_column(style="dim", overflow="fold")
    for column in load_schema("ledger", "factors").columns:
        value = factor.row.get(column.name)
        if value:
            grid.add_row(column.name, value, column.description[session.lang])
    grid.add_row("pack", factor.pack, "")
    total = factor_co2e_kg(factor, SHOWN_GWP)
    if total is not None:
        sets = gwp_sets(factor, SHOWN_GWP, session)
        grid.add_row("= CO2e", f"{plain(total, 8)} kg/{factor.unit_text}", sets)
    return grid
