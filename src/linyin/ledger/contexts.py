"""Contexts: the distinct combinations of what decides an activity's factors."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Literal

from linyin.ledger.units import Unit, parse

__all__ = ["Context", "Input", "amount_unit", "inputs"]


@dataclass(frozen=True, slots=True)
class Input:
    """A named input of a method: its canonical unit, and whether it multiplies or divides.

    Attributes
    ----------
    half_width_pct
        Half-width of its 95 % interval where nobody states one. [%]
    description
        By language.
    """

    name: str
    unit: Unit
    operation: Literal["multiply", "divide"]
    half_width_pct: float
    description: Mapping[str, str]


@cache
def inputs() -> Mapping[str, Input]:
    """Read the closed vocabulary of named inputs."""
    text = files(__package__).joinpath("schemas/inputs.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["input"]: Input(
            row["input"],
            parse(row["unit"]),
            "divide" if row["operation"] == "divide" else "multiply",
            float(row["half_width_pct"]),
            {lang: row[f"description_{lang}"] for lang in ("en", "zh")},
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Context:
    """One combination of the context columns, and what its rows have in common.

    Attributes
    ----------
    inputs
        Named inputs that the rows state.
    rows
        How many rows.
    begin, end
        First day and day after the last of the rows.
    supply
        Shared supply that the rows are a part of; '' = whatever the site has.
    largest
        Largest absolute amount of a row, in the unit of the amount.

    """

    context: int
    site: str
    source_type: str
    item: str
    technology: str
    product: str
    relation: str
    method: str
    unit: str
    counterparty: str
    place: str
    flow: str
    inputs: frozenset[str]
    profile: str
    supply: str
    rows: int
    begin: date
    end: date
    largest: float


@cache
def amount_unit(
    unit: str, stated: frozenset[str], plain: frozenset[str] = frozenset()
) -> tuple[Unit, Fraction]:
    """Work out the unit of `quantity × Π inputs`.

    Pieces are dropped where an input is per piece (kWh a use, gas a unit), and the units of
    `plain` inputs, which count as numbers (days on which somebody travels).

    Returns
    -------
    unit : Unit
        Of the amount.
    factor : Fraction
        1; the product of canonical units needs no further conversion.

    """
    product = parse(unit)
    if stated and product.dimensions == (("count", 1),):
        product, scale = parse("1"), product.factor
    else:
        scale = Fraction(1)
    for name in sorted(stated - plain):
        known = inputs()[name]
        product = product * known.unit if known.operation == "multiply" else product / known.unit
    return product, scale
