"""The input tables of the example enterprise: what is sold, bought, burnt, driven, and how much."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

__all__ = ["YEARS", "Series", "Value", "activity_tables", "read", "series_of", "values"]

YEARS: Final = (2021, 2022, 2023)
_YEAR_COLUMNS: Final = tuple(f"y{year}" for year in YEARS)
_PLAN: Final = frozenset(
    ("series", "frequency", "season", "decimals", *_YEAR_COLUMNS, "low", "high", "basis")
)
_ROOT: Final = files("linyin.demo").joinpath("tables")


@dataclass(frozen=True, slots=True)
class Series:
    """One source of activities over the years: a meter, a supplier's item, a product in a market.

    Attributes
    ----------
    series
        Beginning of the external ids of its rows.
    cells
        What every row states: site, source type, item, unit, named inputs …
    frequency
        `month`, `quarter` or `year`.
    season
        Row of seasons.csv by which a year is cut.
    decimals
        Places of the quantities; a row is a whole number of such steps.
    totals
        Year → quantity.

    """

    series: str
    cells: Mapping[str, str]
    frequency: str
    season: str
    decimals: int
    totals: Mapping[int, Decimal]
    inputs: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Value:
    """One number of an input table and the range that it is to lie in."""

    table: str
    row: str
    column: str
    value: Decimal
    low: Decimal
    high: Decimal
    basis: str


@cache
def read(name: str) -> Sequence[Mapping[str, str]]:
    """Read an input table as rows of text cells."""
    text = _ROOT.joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def activity_tables() -> list[str]:
    """Return the names of the tables that hold series of activities, in order."""
    folder = _ROOT.joinpath("activities")
    return sorted(entry.name.removesuffix(".csv") for entry in folder.iterdir())


def series_of(name: str) -> list[Series]:
    """Return the series of an activity table."""
    return [_series(row) for row in read(f"activities/{name}")]


def _series(row: Mapping[str, str]) -> Series:
    return Series(
        series=row["series"],
        cells={name: cell for name, cell in row.items() if name not in _PLAN},
        frequency=row["frequency"],
        season=row.get("season") or "flat",
        decimals=int(row.get("decimals") or 0),
        totals=yearly(row),
    )


def yearly(row: Mapping[str, str]) -> Mapping[int, Decimal]:
    """Return the quantities of a row by year."""
    return {year: Decimal(row[f"y{year}"]) for year in YEARS}


def values() -> Iterator[Value]:
    """Yield every number of the input tables with the range that the table states for it."""
    for name in [f"activities/{table}" for table in activity_tables()] + ["sales", "metrics"]:
        for row in read(name):
            label = row.get("series") or "/".join((row["node"], row["metric"], row["item"]))
            for column in _YEAR_COLUMNS:
                yield _value(name, label, column, row[column], row, "low", "high", "basis")
    yield from _of_products()
    for row in read("treatments"):
        label = f"{row['waste']}/{row['technology']}"
        yield _value("treatments", label, "share", row["share"], row, "low", "high", "basis")
    for row in read("factors"):
        column = "co2e_kg" if row["co2e_kg"] else "co2_kg"
        label, cell = row["factor_id"], row[column]
        yield _value("factors", label, column, cell, row, "low", "high", "range_basis")
    yield from _of_inputs()


def _of_products() -> Iterator[Value]:
    for row in read("products"):
        columns = [(f"power_w_{year}", "power") for year in YEARS]
        columns += [("hours_per_year", "hours"), ("lifetime_year", "lifetime"), ("mass_kg", "mass")]
        for column, stem in columns:
            low, high = f"{stem}_low", f"{stem}_high"
            yield _value("products", row["product"], column, row[column], row, low, high, "basis")


def _of_inputs() -> Iterator[Value]:
    for limit in read("input_ranges"):
        table, column = limit["table"], limit["column"]
        for row in read(f"activities/{table}"):
            if row[column]:
                label, cell = row["series"], row[column]
                yield _value(table, label, column, cell, limit, "low", "high", "basis")


def _value(
    table: str,
    row: str,
    column: str,
    cell: str,
    limits: Mapping[str, str],
    low: str,
    high: str,
    basis: str,
) -> Value:
    between = Decimal(limits[low]), Decimal(limits[high])
    return Value(table, row, column, Decimal(cell), *between, limits[basis])
