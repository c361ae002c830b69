"""The entries of a run as rows of a list: read from its bundle, opened one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from linyin.inventory.web.line_names import line_name
from linyin.inventory.web.models import RunRecord
from linyin.ledger.web.called import item_called, items_called, unit_after, unit_called
from linyin.organization.web.called import nodes_called
from linyin.platform.grants import visible_to
from linyin.platform.reading import reading
from linyin.platform.resources import Column, Filter
from linyin.platform.resources.lake import LakeSource
from linyin.platform.resources.lake_keys import joined
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["COLUMNS", "FILTERS", "SEARCH", "columns_of", "entries_of", "entry_key", "reached_in"]


def source_type_name(code: str) -> str:
    """Return what a source type is called in the reader's language."""
    return say(f"activities.source_type.{code}")


def scope_name(scope: str) -> str:
    """Return what a scope is called in the reader's language; `0` is outside them all."""
    return say("entries.scope.0" if scope == "0" else f"scope.{scope}")


COLUMNS: Final = (
    Column("external_id", "code"),
    Column("source", "code", listed=False),
    Column("booked_site", "node", finds=nodes_called),
    Column("line", "choice", says=line_name),
    Column("scope", "choice", says=scope_name, listed=False),
    Column("scope2_method", "choice", listed=False),
    Column("source_type", "choice", says=source_type_name, listed=False),
    Column("item", "code", says=item_called, finds=items_called),
    Column("co2e_mg", "mass"),
    Column("begin", "date"),
    Column("end", "date", listed=False),
    Column("amount", "number", unit="unit", unit_says=unit_after),
    Column("unit", "code", says=unit_called, listed=False),
    Column("status", "choice", badge="evidence"),
    Column("role", "choice", listed=False),
    Column("flow", "choice", listed=False),
    Column("share", "number", listed=False),
    Column("leg", "integer", listed=False),
    Column("part", "integer", listed=False),
    Column("method", "code", listed=False),
    Column("factor_id", "code"),
    Column("instrument", "code", listed=False),
)
FILTERS: Final = (
    Filter("scope"),
    Filter("line"),
    Filter("scope2_method"),
    Filter("node", "node", "booked_site"),
    Filter("source"),
    Filter("status"),
    Filter("role"),
    Filter("factor_id", "text"),
)
SEARCH: Final = ("external_id", "source", "booked_site", "item", "factor_id")
_KEY: Final = ("source", "external_id", "leg", "part")


def columns_of(run: RunRecord) -> tuple[Column, ...]:
    """Return the columns of a run's entries, factors by the names that its bundle has for them."""
    known = run.path / "inputs" / "factors.parquet"

    def name(factor: str) -> str:
        names = _factor_names(known).get(factor, {})
        return names.get(lang()) or names.get("en") or names.get("zh") or factor

    def named(word: str) -> frozenset[str]:
        folded = word.casefold()
        return frozenset(id_ for id_ in _factor_names(known) if folded in name(id_).casefold())

    return tuple(
        replace(column, says=name, finds=named) if column.name == "factor_id" else column
        for column in COLUMNS
    )


@lru_cache(maxsize=8)
def _factor_names(known: Path) -> Mapping[str, Mapping[str, str]]:
    with reading() as connection:
        rows = connection.execute(
            f"SELECT factor_id, name_en, name_zh FROM read_parquet({_quoted(str(known))})"
        ).fetchall()
    return {factor: {"en": english, "zh": chinese} for factor, english, chinese in rows}


def entries_of(run: RunRecord) -> LakeSource:
    """Return the entries of a run: the key is `source`, `external_id`, leg and part.

    An amount is the row's quantity times the named inputs of its method; its unit then is told
    as `piece × …`.
    """

    def relation() -> str | None:
        files = sorted((run.path / "entries").glob("*.parquet"))
        if not files:
            return None
        listed = ", ".join(_quoted(str(file)) for file in files)
        contexts, legs = (_quoted(str(run.path / f"{n}.parquet")) for n in ("contexts", "legs"))
        return (
            "(SELECT e.* EXCLUDE (amount), "
            "CASE WHEN abs(amount) >= 1 THEN round(amount, 6) ELSE amount END AS amount, "
            "c.unit || CASE c.inputs WHEN '' THEN '' ELSE ' × …' END AS unit, "
            "split_part(e.line, '.', 1) AS scope, "
            "c.source_type, c.item, l.factor_id, l.instrument, l.method "
            f"FROM read_parquet([{listed}]) AS e "
            f"JOIN read_parquet({contexts}) AS c USING (context) "
            f"JOIN read_parquet({legs}) AS l USING (leg)) AS entries"
        )

    return LakeSource(
        relation,
        key=_KEY,
        node="booked_site",
        columns=columns_of(run),
        filters=FILTERS,
        search=SEARCH,
        order="-co2e_mg",
    )


def entry_key(entry: Mapping[str, Any]) -> str:
    """Return the key by which a page opens an entry."""
    return joined(entry[name] for name in _KEY)


def reached_in(actor: Actor, run: RunRecord) -> frozenset[str]:
    """Return the nodes whose entries the reader of a run sees: all of the run's.

    Who may see a run may see what it consists of, also what is booked on an associate. Who
    reaches a part of it alone sees the entries of that.
    """
    if not visible_to(actor, RunRecord, "inventory.view").filter(pk=run.pk).exists():
        return actor.nodes("inventory.view")
    cells = run.totals["cells"]
    booked = {code for by_node in cells.values() for code in by_node}
    return actor.nodes("inventory.view") | frozenset(booked)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
