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

__all__ = ["APPROACHES", "BASE_LINES", "OPERATIONAL_LINES", "Approach", "Position", "positions"]

type Approach = Literal["equity_share", "financial_control", "operational_control"]
APPROACHES: Final = ("equity_share", "financial_control", "operational_control")

BASE_LINES: Final[Mapping[str, str]] = {
    "stationary_combustion": "1.1",
    "mobile_combustion": "1.2",
    "process": "1.3",
    "fugitive": "1.4",
    "electricity": "2.1",
    "electricity_exported": "2.1",
    "heat": "2.2",
    "steam": "2.2",
    "cooling": "2.2",
    "heat_exported": "2.2",
    "goods": "3.1",
    "services": "3.1",
    "capital_goods": "3.2",
    "electricity_sold_on": "3.3",
    "inbound_freight": "3.4",
    "inbound_storage": "3.4",
    "waste": "3.5",
    "wastewater": "3.5",
    "business_travel": "3.6",
    "hotel": "3.6",
    "commuting": "3.7",
    "telework": "3.7",
    "outbound_freight": "3.9",
    "outbound_storage": "3.9",
    "processing": "3.10",
    "product_use": "3.11",
    "end_of_life": "3.12",
    "franchise": "3.14",
    "investment": "3.15",
    "project_lifetime": "3.15",
    "removal": "1.3",
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
_OUTSOURCED: Final[Mapping[str, str]] = {
    "stationary_combustion": "3.1",
    "mobile_combustion": "3.4",
    "process": "3.1",
    "fugitive": "3.1",
    "electricity": "3.1",
    "heat": "3.1",
    "steam": "3.1",
    "cooling": "3.1",
}


@dataclass(frozen=True, slots=True)
class Position:
    """Where a slice counts: its line, the reporter's share of it and the entry's role."""

    line: str
    share: Fraction
    role: Literal["reported", "memo"] = "reported"


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
    role: Literal["reported", "memo"] = "memo" if source_type == "project_lifetime" else "reported"
    if share > 0:
        return Position(line, share, role)
    if equity > 0 and line in OPERATIONAL_LINES:
        return Position("3.15", equity, role)
    return None


def _line(source_type: str, relation: str, approach: Approach) -> str:
    if source_type == "leased_asset":
        return "3.13" if relation.startswith("leased_out") else "3.8"
    base = BASE_LINES[source_type]
    if relation == "outsourced":
        return "3.4" if base == "3.9" else _OUTSOURCED.get(source_type, base)
    if base not in OPERATIONAL_LINES:
        return base
    if relation == "third_party":
        raise LedgerError("relation-misfit", source_type=source_type, relation=relation)
    if relation in _CHAIN_RELATIONS:
        return _CHAIN_RELATIONS[relation]
    place = _LEASES.get((relation, approach), _IN)
    return base if place == _IN else place
