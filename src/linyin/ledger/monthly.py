"""Monthly series: rows of activities that belong together because they recur month by month.

A row of a whole month whose external id ends in its own month (`HEYUAN-P1-2024-10`) belongs to the
series of the rest of its id (`HEYUAN-P1`). Any other row of a whole month belongs to the series of
what it states: source type, item, technology, relation, method, counterparty, place, unit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from linyin.ledger.contexts import inputs
from linyin.ledger.faults import LedgerError
from linyin.ledger.units import convert, parse

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = [
    "STATED",
    "Activities",
    "MonthlyRow",
    "Series",
    "all_series",
    "deviation",
    "find_series",
    "in_unit",
    "last_month",
    "later_month",
    "months_between",
    "named_by",
    "rows_of_months",
    "rows_of_series",
    "series_by_month",
    "standing_of_rows",
    "whole_rows",
]

STATED: Final = (
    "source_type", "item", "technology", "relation", "method", "counterparty", "place", "unit",
)  # fmt: skip
_OWN_MONTH: Final = r"^(.+?)[-_./ ]?(\d{4})[-_./]?(\d{2})$"
_MONTHLY: Final = """
    SELECT *, CASE
        WHEN own.year || '-' || own.month = strftime(begin, '%Y-%m') THEN own.rest
        ELSE '=' || concat_ws('/', {stated})
    END AS series
    FROM (
        SELECT *, regexp_extract(external_id, '{own}', ['rest', 'year', 'month']) AS own
        FROM ({rows})
        WHERE kind = 'normal' AND day(begin) = 1 AND "end" = begin + INTERVAL 1 MONTH
    )
"""
_READ: Final = (
    "series", "source", "external_id", "begin", "quantity", "unit", "status", "evidence_file",
    "evidence_sha256", "_revision", "_reason", "_recorded_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Activities:
    """Current rows of activities that can be asked.

    Attributes
    ----------
    connection
        To DuckDB.
    rows
        Query of the rows, with the columns of the lake's table.

    """

    connection: duckdb.DuckDBPyConnection
    rows: str

    @property
    def columns(self) -> list[str]:
        """Names of their columns."""
        return self.connection.sql(self.rows).columns

    @property
    def monthly(self) -> str:
        """Query of the rows of whole months, each with the name of its series."""
        stated = ", ".join(f"coalesce({name}, '')" for name in STATED)
        return _MONTHLY.format(stated=stated, own=_OWN_MONTH, rows=self.rows)

    def fetch(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """Return what a query finds."""
        table: pa.Table = self.connection.sql(query, params=values).to_arrow_table()
        rows: list[dict[str, Any]] = table.to_pylist()
        return rows


@dataclass(frozen=True, slots=True)
class MonthlyRow:
    """The current row of a month.

    Attributes
    ----------
    begin
        First day of its month.
    quantity
        In `unit`.
    revision
        How many times it was delivered anew, counted from 1.

    """

    series: str
    source: str
    external_id: str
    begin: date
    quantity: float | None
    unit: str
    status: str
    evidence_file: str
    evidence_sha256: str
    revision: int
    reason: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Series:
    """A series of a site, as its latest row states it.

    Attributes
    ----------
    name
        What its rows have in common; begins with `=` where their ids do not say it.
    first, last
        First days of its first and last month.
    months
        How many months it has rows of.
    stated
        Column → text of the latest row, with `status`, `description` and `profile`.
    inputs
        Named input → value in its canonical unit.

    """

    site: str
    name: str
    first: date
    last: date
    months: int
    stated: dict[str, str]
    inputs: dict[str, float]


def find_series(activities: Activities, fewest_months: int = 3) -> list[Series]:
    """Return the series of all sites, those of few months left out, by site and name."""
    named = sorted(set(activities.columns) & inputs().keys())
    last = ", ".join(
        f'arg_max("{name}", begin) AS "{name}"'
        for name in (*STATED, "status", "description", "profile", *named)
    )
    rows = activities.fetch(
        f"SELECT site, series, min(begin) AS first, max(begin) AS last, "
        f"count(DISTINCT begin) AS months, {last} FROM ({activities.monthly}) "
        f"GROUP BY site, series HAVING count(DISTINCT begin) >= $fewest ORDER BY site, series",
        fewest=fewest_months,
    )
    return [
        Series(
            site=row["site"],
            name=row["series"],
            first=row["first"],
            last=row["last"],
            months=row["months"],
            stated={n: row[n] or "" for n in (*STATED, "status", "description", "profile")},
            inputs={n: row[n] for n in named if row[n] is not None},
        )
        for row in rows
    ]


def last_month(activities: Activities) -> date | None:
    """Return the first day of the last month that has a row, None if there is no row."""
    (row,) = activities.fetch(f"SELECT max(begin) AS last FROM ({activities.monthly})")
    last: date | None = row["last"]
    return last


def rows_of_months(activities: Activities, site: str, begin: date, end: date) -> list[MonthlyRow]:
    """Return the current rows of a site's months that begin in [begin, end)."""
    rows = activities.fetch(
        f"SELECT {', '.join(_READ)} FROM ({activities.monthly}) "
        "WHERE site = $site AND begin >= $begin AND begin < $end ORDER BY begin, external_id",
        site=site, begin=begin, end=end,
    )  # fmt: skip
    return [
        MonthlyRow(
            series=row["series"],
            source=row["source"],
            external_id=row["external_id"],
            begin=row["begin"],
            quantity=row["quantity"],
            unit=row["unit"] or "",
            status=row["status"] or "",
            evidence_file=row["evidence_file"] or "",
            evidence_sha256=row["evidence_sha256"] or "",
            revision=row["_revision"],
            reason=row["_reason"] or "",
            recorded_at=row["_recorded_at"],
        )
        for row in rows
    ]


