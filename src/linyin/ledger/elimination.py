"""Elimination: what a counterparty inside the boundary already counts itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from linyin.ledger.legs import Leg, Operations

__all__ = ["eliminated", "kept"]


def eliminated(main: Leg, operations: Operations) -> Iterator[Leg]:
    """Split off what a counterparty inside the boundary already counts itself."""
    border = _border(main, operations) if main.role == "reported" else main.lo
    if border > main.lo:
        yield replace(main, hi=border, role="eliminated")
    if border < main.hi:
        yield main if border == main.lo else replace(main, lo=border)


def kept(beside: Leg, operations: Operations) -> Iterator[Leg]:
    """Leave of an alternative what the reported leg keeps, so that both speak of the same."""
    border = _border(beside, operations)
    if border < beside.hi:
        yield replace(beside, lo=border)


def _border(main: Leg, operations: Operations) -> Fraction:
    counterparty = main.context.counterparty
    if not counterparty or main.line.startswith("1."):
        return main.lo
    return main.lo + (main.hi - main.lo) * operations.inside(counterparty, main.begin)
