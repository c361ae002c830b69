"""Legs: what one context becomes in one run.

A leg is a line of the inventory for a dated piece of time and a part of the supply, with
everything that depends on the context alone already multiplied: factor, units, defaults,
spend chain, the reporter's share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Protocol

from linyin.ledger.catalog import Factor
from linyin.ledger.contexts import Context
from linyin.ledger.methods import Method
from linyin.ledger.multipliers import Multipliers
from linyin.ledger.spend import Step
from linyin.ledger.units import Unit

__all__ = ["Leg", "Operations", "Piece", "Target"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time in which the reporter's share of an operation does not change."""

    begin: date
    end: date
    share: Fraction
    equity: Fraction


class Operations(Protocol):
    """What the ledger asks of the organization, for one reporter and approach."""

    def targets(
        self, site: str, item: str, supply: str, begin: date, end: date
    ) -> Sequence[Target]:
        """Return who uses a (shared) site's supply, as dated parts that cover it."""

    def is_shared(self, site: str) -> bool:
        """Say whether any supply of a site has several users."""

    def pieces(self, site: str, begin: date, end: date) -> Sequence[Piece]:
        """Return the dated shares of a site."""

    def owner(self, site: str, day: date) -> str:
        """Return the entity that owns a site on a day."""

    def places(self, site: str, place: str, day: date) -> tuple[str, ...]:
        """Return the places from the site (or a stated place) out to the world."""

    def changes(self, code: str) -> frozenset[date]:
        """Return the days on which a counterparty's place in the organization changes."""

    def inside(self, code: str, day: date) -> Fraction:
        """Return the reporter's share of a counterparty; 0 = outside the boundary."""


@dataclass(frozen=True, slots=True)
class Target:
    """A user of a part `[lo, hi)` of a site's supply for some time."""

    site: str
    begin: date
    end: date
    lo: Fraction
    hi: Fraction


@dataclass(frozen=True, slots=True)
class Leg:
    """One line of the inventory for a context; multipliers are mg per unit of the amount.

    `by` is what they were multiplied by beside the factor: share, sign, scale of the unit.
    """

    run: str
    context: Context
    method: Method
    booked_site: str
    entity: str
    line: str
    scope2_method: str
    role: str
    begin: date
    end: date
    lo: Fraction
    hi: Fraction
    share: Fraction
    by: Fraction
    unit: Unit
    multipliers: Multipliers
    factor: Factor | None
    instrument: str
    boundary: str
    steps: tuple[Step, ...]

    def of(self, context: Context, site: str, entity: str) -> Leg:
        """Return the same leg of another context, booked on a site of an entity."""
        return Leg(
            self.run,
            context,
            self.method,
            site,
            entity,
            self.line,
            self.scope2_method,
            self.role,
            self.begin,
            self.end,
            self.lo,
            self.hi,
            self.share,
            self.by,
            self.unit,
            self.multipliers,
            self.factor,
            self.instrument,
            self.boundary,
            self.steps,
        )
