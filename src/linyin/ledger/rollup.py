"""Roll-ups: exact sums of entries that never mix what must not be added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import narwhals as nw

from linyin.lake import lift_frame
from linyin.ledger.book import MASSES

__all__ = ["rollup"]

SCOPE2_METHODS: Final = ("location", "market")


def rollup(
    entries: Any,
    by: Sequence[str] = (),
    *,
    scope2_method: Literal["location", "market"] | None = None,
    flow: Literal["emission", "removal"] = "emission",
    role: str = "reported",
    masses: Sequence[str] = MASSES,
) -> Any:
    """Add up the masses of entries, exactly and in any order of rows.

    Parameters
    ----------
    entries : frame
        pandas, polars, pyarrow, DuckDB or Spark: the columns of `by`, `line`, `scope2_method`,
        `flow`, `role` and the masses.
    by : sequence of str
        Columns to group by; none = one row for all.
    scope2_method : {'location', 'market'}, optional
        Which of the two figures of scope 2 to take beside all other lines. Needed unless
        entries are grouped by `scope2_method` or hold no more than one of the two.
    flow : {'emission', 'removal'}
        Removals are never netted, so only one of the two is added up.
    role : str
        `reported`, or `alternative`, `eliminated`, `memo` on their own.
    masses : sequence of str
        Mass columns to add up.

    Returns
    -------
    frame
        Of the kind that was given: `by` and the sums as decimal(38, 0). [mg]

    Raises
    ------
    ValueError
        If a sum would hold scope 2 by location and by market, if `scope2_method` is neither, or
        if entries lack a column.

    References
    ----------
    .. [1] GHG Protocol Scope 2 Guidance (2015), 7.1: two totals, never added.

    """
    if scope2_method is not None and scope2_method not in SCOPE2_METHODS:
        raise ValueError(f"scope2_method is {scope2_method!r}; write location or market")
    lazy, home = lift_frame(entries)
    _require(lazy, {*by, "scope2_method", "flow", "role", *masses})
    rows = lazy.filter(nw.col("flow") == flow, nw.col("role") == role)
    if scope2_method is not None:
        rows = rows.filter(nw.col("scope2_method").is_in(["", scope2_method]))
    elif "scope2_method" not in by:
        _refuse_both(home.collect(rows.select("scope2_method").unique())["scope2_method"])
    sums = [nw.col(mass).cast(nw.Decimal(38, 0)).sum() for mass in masses]
    totals = rows.group_by(*by).agg(*sums).sort(*by) if by else rows.select(*sums)
    return home.lower(totals)


def _require(lazy: nw.LazyFrame[Any], columns: set[str]) -> None:
    missing = sorted(columns - set(lazy.collect_schema().names()))
    if missing:
        raise ValueError(f"the entries lack {', '.join(missing)}")


def _refuse_both(found: Any) -> None:
    if set(SCOPE2_METHODS) <= set(found.to_pylist()):
        raise ValueError(
            "the entries hold scope 2 by location and by market, which are never added: name a "
            "scope2_method or group by it"
        )
