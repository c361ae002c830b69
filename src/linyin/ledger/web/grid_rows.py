"""The monthly rows of activities for pages, read once for every version of the lake's table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import lru_cache

from django.utils.timezone import localdate

from linyin.ledger.monthly import (
    Activities,
    MonthlyRow,
    all_series,
    last_month,
    later_month,
    rows_of_months,
    series_by_month,
    standing_of_rows,
)
from linyin.platform.derived import current_activities
from linyin.platform.reading import reading

__all__ = [
    "activities_now",
    "rows_of_years",
    "series_of_all_years",
    "series_of_year",
    "standing_of_year",
    "year_to_enter",
]


@contextmanager
def activities_now() -> Iterator[Activities | None]:
    """Give the current rows of activities, None while none was ever posted."""
    file = current_activities()
    if file is None:
        yield None
        return
    with _opened(str(file)) as activities:
        yield activities


def rows_of_years(site: str, year: int) -> tuple[MonthlyRow, ...]:
    """Return the rows of a site's months of a year and of the year before."""
    file = current_activities()
    return () if file is None else _rows(str(file), site, year)


def series_of_year(year: int) -> frozenset[tuple[str, str, date]]:
    """Return (site, series, month) of all rows of a year."""
    file = current_activities()
    return frozenset() if file is None else _series(str(file), year)


def standing_of_year(year: int) -> Mapping[str, tuple[int, int, int]]:
    """Return site → rows of a year, how many are estimated, how many have evidence."""
    file = current_activities()
    return {} if file is None else _standing(str(file), year)


def series_of_all_years() -> frozenset[tuple[str, str]]:
    """Return (site, series) of all rows that were ever posted."""
    with activities_now() as activities:
        return frozenset() if activities is None else frozenset(all_series(activities))


def year_to_enter() -> int:
    """Return the year of the month after the last that was posted, at most this year."""
    file, today = current_activities(), localdate()
    last = None if file is None else _last_month(str(file))
    return today.year if last is None else min(later_month(last).year, today.year)


@contextmanager
def _opened(file: str) -> Iterator[Activities]:
    quoted = file.replace("'", "''")
    with reading() as connection:
        yield Activities(connection, f"SELECT * FROM read_parquet('{quoted}')")


# The name of the file changes with every version of the table, so what is read of it stays true.
@lru_cache(maxsize=128)
def _rows(file: str, site: str, year: int) -> tuple[MonthlyRow, ...]:
    with _opened(file) as activities:
        found = rows_of_months(activities, site, date(year - 1, 1, 1), date(year + 1, 1, 1))
    return tuple(found)


@lru_cache(maxsize=8)
def _series(file: str, year: int) -> frozenset[tuple[str, str, date]]:
    with _opened(file) as activities:
        return frozenset(series_by_month(activities, date(year, 1, 1), date(year + 1, 1, 1)))


@lru_cache(maxsize=8)
def _standing(file: str, year: int) -> Mapping[str, tuple[int, int, int]]:
    with _opened(file) as activities:
        found = standing_of_rows(activities, date(year, 1, 1), date(year + 1, 1, 1))
    return {site: (rows, estimated, proven) for site, rows, estimated, proven in found}


@lru_cache(maxsize=4)
def _last_month(file: str) -> date | None:
    with _opened(file) as activities:
        return last_month(activities)
