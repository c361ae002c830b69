"""What a run is asked to do: reporter, approach, GWP set, standard, period, policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from linyin.ledger.lines import Approach
from linyin.ledger.supply import RULE

__all__ = ["ALTERNATIVES_RULE", "GWP_SETS", "STANDARDS", "Policies", "Run", "Standard"]

type Standard = Literal["GHG Protocol", "ISO 14064-1", "GB/T 32150"]
STANDARDS: Final = ("GHG Protocol", "ISO 14064-1", "GB/T 32150")
ALTERNATIVES_RULE: Final = 2
"""Version of what alternatives are: until 1 rows whose own method is one, and no others."""
GWP_SETS: Final = ("AR4-100", "AR5-100", "AR6-100", "AR4-20", "AR5-20", "AR6-20")


@dataclass(frozen=True, slots=True)
class Policies:
    """Choices that standards leave to the reporter; each is disclosed.

    Attributes
    ----------
    residual
        Market (place) → `excluding traded` or `grid average`: the factor of power that no
        instrument covers, where no official residual mix exists.
    upstream_follows
        Whether category 3.3 of power follows the location or the market figures.
    certificates
        How a certificate is spread over its owner's sites: `proportional` or `in order`.
    factor_age_limit
        Years between the data of a factor and the slice beyond which a finding says so.
    chain_upstream
        Whether transport and fuel of scope 3 carry their fuel's own supply chain.
    spend
        Whether amounts of money are stated `net` or `gross` of VAT.
    carbon_table
        Table of China's default fuel properties, part of the key.
    alternatives
        Line → methods that are worked out beside the reported one.
    drafts
        Drafts that somebody waived by name: factor ids, and GWPs as `gwp:SO2F2:AR5-20`.

    """

    residual: Mapping[str, str] = field(default_factory=lambda: {"CN": "excluding traded"})
    upstream_follows: Literal["location", "market"] = "location"
    certificates: Literal["proportional", "in order"] = "proportional"
    factor_age_limit: int = 5
    chain_upstream: bool = True
    spend: Literal["net", "gross"] = "net"
    carbon_table: str = "A"
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drafts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Run:
    """One reporting entity, approach, GWP set, standard and period.

    Attributes
    ----------
    begin, end
        Half-open days.
    pin
        Factors published after this day do not exist for the run.
    methods
        Pinned (source type, method, version); others take the newest version.
    supply_rule
        Version of how instruments are divided among years (:data:`linyin.ledger.supply.RULE`).
    alternatives_rule
        Version of what alternatives are (:data:`ALTERNATIVES_RULE`).

    """

    run: str
    entity: str
    approach: Approach
    gwp: str
    standard: Standard
    begin: date
    end: date
    pin: date
    policies: Policies = field(default_factory=Policies)
    methods: tuple[tuple[str, str, int], ...] = ()
    supply_rule: int = RULE
    alternatives_rule: int = ALTERNATIVES_RULE
