"""Booking: activities joined with legs become entries, in one expression for every engine.

    amount = quantity × Π multiplied inputs ÷ Π divided inputs
    M      = amount × multiplier of the leg
    [a, b) = the part of the row that the leg covers, as shares of its 100 %
    mass   = R(M·b) − R(M·a)        R = to whole milligrams, half away from zero

Neighbouring parts share their boundary, so that parts of a row add up to the row to the
milligram. Rows whose mass is too large for a float to hold every milligram are divided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw

__all__ = [
    "CONTEXT_COLUMNS",
    "ENTRY_COLUMNS",
    "MASSES",
    "PART_LIMIT_MG",
    "Booking",
    "amount",
    "book",
    "round_to_mg",
    "with_contexts",
]

type Frame = nw.LazyFrame[Any]

CONTEXT_COLUMNS: Final = (
    "site",
    "source_type",
    "item",
    "technology",
    "product",
    "relation",
    "method",
    "unit",
    "counterparty",
    "place",
    "flow",
    "inputs",
    "profile",
    "supply",
)
MASSES: Final = (
    "co2_mg",
    "co2_biogenic_mg",
    "co2_land_use_mg",
    "ch4_mg",
    "ch4_biogenic_mg",
    "n2o_mg",
    "hfc_mg",
    "pfc_mg",
    "sf6_mg",
    "nf3_mg",
    "undivided_mg",
    "co2e_mg",
)
ENTRY_COLUMNS: Final = (
    "source",
    "external_id",
    "revision",
    "part",
    "leg",
    "context",
    "booked_site",
    "entity",
    "line",
    "scope2_method",
    "role",
    "flow",
    "status",
    "begin",
    "end",
    "amount",
    "fraction",
    "share",
    *MASSES,
)
PART_LIMIT_MG: Final = 5e15


@dataclass(frozen=True, slots=True)
class Booking:
    """What is known of the legs before the rows are read; what is not needed is not computed.

    Attributes
    ----------
    multiplied, divided
        Input columns that the rows state, in the order of the calculation.
    masses
        Mass columns that some leg has; the others are zero.
    parts
        Whether some leg covers a part of a row only (of its time or of its supply).
    largest
        Largest number of parts that a row must be divided into (1 = none).
    keys
        Context columns that tell all contexts of the rows apart.

    """

    multiplied: Sequence[str] = ()
    divided: Sequence[str] = ()
    masses: Sequence[str] = MASSES
    parts: bool = True
    largest: int = 1
    keys: Sequence[str] = CONTEXT_COLUMNS


def with_contexts(activities: Frame) -> Frame:
    """Return activities with every context column; what rows of old lack was never stated: ''."""
    present = activities.collect_schema().names()
    absent = {name: nw.lit("") for name in CONTEXT_COLUMNS if name not in present}
    return activities.with_columns(**absent) if absent else activities


def amount(multiplied: Sequence[str], divided: Sequence[str]) -> nw.Expr:
    """Return the amount of a row: its quantity times and over its stated inputs."""
    product = nw.col("quantity")
    for column in multiplied:
        product = product * nw.col(column).fill_null(1.0)
    for column in divided:
        product = product / nw.col(column).fill_null(1.0)
    return product


def round_to_mg(mass: nw.Expr) -> nw.Expr:
    """Round to whole milligrams, half away from zero. [mg]"""
    return (
        nw.when(mass < 0)
        .then(-((0.5 - mass).floor()))
        .otherwise((mass + 0.5).floor())
        .cast(nw.Int64)
    )


def book(
    activities: Frame,
    legs: Frame,
    spans: Frame,
    parts: Frame,
    how: Booking,
    *,
    keep: Sequence[str] = ("run",),
) -> Frame:
    """Book every activity on the legs of its context.

    Parameters
    ----------
    activities : lazy frame
        Current activities: the context columns, `source, external_id, revision, status,
        begin, end` (half-open dates), `quantity` and the input columns.
    legs : lazy frame
        Context columns, `run, leg, context, booked_site, entity, line, scope2_method, role,
        leg_from, leg_to, lo, hi, share` and one multiplier a mass, `k_co2_mg` …
        [mg per unit of the amount, the reporter's share included].
    spans : lazy frame
        `profile, begin, end, leg_from, leg_to, t0, t1`: which share of a row's time a leg
        covers, for the rows that cross a leg's dates. [-]
    parts : lazy frame
        `parts, part`: 1 → 0; 2 → 0, 1; … up to `how.largest`.
    how : Booking
    keep : sequence of str
        Further columns of the legs to carry along.

    Returns
    -------
    lazy frame
        The kept columns and the entry columns.

    """
    told = ["flow"] if "flow" not in how.keys else []
    others = [name for name in CONTEXT_COLUMNS if name not in (*how.keys, *told)]
    amounts = activities.drop(*told).with_columns(amount=amount(how.multiplied, how.divided))
    rows = amounts.join(
        legs.drop(*others).rename({"share": "leg_share"}), on=list(how.keys), how="inner"
    )
    rows = rows.filter(nw.col("begin") < nw.col("leg_to"), nw.col("end") > nw.col("leg_from"))
    rows = _covered(rows, spans) if how.parts else rows.with_columns(a=nw.lit(0.0), b=nw.lit(1.0))
    rows = _divided(rows, parts) if how.largest > 1 else rows.with_columns(part=nw.lit(0))
    masses = {
        mass: _mass(f"k_{mass}", parts=how.parts) if mass in how.masses else _zero()
        for mass in MASSES
    }
    booked = rows.with_columns(
        fraction=nw.col("b") - nw.col("a"), share=nw.col("leg_share"), **masses
    )
    return booked.with_columns(nw.col("part").cast(nw.Int32)).select(*keep, *ENTRY_COLUMNS)


def _covered(rows: Frame, spans: Frame) -> Frame:
    keys = ["profile", "begin", "end", "leg_from", "leg_to"]
    timed = rows.join(spans, on=keys, how="left").with_columns(
        nw.col("t0").fill_null(0.0), nw.col("t1").fill_null(1.0)
    )
    return timed.with_columns(
        a=nw.col("t0") * (1.0 - nw.col("lo")) + nw.col("t1") * nw.col("lo"),
        b=nw.col("t0") * (1.0 - nw.col("hi")) + nw.col("t1") * nw.col("hi"),
    )


def _divided(rows: Frame, parts: Frame) -> Frame:
    heaviest = (nw.col("amount") * nw.col("heaviest")).abs()
    counted = rows.with_columns(
        parts=nw.max_horizontal((heaviest / PART_LIMIT_MG).ceil(), nw.lit(1.0)).cast(nw.Int64)
    )
    return counted.join(parts, on="parts", how="inner").with_columns(
        amount=nw.col("amount") / nw.col("parts")
    )


def _mass(multiplier: str, *, parts: bool) -> nw.Expr:
    mass = nw.col("amount") * nw.col(multiplier)
    if not parts:
        return round_to_mg(mass)
    return round_to_mg(mass * nw.col("b")) - round_to_mg(mass * nw.col("a"))


def _zero() -> nw.Expr:
    return nw.lit(0).cast(nw.Int64)
