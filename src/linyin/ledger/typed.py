"""Quantities as people type or paste them: a number, perhaps with a unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from linyin.lake import CellProblem, read_number
from linyin.ledger.faults import LedgerError
from linyin.ledger.units import convert, parse

__all__ = ["TypedQuantity", "read_quantity"]

_CELL: Final = re.compile(
    r"(?P<number>[-+−(]?[0-9０-９.．][0-9０-９.,．， '’eE+)\-]*?)\s*(?P<unit>[^\s0-9.,+\-()].*)?"
)
_PERHAPS_WITH_UNIT: Final = frozenset({"number-with-unit", "number-broken"})
_LONGEST: Final = 60
_TOO_MUCH: Final = CellProblem("number-out-of-range")
# The world uses some 3e13 kWh of electricity a year: no month of a site has more in any unit.
LARGEST: Final = 1e15


@dataclass(frozen=True, slots=True)
class TypedQuantity:
    """What a cell says.

    Attributes
    ----------
    quantity
        In the unit that was asked for.
    stated
        Code of the unit that was typed, where it is another one.

    """

    quantity: float
    stated: str = ""


def read_quantity(text: str, unit: str) -> TypedQuantity:
    """Read a cell: a number, with or without a unit; another unit is converted exactly.

    Parameters
    ----------
    text : str
        `1,234.5`, `0`, `713.5 万kWh`.
    unit : str
        Unit in which the quantity is wanted.

    Raises
    ------
    LedgerError
        If it is no clear number, is above `LARGEST`, or its unit is not known or measures
        something else.

    """
    cell = text.strip()
    if len(cell) > _LONGEST:
        raise _fault(_TOO_MUCH, f"{cell[:_LONGEST]}…")
    whole = read_number(cell)
    if not isinstance(whole, CellProblem):
        return _bounded(whole, cell)
    match = _CELL.fullmatch(cell)
    if match is None or not match["unit"] or whole.code not in _PERHAPS_WITH_UNIT:
        raise _fault(whole, cell)
    number = read_number(match["number"])
    if isinstance(number, CellProblem):
        raise _fault(number, match["number"])
    stated, wanted = parse(match["unit"]), parse(unit)
    if stated.code == wanted.code:
        return _bounded(number, cell)
    exact = convert(Fraction(repr(number)), stated, wanted)
    return _bounded(float(exact), cell, stated.code)


def _bounded(quantity: float, cell: str, stated: str = "") -> TypedQuantity:
    if abs(quantity) > LARGEST:
        raise _fault(_TOO_MUCH, cell)
    return TypedQuantity(quantity, stated)


def _fault(problem: CellProblem, value: str) -> LedgerError:
    fields = dict(problem.fields)
    choices = fields.pop("choices", None)
    listed = () if choices is None else (str(choices),)
    return LedgerError(problem.code, choices=listed, value=value, **fields)
