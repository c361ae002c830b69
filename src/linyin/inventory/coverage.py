"""Whether there is anything to report: a year without rows is no year without emissions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

import pyarrow.compute as pc

from linyin.inventory.folder import Folder
from linyin.lake import Finding, Where
from linyin.organization import Period

__all__ = ["covers", "uncovered"]

FILE: Final = "activities"


def covers(folder: Folder, span: Period) -> bool:
    """Say whether a row of activities touches the span."""
    for _, prepared in folder.activities:
        begin, end = prepared.table["begin"], prepared.table["end"]
        touching = pc.and_(pc.less(begin, span.end), pc.greater(end, span.begin))
        if pc.any(touching, min_count=0).as_py():
            return True
    return False


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
