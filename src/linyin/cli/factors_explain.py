"""`linyin factors explain`: which factor wins, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from linyin.cli.session import Session
    from linyin.ledger import Catalog, Factor, FactorChoice, FactorQuery, Method, Step

__all__ = ["explain"]

LISTED: Final = 12
BOUNDARIES: Final = ("combustion", "upstream", "losses", "total")
BASES: Final = ("average", "residual", "marginal", "supplier")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for."""

    item: str
    unit: str
    year: int
    place: str
    site: str
    technology: str
    source_type: str
    uses: tuple[str, ...]
    boundaries: tuple[str, ...]
    bases: tuple[str, ...]
    supplier: str
    product: str
    pin: date | None
    without: tuple[str, ...]
    folder: Path | None


@command("explain", "factors.explain")
@argument("item")
@option("--place", default="", help="option.place")
@option("--site", default="", help="option.site")
@option("--unit", required=True, help="option.unit")
@option("--year", type=int, required=True, help="option.explain_year")
@option("--technology", default="", help="option.technology")
@option("--source-type", default="", help="option.source_type")
@option("--use", "uses", multiple=True, help="option.use")
@option("--boundary", "boundaries", type=click.Choice(BOUNDARIES), multiple=True,
        help="option.boundary")  # fmt: skip
@option("--basis", "bases", type=click.Choice(BASES), multiple=True,
        help="option.basis")  # fmt: skip
@option("--supplier", default="", help="option.supplier")
@option("--product", default="", help="option.product")
@option("--pin", type=click.DateTime(["%Y-%m-%d"]), help="option.pin")
@option("--without", multiple=True, metavar="ID", help="option.without")
@option("--folder", type=click.Path(path_type=Path), help="option.folder")
def explain(session: Session, pin: datetime | None, **asked: Any) -> Answer:
    """Choose a factor and say why."""
    from linyin.cli.factors_table import catalog_of
    from linyin.cli.numbers import plain
    from linyin.ledger import ReferenceTables, choose_factor

    question = Asked(pin=pin.date() if pin else None, **asked)
    catalog = _catalog(catalog_of(question.folder), question)
    method = _method(catalog, question)
    if question.source_type and method is not None:
        question = _as_calculated(question, method)
    assumed = method if method and method.technology and not question.technology else None
    query = _query(catalog, question, assumed)
    choice = choose_factor(catalog, query, explain=True)
    bridge = None
    if not choice.ranked:
        bridge = ReferenceTables.shipped().bridges.find(query.item, query.unit, query.year)
    if bridge is not None:
        choice = choose_factor(catalog, replace(query, unit=bridge.to), explain=True)
    winner = choice.winner
    data = {
        "ok": winner is not None,
        "winner": winner and winner.factor_id,
        "decided_by": choice.decided_by if choice.ranked else None,
        "tied": [factor.factor_id for factor in choice.tied],
        "without": list(question.without),
        "default_technology": assumed and assumed.technology,
        "bridge": bridge and _bridge_data(bridge.step),
        "ranked": [_ranked_data(rank, factor) for rank, factor in choice.ranked],
        "rejected": [
            {"factor_id": r.factor.factor_id, "reason": r.reason} for r in choice.rejected
        ],
    }
    view = [] if session.as_json else _view(choice, question, assumed, session)
    if bridge is not None and view:
        told = _bridge_data(bridge.step)
        view.insert(0, session.say("explain.bridge", **told, times=plain(told["value"])))
    return Answer(data, view, 0 if winner else 1)


def _catalog(catalog: Catalog, asked: Asked) -> Catalog:
    from linyin.cli.factors_search import unknown

    for factor_id in asked.without:
        if factor_id not in catalog.by_id:
            raise unknown(factor_id, catalog.by_id)
    return catalog.without(asked.without) if asked.without else catalog


def _method(catalog: Catalog, asked: Asked) -> Method | None:
    """Return the method that a calculation would take for the item in this unit.

    It is the newest version of the first method that takes the unit and asks for a use of the
    item: of the source type, or of all of them in the table's order. Suppliers' own methods
    count only where the supplier or the product has a factor of its own.
    """
    from linyin.ledger import load_methods, parse_unit

    kind, uses = parse_unit(asked.unit).kind, set(_uses(catalog, asked))
    own = _has_own(catalog, asked)
    fits = [
        method
        for method in load_methods()
        if asked.source_type in ("", *method.source_types)
        and uses.intersection(method.uses)
        and (kind in method.kinds or "*" in method.kinds)
        and (own or method.name not in ("supplier", "hybrid"))
    ]
    if not fits:
        return None
    same = [m for m in fits if (m.name, m.source_types) == (fits[0].name, fits[0].source_types)]
    return max(same, key=lambda method: method.version)


def _as_calculated(asked: Asked, method: Method) -> Asked:
    """Ask with the uses, boundaries and bases of the method where none are named."""
    return replace(
        asked,
        uses=asked.uses or method.uses,
        boundaries=asked.boundaries or method.boundaries,
        bases=asked.bases or method.bases,
    )


