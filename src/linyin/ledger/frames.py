"""The ledger on frames of any kind: pandas, polars, pyarrow, DuckDB, Spark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from linyin.lake import frame_to_arrow, lift_frame
from linyin.ledger.book import CONTEXT_COLUMNS, MASSES, amount, with_contexts
from linyin.ledger.booking import book_legs, input_columns
from linyin.ledger.leg_tables import Elapsed

__all__ = ["book_frame", "elapsed_by_days"]

_NEEDED = ("leg", "context", "booked_site", "line", "leg_from", "leg_to", "lo", "hi")
_TYPES = {
    "leg": pa.int32(), "context": pa.int32(), "leg_from": pa.date32(), "leg_to": pa.date32(),
    "lo": pa.float64(), "hi": pa.float64(), "share": pa.float64(),
}  # fmt: skip


def elapsed_by_days(_profile: str, begin: date, end: date, day: date) -> Fraction:
    """Return the share of a row's days that has passed by a day, every day alike. [-]"""
    inside = min(max(day, begin), end)
    return Fraction((inside - begin).days, (end - begin).days)


def book_frame(
    activities: Any,
    legs: Any,
    *,
    elapsed: Elapsed = elapsed_by_days,
    keep: Sequence[str] = (),
) -> Any:
    """Book activities on resolved legs: one row for each activity, leg and part.

    Parameters
    ----------
    activities : frame
        pandas, polars, pyarrow, DuckDB or Spark: the context columns (those that are missing
        count as ''), `source, external_id, revision, status, begin, end` (half-open days),
        `quantity` and the columns of named inputs.
    legs : frame of any kind
        A bundle's `legs` joined with its `contexts`: the context columns, `leg, context,
        booked_site, entity, line, scope2_method, role, leg_from, leg_to, lo, hi, share` and
        multipliers `k_co2_mg` … `k_co2e_mg`; those that are missing are zero.
        [mg per unit of the amount]
    elapsed : callable
        (profile, begin, end, day) → share of a row's time that has passed by the day. [-]
    keep : sequence of str
        Further columns of the legs to carry along.

    Returns
    -------
    frame
        Of the kind of `activities`: the kept columns and the entry columns; masses in whole
        milligrams, rounded half away from zero. DuckDB and Spark frames are lazy.

    Raises
    ------
    TypeError
        If a frame is of no known kind.
    ValueError
        If a column that is needed is missing, or a row weighs more than 10 Gt.

    """
    lazy, home = lift_frame(activities)
    rows = _rows(lazy)
    table = _legs(frame_to_arrow(legs))
    multiplied, divided = input_columns(lazy.collect_schema().names())
    largest = home.collect(rows.select(amount(multiplied, divided).abs().max().alias("largest")))
    worst = largest["largest"][0].as_py() or 0.0
    table = table.append_column("largest", pa.array([worst] * len(table), pa.float64()))
    return home.lower(book_legs(rows, table, home, elapsed, keep=keep))


def _rows(lazy: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    names = lazy.collect_schema().names()
    needed = ("source", "external_id", "status", "begin", "end", "quantity")
    if missing := [name for name in needed if name not in names]:
        raise ValueError(f"the activities lack {', '.join(missing)}")
    first = {} if "revision" in names else {"revision": nw.lit(1).cast(nw.Int32)}
    dated = lazy.with_columns(nw.col("begin").cast(nw.Date), nw.col("end").cast(nw.Date))
    return with_contexts(dated.with_columns(nw.col("quantity").cast(nw.Float64), **first))


def _legs(table: pa.Table) -> pa.Table:
    if missing := [name for name in _NEEDED if name not in table.column_names]:
        raise ValueError(f"the legs lack {', '.join(missing)}")
    columns = {name: table[name] for name in table.column_names}
    for name in (*CONTEXT_COLUMNS, "entity", "scope2_method", "role"):
        columns.setdefault(name, pa.array([""] * len(table), pa.string()))
    columns.setdefault("share", pa.array([1.0] * len(table)))
    for name, kind in _TYPES.items():
        columns[name] = columns[name].cast(kind)
    zeros = pa.array([0.0] * len(table), pa.float64())
    heaviest = zeros
    for mass in MASSES:
        columns[f"k_{mass}"] = columns.get(f"k_{mass}", zeros).cast(pa.float64())
        heaviest = pc.max_element_wise(heaviest, pc.abs(columns[f"k_{mass}"]))
    columns["heaviest"] = heaviest
    return pa.table(columns)
