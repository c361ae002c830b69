"""What the commands on factors share: the catalogue, a factor as a row and as JSON."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from linyin.cli.numbers import plain

if TYPE_CHECKING:
    from linyin.cli.session import Session
    from linyin.inventory import Folder
    from linyin.ledger import Catalog, Factor

__all__ = ["SHOWN_GWP", "catalog_of", "factor_data", "factor_row", "is_weighted", "opened"]

SHOWN_GWP: Final = "AR6-100"


@cache
def opened(folder: Path) -> Folder:
    """Read a folder for its factors and sites; what is wrong stops.

    Raises
    ------
    BadInput
        With everything that is wrong.

    """
    from linyin.inventory import read_folder

    read = read_folder(folder)
    read.require()
    return read


def catalog_of(folder: Path | None) -> Catalog:
    """Return the packs, or the factors of a folder before its packs."""
    from linyin.ledger import Catalog, load_packs

    return Catalog(load_packs()) if folder is None else opened(folder).catalog


def name_of(factor: Factor, session: Session) -> str:
    """Return the factor's name in the language of the session."""
    row = factor.row
    return row.get(f"name_{session.lang}") or row.get("name_en") or row.get("name_zh") or ""


def is_weighted(factor: Factor) -> bool:
    """Whether a GWP set makes CO2e of some gas of the factor."""
    return bool(factor.species or factor.masses.keys() & {"ch4", "ch4_biogenic", "n2o"})


def factor_row(factor: Factor, session: Session) -> list[str]:
    """Return the cells of a factor in a list."""
    from linyin.ledger import factor_co2e_kg

    value = factor_co2e_kg(factor, SHOWN_GWP)
    narrowed = " · ".join(filter(None, (factor.item, factor.technology, factor.product)))
    return [
        factor.factor_id,
        f"{name_of(factor, session)}\n{factor.use} · {narrowed}",
        "–" if value is None else plain(value, 4),
        factor.unit_text,
        factor.boundary,
        factor.place,
        str(factor.data_year),
    ]


def factor_data(factor: Factor) -> dict[str, Any]:
    """Return a factor for `--json`: every stated column, its pack, its CO2e and its GWP set."""
    from linyin.ledger import factor_co2e_kg

    stated = {name: value for name, value in factor.row.items() if value and name != "priority"}
    total = {
        "kg": factor_co2e_kg(factor, SHOWN_GWP),
        "gwp": SHOWN_GWP if is_weighted(factor) else None,
        "gwp_of_publisher": factor.gwp_set if "co2e" in factor.masses else None,
    }
    return {**stated, "pack": factor.pack, "total_co2e": total}


def listing(session: Session) -> Any:
    """Return an empty table of factors."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column(session.say("factors.id"), overflow="fold", max_width=34)
    table.add_column(session.say("factors.name"), overflow="fold")
    table.add_column(session.say("factors.value"), justify="right", no_wrap=True)
    for name in ("unit", "boundary", "place", "year"):
        table.add_column(session.say(f"factors.{name}"), no_wrap=True)
    return table
