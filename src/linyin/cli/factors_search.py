"""`linyin factors search` and `show`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from linyin.cli.session import Session
    from linyin.ledger import Factor

__all__ = ["search", "show"]

SEARCHED: Final = ("factor_id", "name_en", "name_zh", "item", "technology", "use", "place",
                   "publisher", "release", "supplier", "product")  # fmt: skip


@command("search", "factors.search")
@argument("words", nargs=-1, required=True)
@option("--folder", type=click.Path(path_type=Path), help="option.folder")
@option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="option.limit")
def search(session: Session, words: tuple[str, ...], folder: Path | None, limit: int) -> Answer:
    """List the factors that hold all words."""
    from linyin.cli.factors_table import catalog_of, factor_data, factor_row, listing
    from linyin.ledger import item_aliases

    aliases = item_aliases()
    wanted = [(word.casefold(), aliases.get(word, word).casefold()) for word in words]
    found = [f for f in catalog_of(folder).factors if _holds(f, wanted)]
    found.sort(key=lambda f: (f.item not in {item for _, item in wanted}, f.priority, f.factor_id))
    shown = found if session.as_json else found[:limit]
    data = {"ok": True, "count": len(found), "factors": [factor_data(f) for f in found[:limit]]}
    if not found:
        return Answer({**data, "ok": False}, [session.say("factors.none")], 1)
    table = listing(session)
    for factor in shown[:limit]:
        table.add_row(*factor_row(factor, session))
    words_ = session.say("factors.found", number=f"{len(found):,}", shown=min(limit, len(found)))
    return Answer(data, [table, words_])


def _holds(factor: Factor, wanted: list[tuple[str, str]]) -> bool:
    text = " ".join(factor.row.get(name) or "" for name in SEARCHED).casefold()
    return all(word in text or item == factor.item.casefold() for word, item in wanted)


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

    from linyin.cli.factors_table import SHOWN_GWP, co2e_kg
    from linyin.cli.numbers import plain
    from linyin.cli.trace_words import gwp_sets
    from linyin.lake import load_schema

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_column(style="dim", overflow="fold")
    for column in load_schema("ledger", "factors").columns:
        value = factor.row.get(column.name)
        if value:
            grid.add_row(column.name, value, column.description[session.lang])
    grid.add_row("pack", factor.pack, "")
    total = co2e_kg(factor)
    if total is not None:
        sets = gwp_sets(factor, SHOWN_GWP, session)
        grid.add_row("= CO2e", f"{plain(total, 8)} kg/{factor.unit_text}", sets)
    return grid
