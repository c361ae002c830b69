"""Which years the rows cover: a year without rows is no year without emissions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from linyin.inventory.folder import Folder
from linyin.lake import Finding, Where
from linyin.organization import FiscalCalendar, Period

__all__ = ["covers", "far_rows", "fullest_year", "left_out", "row_spans", "uncovered", "years_of"]

FILE: Final = "activities"
FULL: Final = 0.9
FEW: Final = 0.01
LISTED: Final = 10
ITEMS: Final = 3
_TOLD: Final = ("item", "unit", "quantity", "begin", "end", "_file", "_sheet", "_row")


def covers(folder: Folder, span: Period) -> bool:
    """Say whether a row of activities touches the span."""
    for _, prepared in folder.activities:
        begin, end = prepared.table["begin"], prepared.table["end"]
        touching = pc.and_(pc.less(begin, span.end), pc.greater(end, span.begin))
        if pc.any(touching, min_count=0).as_py():
            return True
    return False


def row_spans(folder: Folder) -> Counter[Period]:
    """Return the spans of the rows of activities, and how many rows have each."""
    spans: Counter[Period] = Counter()
    for _, prepared in folder.activities:
        counted = prepared.table.group_by(["begin", "end"]).aggregate([([], "count_all")])
        for begin, end, rows in zip(*counted.to_pydict().values(), strict=True):
            if begin and end and begin < end:
                spans[Period(begin, end)] += rows
    return spans


def years_of(spans: Iterable[Period], calendar: FiscalCalendar) -> tuple[int, ...]:
    """Return the years of a calendar that some span touches, in order."""
    found: set[int] = set()
    for span in spans:
        near = range(span.begin.year - 1, span.end.year + 2)
        found.update(year for year in near if calendar.year(year).overlap(span))
    return tuple(sorted(found))


def fullest_year(
    spans: Collection[Period], years: Iterable[int], calendar: FiscalCalendar
) -> int | None:
    """Return the latest year of which rows cover `FULL`, else the one that they cover most of."""

    def covered(year: int) -> float:
        whole = calendar.year(year)
        return 1 - sum(gap.days for gap in whole.gaps(spans)) / whole.days

    return max(years, key=lambda year: (min(covered(year), FULL), year), default=None)


def far_rows(folder: Folder, spans: Counter[Period], years: Sequence[int]) -> Iterator[Finding]:
    """Ask about the few rows of years that lie apart from those of the others.

    Years without a row between them are apart; of the groups that they make, one with less than
    `FEW` of the rows, or a single one, is asked about.
    """
    calendar = folder.config.calendar
    groups: list[list[int]] = []
    for year in years:
        if groups and year == groups[-1][-1] + 1:
            groups[-1].append(year)
        else:
            groups.append([year])
    if len(groups) < 2:
        return
    for group in groups:
        whole = Period(calendar.year(group[0]).begin, calendar.year(group[-1]).end)
        inside = [span for span in spans if span.overlap(whole)]
        rows = sum(spans[span] for span in inside)
        if rows > 1 and rows >= FEW * spans.total():
            continue
        others = ", ".join(str(year) for of in groups for year in of if of is not group)
        for at in islice(_places(folder, whole), LISTED):
            yield Finding("period-far", "question", at, {"rows": rows, "others": others})


def left_out(folder: Folder, spans: Collection[Period]) -> Iterator[Finding]:
    """Ask, once, about the rows of activities that touch none of the periods asked for."""
    tables = (_apart(prepared.table.select(_TOLD), spans) for _, prepared in folder.activities)
    outside = [table for table in tables if table.num_rows]
    if not outside:
        return
    rows = pa.concat_tables(outside)
    sums = rows.group_by(["item", "unit"]).aggregate([("quantity", "sum"), ([], "count_all")])
    most = sorted(sums.to_pylist(), key=lambda of: (-of["count_all"], of["item"], of["unit"]))
    told = [f"{of['item']} {of['quantity_sum']:,.6g} {of['unit']}" for of in most[:ITEMS]]
    fields = {
        "rows": rows.num_rows,
        "first": pc.min(rows["begin"]).as_py().isoformat(),
        "last": (pc.max(rows["end"]).as_py() - timedelta(days=1)).isoformat(),
        "quantities": "; ".join(told) + " …" * (len(most) > ITEMS),
    }
    (first,) = rows.slice(0, 1).to_pylist()
    at = Where(first["_file"], first["_sheet"], first["_row"], "period")
    yield Finding("rows-outside", "question", at, fields)


def _apart(table: pa.Table, spans: Iterable[Period]) -> pa.Table:
    for span in spans:
        before, after = (
            pc.less_equal(table["end"], span.begin),
            pc.greater_equal(table["begin"], span.end),
        )
        table = table.filter(pc.or_(before, after))
    return table


def _places(folder: Folder, whole: Period) -> Iterator[Where]:
    for _, prepared in folder.activities:
        table = prepared.table
        touching = pc.and_(
            pc.less(table["begin"], whole.end), pc.greater(table["end"], whole.begin)
        )
        for row in table.filter(touching).select(["_file", "_sheet", "_row"]).to_pylist():
            yield Where(row["_file"], row["_sheet"], row["_row"], "period")


def uncovered(folder: Folder, spans: Iterable[Period]) -> Iterator[Finding]:
    """Find the periods that no row of activities touches.

    Parameters
    ----------
    folder : Folder
    spans : iterable of Period

    Yields
    ------
    Finding
        `activities-none` once where there is no row at all; else `activities-outside` for each
        period, with the first and the last day that the rows cover.

    """
    if not any(prepared.table.num_rows for _, prepared in folder.activities):
        yield Finding("activities-none", "error", Where(FILE))
        return
    days = [
        (low, high)
        for _, prepared in folder.activities
        if (low := pc.min(prepared.table["begin"]).as_py())
        and (high := pc.max(prepared.table["end"]).as_py())
    ]
    if not days:
        return
    first, last = min(low for low, _ in days), max(high for _, high in days) - timedelta(days=1)
    for span in sorted(set(spans), key=lambda span: span.begin):
        if not covers(folder, span):
            fields = {
                "period": f"{span.begin} – {span.end - timedelta(days=1)}",
                "first": first.isoformat(),
                "last": last.isoformat(),
            }
            yield Finding("activities-outside", "error", Where(FILE), fields)