def rows_of_series(
    activities: Activities, site: str, names: Collection[str]
) -> list[dict[str, Any]]:
    """Return the current rows of a site's series with all their columns, by month."""
    return activities.fetch(
        f"SELECT * EXCLUDE (own, series) FROM ({activities.monthly}) "
        "WHERE site = $site AND list_contains($names, series) ORDER BY begin, external_id",
        site=site, names=sorted(names),
    )  # fmt: skip


def named_by(stated: Mapping[str, str]) -> str:
    """Return the name of the series of rows whose ids say nothing, by what they state."""
    return "=" + "/".join(stated[name] for name in STATED)


def whole_rows(
    activities: Activities, keys: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Any]:
    """Return the current rows of (source, external id) with all columns that users write."""
    if not keys:
        return {}
    rows = activities.fetch(
        f"SELECT * FROM ({activities.rows}) WHERE (source, external_id) IN "
        "(SELECT (unnest($sources), unnest($ids)))",
        sources=[source for source, _ in keys],
        ids=[external_id for _, external_id in keys],
    )
    return {(row["source"], row["external_id"]): row for row in rows}


def series_by_month(activities: Activities, begin: date, end: date) -> list[tuple[str, str, date]]:
    """Return site, series and month of every row whose month begins in [begin, end)."""
    rows = activities.fetch(
        f"SELECT DISTINCT site, series, begin FROM ({activities.monthly}) "
        "WHERE begin >= $begin AND begin < $end",
        begin=begin, end=end,
    )  # fmt: skip
    return [(row["site"], row["series"], row["begin"]) for row in rows]


def standing_of_rows(
    activities: Activities, begin: date, end: date
) -> list[tuple[str, int, int, int]]:
    """Return of every site: rows that begin in [begin, end), estimated ones, ones with evidence."""
    rows = activities.fetch(
        "SELECT site, count(*) AS rows, "
        "count(*) FILTER (status IN ('estimated', 'default')) AS estimated, "
        "count(*) FILTER (coalesce(evidence_sha256, '') <> '') AS proven "
        f"FROM ({activities.rows}) WHERE begin >= $begin AND begin < $end GROUP BY site",
        begin=begin, end=end,
    )  # fmt: skip
    return [(row["site"], row["rows"], row["estimated"], row["proven"]) for row in rows]


def all_series(activities: Activities) -> list[tuple[str, str]]:
    """Return site and name of every series that has a row of any month."""
    rows = activities.fetch(f"SELECT DISTINCT site, series FROM ({activities.monthly})")
    return [(row["site"], row["series"]) for row in rows]


def deviation(value: float, before: float | None) -> float | None:
    """Return how far a value is from an earlier one, as a fraction of that: 0.3 = 30 % more.

    None without an earlier value. From zero to anything is infinite.
    """
    if before is None:
        return None
    if before == 0:
        return 0.0 if value == 0 else float("inf")
    return (value - before) / abs(before)


def in_unit(quantity: float, unit: str, wanted: str) -> float | None:
    """Return a quantity in another unit, None if the two measure different things."""
    if unit == wanted:
        return quantity
    try:
        return float(convert(Fraction(repr(quantity)), _parsed(unit), _parsed(wanted)))
    except LedgerError:
        return None


def later_month(month: date, months: int = 1) -> date:
    """Return the first day of the month so many months later (earlier, if negative)."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def months_between(begin: date, end: date) -> Iterable[date]:
    """Yield the first days of the months that begin in [begin, end), from that of `begin`."""
    month = begin.replace(day=1)
    while month < end:
        yield month
        month = later_month(month)


@cache
def _parsed(unit: str) -> Any:
    return parse(unit)
