"""Series become rows: years cut by season, months cut into meters, orders, shipments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Final

from linyin.demo.splitting import Noise, equal_parts, weighted_parts
from linyin.demo.tables import YEARS, Series, read

__all__ = ["Row", "rows_of"]

type Row = dict[str, str]
type Documents = Callable[[str, str, Row], None]

_SWING: Final = 60
"""Months differ from their season by up to ± half of this, in thousandths."""


def rows_of(
    series: Iterable[Series], *, scale: int, seed: int, document: Documents
) -> Iterator[Row]:
    """Yield the rows of activities of some series.

    Parameters
    ----------
    series : iterable of Series
    scale : int
        Rows into which each month or quarter is cut; yearly rows stay whole. Parts of nothing
        (a twelfth of a unit sold) are left out.
    seed : int
    document : callable
        Told series, period and row, once for each period; may add evidence to the row.

    Yields
    ------
    Row
        Column → text. The quantities of a series and year sum to the input table's.

    """
    for one in series:
        odd = _irregular().get(one.series, {})
        for year in YEARS:
            for period, steps in _periods(one, year, seed):
                kind = odd.get(period)
                if kind is None or kind["kind"] != "missing":
                    rows = _of_period(one, year, period, steps, scale, seed)
                    yield from _told(rows, one, period, kind, document)


def _periods(one: Series, year: int, seed: int) -> Iterator[tuple[str, int]]:
    total = one.totals[year].scaleb(one.decimals)
    if total != total.to_integral_value():
        raise ValueError(f"{one.series} {year}: more than {one.decimals} decimals")
    steps = int(total)
    if one.frequency == "year":
        yield str(year), steps
        return
    noise = Noise(seed, f"{one.series}/{year}")
    season = _seasons()[one.season]
    months = weighted_parts(
        steps, [weight * (1000 - _SWING // 2 + noise.below(_SWING)) for weight in season]
    )
    if one.frequency == "quarter":
        for quarter in range(4):
            yield f"{year}-Q{quarter + 1}", sum(months[3 * quarter : 3 * quarter + 3])
        return
    for month, part in enumerate(months, 1):
        yield f"{year}-{month:02}", part


def _of_period(
    one: Series, year: int, period: str, steps: int, scale: int, seed: int
) -> Iterator[Row]:
    shared = {**one.cells, **one.inputs.get(year, {}), "period": period}
    name = f"{one.series}-{period}"
    if scale == 1 or one.frequency == "year":
        if steps or one.frequency == "year":
            yield {**shared, "external_id": name, "quantity": _shown(steps, one.decimals)}
        return
    parts = equal_parts(steps, scale, Noise(seed, name))
    for number, part in enumerate(parts, 1):
        if part:
            yield {
                **shared,
                "external_id": f"{name}-{number:05}",
                "quantity": _shown(part, one.decimals),
            }


def _told(
    rows: Iterator[Row],
    one: Series,
    period: str,
    odd: Mapping[str, str] | None,
    document: Documents,
) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number == 0:
            document(one.series, period, row)
            if odd is not None and odd["kind"] == "reversal":
                yield from _reversed(row, odd["reason"])
        if odd is not None and odd["kind"] == "estimated":
            row |= {"status": "estimated", "description": odd["reason"]}
        yield row


def _reversed(row: Row, reason: str) -> Iterator[Row]:
    """Yield the same row once too often, and its reversal."""
    twice = {**row, "external_id": f"{row['external_id']}-TWICE"}
    yield twice
    yield {
        **twice,
        "external_id": f"{row['external_id']}-REVERSAL",
        "quantity": f"-{row['quantity']}",
        "kind": "reversal",
        "reason": reason,
    }


def _shown(steps: int, decimals: int) -> str:
    return format(Decimal(steps).scaleb(-decimals), "f")


@cache
def _seasons() -> Mapping[str, list[int]]:
    months = [f"m{month:02}" for month in range(1, 13)]
    return {row["season"]: [int(row[month]) for month in months] for row in read("seasons")}


@cache
def _irregular() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    by_series: dict[str, dict[str, Mapping[str, str]]] = {}
    for row in read("irregularities"):
        by_series.setdefault(row["series"], {})[row["period"]] = row
    return by_series
