"""Rows too heavy to be true: heavier than what rows are divided into."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import pyarrow as pa

from linyin.lake import Finding, Where
from linyin.ledger.book import PART_LIMIT_MG, amount
from linyin.ledger.booking import input_columns
from linyin.ledger.leg_tables import MOST_PARTS, contexts_table

if TYPE_CHECKING:
    from linyin.lake import Engine
    from linyin.ledger.contexts import Context
    from linyin.ledger.legs import Leg
    from linyin.ledger.runs import Run

__all__ = ["absurd_rows", "heaviest_of", "is_absurd"]

MOST_MG: Final = MOST_PARTS * PART_LIMIT_MG
LISTED: Final = 100


def heaviest_of(legs: Sequence[Leg]) -> float:
    """Return the largest mass per unit of an amount on any leg. [mg/unit]"""
    return max((leg.multipliers.heaviest for leg in legs), default=0.0)


def is_absurd(context: Context, heaviest: float) -> bool:
    """Whether the largest row of a context is heavier than what rows are divided into."""
    return context.largest * heaviest > MOST_MG


def absurd_rows(
    run: Run,
    contexts: Sequence[tuple[Context, float]],
    activities: nw.LazyFrame[Any],
    engine: Engine,
    keys: Sequence[str],
) -> list[Finding]:
    """Find the rows of a run that are too heavy, the heaviest of each context first.

    Parameters
    ----------
    run : Run
    contexts : sequence of (Context, float)
        Contexts with such a row, and their largest mass per unit of the amount. [mg/unit]
    activities : lazy frame
        With `_file, _sheet, _row`.
    engine : Engine
    keys : sequence of str
        Context columns that tell all contexts apart.

    Returns
    -------
    list of Finding
        An error at the quantity of each row, of the first `LISTED` of them.

    """
    if not contexts:
        return []
    heaviest = {context.context: mg for context, mg in contexts}
    table = contexts_table([context for context, _ in contexts]).select(["context", *keys])
    table = table.append_column("_mg", pa.array(heaviest.values(), pa.float64()))
    weighed = (
        activities.with_columns(_amount=amount(*input_columns(_columns(activities))).abs())
        .filter(nw.col("begin") < run.end, nw.col("end") > run.begin)
        .join(engine.frame(table), on=list(keys), how="inner")
        .with_columns(_weight=nw.col("_amount") * nw.col("_mg"))
        .filter(nw.col("_weight") > float(MOST_MG))
    )
    told = ("context", "_weight", "quantity", "unit", "item", "_file", "_sheet", "_row")
    rows = engine.collect(weighed.select(*told)).to_pylist()
    rows.sort(key=lambda r: (r["context"], -r["_weight"], r["_file"], r["_sheet"], r["_row"]))
    return [
        Finding(
            "quantity-absurd",
            "error",
            Where(row["_file"], row["_sheet"], row["_row"], "quantity"),
            {
                "item": row["item"],
                "quantity": f"{row['quantity']:.15g}",
                "unit": row["unit"],
                "mass_gt": Decimal(f"{row['_weight'] / 1e18:.1f}"),
            },
        )
        for row in rows[:LISTED]
    ]


def _columns(activities: nw.LazyFrame[Any]) -> set[str]:
    return set(activities.collect_schema().names())
