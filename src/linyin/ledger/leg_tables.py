"""Contexts, legs, dated shares and parts as the tables that the engine joins rows with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linyin.ledger.book import CONTEXT_COLUMNS, MASSES, PART_LIMIT_MG
from linyin.ledger.contexts import Context
from linyin.ledger.legs import Leg

__all__ = [
    "MOST_PARTS",
    "Elapsed",
    "contexts_table",
    "distinguishing",
    "legs_table",
    "parts_needed",
    "parts_table",
    "spans_table",
]

type Elapsed = Callable[[str, date, date, date], Fraction]

MOST_PARTS: Final = 2000


def contexts_table(contexts: Sequence[Context]) -> pa.Table:
    """Lay contexts out as a table: `context` and the context columns."""
    numbers = pa.array([context.context for context in contexts], pa.int32())
    return pa.table({"context": numbers, **_context_columns(contexts)})


def distinguishing(contexts: pa.Table) -> tuple[str, ...]:
    """Return the fewest context columns found that still tell all contexts apart.

    Every row is of one of the contexts, so a join on these columns is a join on all of them.
    """
    encoded = {n: contexts[n].combine_chunks().dictionary_encode() for n in CONTEXT_COLUMNS}
    distinct = {name: len(column.dictionary) for name, column in encoded.items()}
    codes = pa.table({name: column.indices for name, column in encoded.items()})
    kept = [name for name in CONTEXT_COLUMNS if distinct[name] > 1]
    for name in sorted(kept, key=lambda name: distinct[name]):
        rest = [other for other in kept if other != name]
        if rest and codes.group_by(rest).aggregate([]).num_rows == len(contexts):
            kept = rest
    return tuple(kept) or CONTEXT_COLUMNS[:1]


def legs_table(
    legs: Sequence[tuple[int, Leg]], *, species: Sequence[str] | None = None
) -> pa.Table:
    """Lay legs out as the table that rows are joined with.

    What entries take from their leg is dictionary-encoded, so that engines copy codes. With
    `species`, each leg's CO2 column holds the mass of that gas instead. The dates of a leg
    are open where its context has no rows beyond them, so that few dates cut rows.
    """
    texts = {
        "run": [leg.run for _, leg in legs],
        "booked_site": [leg.booked_site for _, leg in legs],
        "entity": [leg.entity for _, leg in legs],
        "line": [leg.line for _, leg in legs],
        "scope2_method": [leg.scope2_method for _, leg in legs],
        "role": [leg.role for _, leg in legs],
    }
    columns = _context_columns([leg.context for _, leg in legs])
    columns["flow"] = columns["flow"].dictionary_encode()
    columns |= {
        name: pa.array(values, pa.string()).dictionary_encode() for name, values in texts.items()
    }
    columns |= {
        "leg": pa.array([number for number, _ in legs], pa.int32()),
        "context": pa.array([leg.context.context for _, leg in legs], pa.int32()),
        "leg_from": pa.array([_opens(leg) for _, leg in legs], pa.date32()),
        "leg_to": pa.array([_closes(leg) for _, leg in legs], pa.date32()),
        "lo": _floats(leg.lo for _, leg in legs),
        "hi": _floats(leg.hi for _, leg in legs),
        "share": _floats(leg.share for _, leg in legs),
        "largest": pa.array([leg.context.largest for _, leg in legs], pa.float64()),
    }
    if species is not None:
        columns["gas"] = pa.array(species, pa.string())
        masses: list[Mapping[str, float]] = [
            {"co2_mg": float(leg.multipliers.species[gas])}
            for (_, leg), gas in zip(legs, species, strict=True)
        ]
    else:
        masses = [leg.multipliers.rounded for _, leg in legs]
    stated = {name for of_leg in masses for name in of_leg}
    zeros = pa.array(np.zeros(len(legs)))
    for mass in MASSES:
        values = [of_leg.get(mass, 0.0) for of_leg in masses] if mass in stated else None
        columns[f"k_{mass}"] = zeros if values is None else pa.array(values, pa.float64())
    heaviest = [max(map(abs, of_leg.values()), default=0.0) for of_leg in masses]
    columns["heaviest"] = pa.array(heaviest, pa.float64())
    return pa.table(columns)


def spans_table(spans: pa.Table, legs: pa.Table, elapsed: Elapsed) -> pa.Table:
    """Work out the elapsed shares of row spans that cross the dates of legs.

    Parameters
    ----------
    spans : table
        Distinct `profile, begin, end` of rows.
    legs : table
        `leg_from, leg_to`.
    elapsed : callable
        (profile, begin, end, day) → share of a row's time that has passed by the day. [-]

    Returns
    -------
    table
        `profile, begin, end, leg_from, leg_to, t0, t1`. [-]

    """
    dated = legs.group_by(["leg_from", "leg_to"]).aggregate([])
    pieces = sorted(zip(*(dated[c].to_pylist() for c in ("leg_from", "leg_to")), strict=True))
    rows = [
        (row["profile"], row["begin"], row["end"], first, last)
        for row in spans.to_pylist()
        for first, last in pieces
        if row["begin"] < last
        and row["end"] > first
        and not first <= row["begin"] < row["end"] <= last
    ]
    days = (pa.string(), pa.date32(), pa.date32(), pa.date32(), pa.date32())
    names = ("profile", "begin", "end", "leg_from", "leg_to")
    columns = {
        name: pa.array([row[place] for row in rows], kind)
        for place, (name, kind) in enumerate(zip(names, days, strict=True))
    }
    columns["t0"] = _floats(elapsed(p, b, e, max(b, first)) for p, b, e, first, _ in rows)
    columns["t1"] = _floats(elapsed(p, b, e, min(e, last)) for p, b, e, _, last in rows)
    return pa.table(columns)


def parts_needed(legs: pa.Table) -> int:
    """Return the largest number of parts that a row must be divided into; 1 = none.

    `legs` states the `heaviest` multiplier of each leg and the `largest` amount of its rows.
    """
    worst = pc.max(pc.multiply(legs["largest"], legs["heaviest"])).as_py() or 0.0
    return max(1, -int(-worst // PART_LIMIT_MG))


def parts_table(largest: int) -> pa.Table:
    """List the parts of every possible division: 1 → 0; 2 → 0, 1; … up to `largest`.

    Raises
    ------
    ValueError
        If a row would need more than `MOST_PARTS` parts (10 Gt).

    """
    if largest > MOST_PARTS:
        raise ValueError(f"a row weighs more than {MOST_PARTS * PART_LIMIT_MG / 1e18:g} Gt")
    counts = np.arange(1, largest + 1 if largest > 1 else 1, dtype=np.int64)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    part = np.arange(counts.sum(), dtype=np.int64) - starts
    return pa.table(
        {"parts": pa.array(np.repeat(counts, counts)), "part": pa.array(part.astype(np.int32))}
    )


def _context_columns(contexts: Sequence[Context]) -> dict[str, pa.Array]:
    return {name: pa.array(_values(contexts, name), pa.string()) for name in CONTEXT_COLUMNS}


def _values(contexts: Sequence[Context], name: str) -> list[str]:
    if name == "inputs":
        return [",".join(sorted(context.inputs)) for context in contexts]
    return [getattr(context, name) for context in contexts]


def _opens(leg: Leg) -> date:
    """Return the day from which a leg takes rows: any, where no row of its context is earlier."""
    return leg.begin if leg.context.begin < leg.begin else date.min


def _closes(leg: Leg) -> date:
    return leg.end if leg.end < leg.context.end else date.max


def _floats(values: Iterable[Fraction]) -> pa.Array:
    return pa.array([float(value) for value in values], pa.float64())