def _uses(catalog: Catalog, asked: Asked) -> tuple[str, ...]:
    item = _item(catalog, asked)
    return asked.uses or tuple(sorted({f.use for f in catalog.factors if f.item == item}))


def _item(catalog: Catalog, asked: Asked) -> str:
    from linyin.lake import BadInput, Finding
    from linyin.ledger import item_aliases

    item = item_aliases().get(asked.item, asked.item)
    if item not in catalog.items:
        import difflib

        near = ", ".join(difflib.get_close_matches(item, catalog.items, n=5)) or "-"
        fields = {"value": asked.item, "expected": near}
        raise BadInput([Finding("item-unknown", "error", fields=fields)])
    return item


def _has_own(catalog: Catalog, asked: Asked) -> bool:
    return catalog.has_specific(asked.supplier, asked.product, _item(catalog, asked))


def _query(catalog: Catalog, asked: Asked, assumed: Method | None) -> FactorQuery:
    from linyin.ledger import FactorQuery, parse_unit

    bases = asked.bases or ("average",)
    return FactorQuery(
        item=_item(catalog, asked),
        uses=_uses(catalog, asked),
        unit=parse_unit(asked.unit),
        boundaries=asked.boundaries or ("combustion", "total"),
        bases=(*bases, "supplier") if _has_own(catalog, asked) else bases,
        places=_places(asked),
        year=asked.year,
        pin=asked.pin or datetime.now(UTC).date(),
        technology=asked.technology,
        default_technology=assumed.technology if assumed else "",
        supplier=asked.supplier,
        product=asked.product,
    )


def _places(asked: Asked) -> tuple[str, ...]:
    from linyin.cli.factors_table import opened
    from linyin.lake import BadInput, Finding
    from linyin.ledger import place_parents
    from linyin.organization import place_path

    parents = place_parents()
    here = asked.place or "world"
    if asked.site and asked.folder is not None:
        organization = opened(asked.folder).organization
        if asked.site not in organization:
            found = Finding("site-unknown", "error", fields={"value": asked.site})
            raise BadInput([found])
        here = asked.place or organization.place(asked.site, date(asked.year, 1, 1)) or "world"
    if here not in parents:
        raise BadInput([Finding("place-unknown", "error", fields={"node": "", "value": here})])
    path = place_path(here, parents)
    return (asked.site, *path) if asked.site else tuple(path)


def _bridge_data(step: Step) -> dict[str, Any]:
    return {"value": float(step.value), "unit": step.unit, "source": step.source}


def _ranked_data(rank: Any, factor: Factor) -> dict[str, Any]:
    from linyin.cli.factors_table import factor_data

    return {**factor_data(factor), "rank": {n: getattr(rank, n) for n in rank.__slots__}}


def _view(
    choice: FactorChoice, asked: Asked, assumed: Method | None, session: Session
) -> list[Any]:
    from rich.text import Text

    view: list[Any] = []
    if asked.without:
        view.append(session.say("explain.without", factors=", ".join(asked.without)))
    view.append(
        Text(_verdict(choice, session), style="bold green" if choice.winner else "bold red")
    )
    if assumed and choice.winner and choice.winner.technology == assumed.technology:
        fields = {
            "technology": assumed.technology,
            "method": assumed.name,
            "source_type": asked.source_type or assumed.source_types[0],
        }
        view.append(Text(session.say("explain.assumed", **fields), style="dim"))
    if choice.ranked:
        view += ["", _ranked_table(choice, session)]
    if choice.rejected:
        view += ["", *_rejected(choice, session)]
    return view


def _verdict(choice: FactorChoice, session: Session) -> str:
    if choice.tied:
        tied = ", ".join(factor.factor_id for factor in choice.tied)
        return session.say("explain.tied", factors=tied)
    if choice.winner is None:
        return session.say("explain.nothing")
    why = session.say(f"explain.{choice.decided_by}")
    return session.say("explain.winner", factor=choice.winner.factor_id, why=why)


def _ranked_table(choice: FactorChoice, session: Session) -> Any:
    from linyin.cli.factors_table import factor_row, listing

    table = listing(session)
    for number, (_, factor) in enumerate(choice.ranked[:LISTED]):
        table.add_row(*factor_row(factor, session), style="bold" if number == 0 else "")
    return table


def _rejected(choice: FactorChoice, session: Session) -> list[Any]:
    """List how many were filtered out for each reason, with the ids of a few."""
    from rich.table import Table
    from rich.text import Text

    reasons = Counter(rejection.reason for rejection in choice.rejected)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right", style="dim")
    grid.add_column(no_wrap=True)
    grid.add_column(style="dim", overflow="fold")
    for reason, number in reasons.most_common():
        ids = [r.factor.factor_id for r in choice.rejected if r.reason == reason]
        dots = " …" if len(ids) > 3 else ""
        grid.add_row(f"{number} ×", session.say(f"reason.{reason}"), ", ".join(ids[:3]) + dots)
    return [Text(session.say("factors.rejected"), style="bold"), grid]
