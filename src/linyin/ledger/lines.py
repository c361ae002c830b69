"""Inventory lines: scope and category derived from what happened and whose it is.

An activity states its source type and its relation; where it counts follows from the
consolidation approach and the reporter's share on the day. Leases follow the GHG Protocol
Corporate Standard, appendix F; associates without control move to category 15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from linyin.ledger.faults import LedgerError
from linyin.ledger.source_types import load as load_source_types

__all__ = [
    "APPROACHES",
    "OPERATIONAL_LINES",
    "Approach",
    "Position",
    "approach_called",
    "positions",
]

type Approach = Literal["equity_share", "financial_control", "operational_control"]
APPROACHES: Final = ("equity_share", "financial_control", "operational_control")
_APPROACHES_ZH: Final = {
    "股权比例": "equity_share",
    "股权份额": "equity_share",
    "财务控制": "financial_control",
    "运营控制": "operational_control",
    "经营控制": "operational_control",
}

OPERATIONAL_LINES: Final = frozenset({"1.1", "1.2", "1.3", "1.4", "2.1", "2.2"})

_IN, _UP, _DOWN = "inside", "3.8", "3.13"
_LEASES: Final[Mapping[tuple[str, str], str]] = {
    ("leased_in_finance", "equity_share"): _IN,
    ("leased_in_finance", "financial_control"): _IN,
    ("leased_in_finance", "operational_control"): _IN,
    ("leased_in_operating", "equity_share"): _UP,
    ("leased_in_operating", "financial_control"): _UP,
    ("leased_in_operating", "operational_control"): _IN,
    ("leased_out_finance", "equity_share"): _DOWN,
    ("leased_out_finance", "financial_control"): _DOWN,
    ("leased_out_finance", "operational_control"): _DOWN,
    ("leased_out_operating", "equity_share"): _IN,
    ("leased_out_operating", "financial_control"): _IN,
    ("leased_out_operating", "operational_control"): _DOWN,
}
_CHAIN_RELATIONS: Final[Mapping[str, str]] = {"franchised": "3.14", "investee": "3.15"}


@dataclass(frozen=True, slots=True)
class Position:
    """Where a slice counts: its line, and the reporter's share of it."""

    line: str
    share: Fraction


def positions(
    source_type: str, relation: str, approach: Approach, *, share: Fraction, equity: Fraction
) -> Position | None:
    """Derive where an activity counts for one reporter on one day.

    Parameters
    ----------
    source_type, relation : str
        As the activity states them.
    approach : str
        Consolidation approach of the run.
    share : Fraction
        The reporter's consolidated share of the operation, 0 … 1. [-]
    equity : Fraction
        The reporter's share of equity in it, 0 … 1. [-]

    Returns
    -------
    Position or None
        None where the reporter has neither share nor equity, or where an associate's
        activity is none of its scopes 1 and 2 (category 15 asks for no more).

    Raises
    ------
    LedgerError
        `relation-misfit`: fuel and power that third parties use belong to what they do for us
        (freight, storage), not to a combustion of nobody's.

    References
    ----------
    .. [1] GHG Protocol Corporate Standard (2004), ch. 3, and appendix F (2006).
    .. [2] Corporate Value Chain Standard (2011), ch. 5, table 5.4.

    """
    line = _line(source_type, relation, approach)
    if share > 0:
        return Position(line, share)
    if equity > 0 and line in OPERATIONAL_LINES:
        return Position("3.15", equity)
    return None


def _line(source_type: str, relation: str, approach: Approach) -> str:
    kind = load_source_types()[source_type]
    base = kind.line
    if relation == "outsourced":
        return kind.outsourced or base
    if relation.startswith("leased_out") and kind.leased_out:
        return kind.leased_out
    if base not in OPERATIONAL_LINES:
        return base
    if relation == "third_party":
        raise LedgerError("relation-misfit", source_type=source_type, relation=relation)
    if relation in _CHAIN_RELATIONS:
        return _CHAIN_RELATIONS[relation]
    place = _LEASES.get((relation, approach), _IN)
    return base if place == _IN else place


def approach_called(name: str) -> str:
    """Return the code of an approach that is written in Chinese; else what is written."""
    return _APPROACHES_ZH.get(name.strip().removesuffix("法"), name)
