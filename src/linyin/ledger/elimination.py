"""Elimination: what a counterparty inside the boundary already counts itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from linyin.ledger.legs import Leg, Operations

__all__ = ["eliminated"]


def eliminated(main: Leg, operations: Operations) -> Iterator[Leg]:
    """Split off what a counterparty inside the boundary already counts itself."""
    counterparty = main.context.counterparty
    inside = Fraction(0)
    if counterparty and not main.line.startswith("1.") and main.role == "reported":
        inside = operations.inside(counterparty, main.begin)
    if not inside:
        yield main
        return
    border = main.lo + (main.hi - main.lo) * inside
    yield replace(main, hi=border, role="eliminated")
    if border < main.hi:
        yield replace(main, lo=border)
