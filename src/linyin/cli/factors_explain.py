"""`linyin factors explain`: which factor wins, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from linyin.cli.session import Session
    from linyin.ledger import Factor, FactorChoice, FactorExplanation, FactorQuestion, Step

__all__ = ["explain"]

LISTED: Final = 12
BOUNDARIES: Final = ("combustion", "upstream", "losses", "total")
BASES: Final = ("average", "residual", "marginal", "supplier")


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
def explain(session: Session, pin: datetime | None, folder: Path | None, **asked: Any) -> Answer:
    """Choose a factor and say why."""
    from linyin.cli.factors_table import catalog_of
    from linyin.cli.numbers import plain
    from linyin.ledger import FactorQuestion, explain_factor

    question = FactorQuestion(pin=pin.date() if pin else None, **asked)
    explained = explain_factor(catalog_of(folder), _at_site(question, folder))
    choice, assumed, bridge = explained.choice, explained.assumed, explained.bridge
    winner = choice.winner
    data = {
        "ok": winner is not None,
        "winner": winner and winner.factor_id,
        "decided_by": choice.decided_by if choice.ranked else None,
        "tied": [factor.factor_id for factor in choice.tied],
        "without": list(question.without),
        "default_technology": assumed and assumed.technology,
        "bridge": bridge and _bridge_data(bridge),
        "ranked": [_ranked_data(rank, factor) for rank, factor in choice.ranked],
        "rejected": [
            {"factor_id": r.factor.factor_id, "reason": r.reason} for r in choice.rejected
        ],
    }
    view = [] if session.as_json else _view(explained, session)
    if bridge is not None and view:
        told = _bridge_data(bridge)
        view.insert(0, session.say("explain.bridge", **told, times=plain(told["value"])))
    return Answer(data, view, 0 if winner else 1)


def _at_site(asked: FactorQuestion, folder: Path | None) -> FactorQuestion:
    """Ask at the place of a folder's site where no place is named."""
    from linyin.cli.factors_table import opened
    from linyin.lake import BadInput, Finding

    if not asked.site or folder is None:
        return asked
    organization = opened(folder).organization
    if asked.site not in organization:
        raise BadInput([Finding("site-unknown", "error", fields={"value": asked.site})])
    here = asked.place or organization.place(asked.site, date(asked.year, 1, 1)) or ""
    return replace(asked, place=here)


def _bridge_data(step: Step) -> dict[str, Any]:
    return {"value": float(step.value), "unit": step.unit, "source": step.source}


def _ranked_data(rank: Any, factor: Factor) -> dict[str, Any]:
    from linyin.cli.factors_table import factor_data

    return {**factor_data(factor), "rank": {n: getattr(rank, n) for n in rank.__slots__}}


def _view(explained: FactorExplanation, session: Session) -> list[Any]:
    from rich.text import Text

    choice, asked, assumed = explained.choice, explained.question, explained.assumed
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
