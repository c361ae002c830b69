"""Booking legs on rows: everything the one expression needs to know is worked out here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from linyin.ledger.book import CONTEXT_COLUMNS, MASSES, Booking, book
from linyin.ledger.contexts import inputs
from linyin.ledger.leg_tables import (
    Elapsed,
    legs_table,
    parts_needed,
    parts_table,
    spans_table,
)

if TYPE_CHECKING:
    from linyin.lake import Engine
    from linyin.ledger.legs import Leg

__all__ = ["Booker", "book_legs", "crossing_spans", "input_columns"]

type Frame = nw.LazyFrame[Any]


class Tables(Protocol):
    """What booking asks of wherever the rows are."""

    def frame(self, table: pa.Table) -> Frame:
        """Make an Arrow table part of a query."""

    def collect(self, frame: Frame) -> pa.Table:
        """Run a query and return its rows."""


def input_columns(columns: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return which columns are named inputs: those that multiply and those that divide."""
    present = set(columns)
    stated = sorted(name for name in inputs() if name in present)
    return (
        [name for name in stated if inputs()[name].operation == "multiply"],
        [name for name in stated if inputs()[name].operation == "divide"],
    )


def book_legs(
    activities: Frame,
    legs: pa.Table,
    tables: Tables,
    elapsed: Elapsed,
    *,
    keep: Sequence[str] = (),
    masses: Sequence[str] = MASSES,
    keys: Sequence[str] = CONTEXT_COLUMNS,
    crossing: pa.Table | None = None,
) -> Frame:
    """Book every activity on the legs of its context, computing only what some leg needs.

    Parameters
    ----------
    activities : lazy frame
        See :func:`linyin.ledger.book.book`.
    legs : table
        Of :func:`linyin.ledger.leg_tables.legs_table`.
    tables : Tables
        The engine of `activities`.
    elapsed : callable
        (profile, begin, end, day) → share of a row's time that has passed by the day. [-]
    keep : sequence of str
        Further columns of the legs to carry along.
    masses : sequence of str
        Masses to book; the others are zero.
    keys : sequence of str
        Context columns that tell all contexts of the activities apart.
    crossing : table, optional
        What :func:`crossing_spans` found for these or more legs.

    """
    multiplied, divided = input_columns(activities.collect_schema().names())
    crossing = crossing_spans(activities, legs, tables) if crossing is None else crossing
    spans = spans_table(crossing, legs, elapsed)
    partial = pc.any(pc.or_(pc.not_equal(legs["lo"], 0.0), pc.not_equal(legs["hi"], 1.0))).as_py()
    largest = parts_needed(legs)
    how = Booking(
        multiplied=multiplied,
        divided=divided,
        masses=[m for m in masses if pc.any(pc.not_equal(legs[f"k_{m}"], 0.0)).as_py()],
        parts=bool(partial) or len(spans) > 0,
        largest=largest,
        keys=keys,
    )
    return book(
        activities,
        tables.frame(legs),
        tables.frame(spans),
        tables.frame(parts_table(largest)),
        how,
        keep=keep,
    )


def crossing_spans(activities: Frame, legs: pa.Table, tables: Tables) -> pa.Table:
    """Read the distinct `profile, begin, end` of rows that cross a date of a leg."""
    cuts = _cuts(legs)
    if not cuts:
        schema = [("profile", pa.string()), ("begin", pa.date32()), ("end", pa.date32())]
        return pa.schema(schema).empty_table()
    crossing = [(nw.col("begin") < nw.lit(cut)) & (nw.col("end") > nw.lit(cut)) for cut in cuts]
    return tables.collect(
        activities.filter(nw.any_horizontal(*crossing, ignore_nulls=True))
        .select("profile", "begin", "end")
        .unique()
    )


def _cuts(legs: pa.Table) -> list[date]:
    """Return the days that end or begin a leg while its context has rows beyond them."""
    days = {day for name in ("leg_from", "leg_to") for day in legs[name].unique().to_pylist()}
    return sorted(days - {date.min, date.max})


class Booker:
    """Books the legs of runs on the rows of all of them."""

    def __init__(
        self, activities: Frame, engine: Engine, elapsed: Elapsed, keys: Sequence[str]
    ) -> None:
        self.activities, self.engine, self.elapsed, self.keys = activities, engine, elapsed, keys
        self._crossing: dict[frozenset[date], pa.Table] = {}

    def write(self, runs: Mapping[str, Sequence[Leg]], folder: Path) -> dict[str, list[Path]]:
        """Write the entries of all runs; every run has its list of files."""
        written: dict[str, list[Path]] = {name: [] for name in runs}
        numbered = [pair for legs in runs.values() for pair in enumerate(legs)]
        if not numbered:
            return written
        table = legs_table(numbered)
        if len(runs) == 1:
            files = self.engine.write(self._book(table), folder)
            written[next(iter(runs))] = files.get("", [])
        else:
            written |= self.engine.write(self._book(table, keep=("run",)), folder, split_by="run")
        return written

    def amounts(self, legs: Mapping[int, Leg]) -> dict[int, float]:
        """Add up what is booked on each leg, at 100 %, in its unit.

        Rows count in whole millionths of the unit, so that the order of rows does not matter.
        """
        if not legs:
            return {}
        booked = self._book(legs_table(list(legs.items())), masses=())
        millionths = (nw.col("amount") * nw.col("fraction") * 1e6 + 0.5).floor()
        totals = booked.select("leg", _part=millionths.cast(nw.Decimal(38, 0)))
        rows = self.engine.collect(totals.group_by("leg").agg(nw.col("_part").sum())).to_pylist()
        return {row["leg"]: int(row["_part"]) / 1_000_000 for row in rows}

    def species(self, legs: Sequence[Leg]) -> pa.Table | None:
        """Book the mass of every further gas of a run, one row an entry and gas."""
        of_gas = [
            ((number, leg), gas)
            for number, leg in enumerate(legs)
            for gas in leg.multipliers.species
        ]
        if not of_gas:
            return None
        table = legs_table([pair for pair, _ in of_gas], species=[gas for _, gas in of_gas])
        frame = self._book(table, keep=("gas",), masses=("co2_mg",))
        wanted = frame.rename({"co2_mg": "mass_mg"})
        return self.engine.collect(
            wanted.select("source", "external_id", "part", "leg", "gas", "mass_mg")
        )

    def _book(
        self, legs: pa.Table, *, keep: Sequence[str] = (), masses: Sequence[str] = MASSES
    ) -> Frame:
        cuts = frozenset(_cuts(legs))
        if cuts not in self._crossing:
            self._crossing[cuts] = crossing_spans(self.activities, legs, self.engine)
        return book_legs(
            self.activities,
            legs,
            self.engine,
            self.elapsed,
            keep=keep,
            masses=masses,
            keys=self.keys,
            crossing=self._crossing[cuts],
        )
