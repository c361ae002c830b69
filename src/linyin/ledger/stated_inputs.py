"""Named inputs as people state them: one with its unit, or several in one text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from fractions import Fraction
from typing import Final

from linyin.lake import CellProblem, read_number
from linyin.ledger.contexts import inputs
from linyin.ledger.faults import LedgerError
from linyin.ledger.units import convert, parse

__all__ = ["inputs_in", "inputs_text", "read_input"]

_CELL: Final = re.compile(r"\s*(?P<number>[-+]?[0-9０-９][0-9０-９.,eE+\-]*)\s*(?P<unit>\D.*)?")


def read_input(text: str, name: str, header_unit: str = "") -> float:
    """Return an input in its canonical unit.

    Parameters
    ----------
    text : str
        A number, with its unit or without: `1000`, `1000 km`.
    name : str
        The input's.
    header_unit : str
        Unit that its column states; '' = none.

    Raises
    ------
    LedgerError
        If the text is no number, or its unit is missing or does not measure the input.

    """
    match = _CELL.fullmatch(text)
    if match is None:
        raise LedgerError("input-broken", input=name, value=text)
    number = read_number(match["number"])
    if isinstance(number, CellProblem):
        raise LedgerError(number.code, choices=(), **dict(number.fields))
    canonical = inputs()[name].unit
    stated = (match["unit"] or "").strip() or header_unit
    if not stated:
        if canonical.dimensions:
            raise LedgerError("input-unit-missing", input=name, expected=canonical.code)
        return number
    exact, unit = Fraction(repr(number)), parse(stated)
    if unit.dimensions == canonical.dimensions and not unit.basis:
        return float(exact * unit.factor / canonical.factor)
    if unit.kind != canonical.kind:
        fitting = [other.name for other in inputs().values() if other.unit.kind == unit.kind]
        raise LedgerError(
            "input-unit-misfit", choices=fitting, input=name, unit=unit.code,
            expected=canonical.code,
        )  # fmt: skip
    return float(convert(exact, unit, canonical))


def inputs_in(text: str) -> dict[str, float]:
    """Return the inputs that a text states, in their canonical units.

    Parameters
    ----------
    text : str
        `distance=1000 km; trips=2`.

    Raises
    ------
    LedgerError
        If a name is no input or comes twice, or a value cannot be read.

    """
    found: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, _, value = (side.strip() for side in part.partition("="))
        if name not in inputs():
            near = get_close_matches(name, list(inputs()), n=3, cutoff=0.5)
            raise LedgerError("input-unknown", choices=near or list(inputs())[:3], value=name)
        if name in found:
            raise LedgerError("input-stated-twice", input=name)
        found[name] = read_input(value, name)
    return found


def inputs_text(named: Mapping[str, float]) -> str:
    """Return inputs in their canonical units as `inputs_in` reads them."""
    return "; ".join(f"{name}={_with_unit(name, value)}" for name, value in named.items())


def _with_unit(name: str, value: float) -> str:
    unit = inputs()[name].unit.code
    number = f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    return number if unit == "1" else f"{number} {unit}"
