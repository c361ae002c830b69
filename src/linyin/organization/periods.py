"""Half-open periods of whole days, and how people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import ClassVar, Final, Literal

__all__ = ["FiscalCalendar", "Period", "PeriodError", "parse_date", "parse_period"]

ALLOWED_DATES: Final = "2023-05-31, 2023/5/31, 2023.05.31, 2023年5月31日"
ALLOWED_PERIODS: Final = (
    "2023, 2023-H1, 2023-Q1, 2023-05, 2023-05-31, 2023/5, 2023.05, 202305, 2023年5月, "
    "FY2023, FY2023-Q1"
)


class PeriodError(ValueError):
    """A date or period that cannot be read, or that ends before it begins.

    Attributes
    ----------
    value
        What was given.
    expected
        What could have been given instead.

    """

    def __init__(self, value: str, expected: str) -> None:
        self.value = value
        self.expected = expected
        super().__init__(f"{value!r}: expected {expected}")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole days from `begin` up to, and without, `end`.

    Raises
    ------
    PeriodError
        If it has no day.

    """

    begin: date
    end: date

    always: ClassVar[Period]

    def __post_init__(self) -> None:
        if self.begin >= self.end:
            raise PeriodError(f"{self.begin}..{self.end}", "an end after the begin")

    @classmethod
    def between(cls, begin: date | None, end: date | None) -> Period:
        """Return the period with open ends where a date is None."""
        return cls(begin or date.min, end or date.max)

    @classmethod
    def year(cls, year: int) -> Period:
        """Return a calendar year."""
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """Return a calendar month."""
        first = date(year, month, 1)
        return cls(first, _plus_months(first, 1))

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.begin).days

    @property
    def last(self) -> date:
        """Last day inside."""
        return self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.begin <= day < self.end

    def __str__(self) -> str:
        return f"{self.begin.isoformat()}..{self.end.isoformat()}"

    def covers(self, other: Period) -> bool:
        """Whether every day of `other` is inside."""
        return self.begin <= other.begin and other.end <= self.end

    def overlap(self, other: Period) -> Period | None:
        """Return the days that both have, or None."""
        begin, end = max(self.begin, other.begin), min(self.end, other.end)
        return Period(begin, end) if begin < end else None

    def cut(self, at: Iterable[date]) -> list[Period]:
        """Return the pieces between those dates that fall inside; together they are the whole."""
        inner = {day for day in at if self.begin < day < self.end}
        return [Period(a, b) for a, b in pairwise(sorted({self.begin, *inner, self.end}))]

    def years(self) -> list[Period]:
        """Return the pieces cut at the first days of calendar years."""
        return self.cut(date(y, 1, 1) for y in range(self.begin.year + 1, self.end.year + 1))

    def months(self) -> list[Period]:
        """Return the pieces cut at the first days of calendar months."""
        return self.cut(self._first_days_of_months())

    def gaps(self, covered: Iterable[Period]) -> list[Period]:
        """Return the stretches of days that none of `covered` has, in order."""
        found: list[Period] = []
        reached = self.begin
        for span in sorted(covered):
            if span.begin >= self.end:
                break
            if span.begin > reached:
                found.append(Period(reached, span.begin))
            reached = max(reached, span.end)
        if reached < self.end:
            found.append(Period(reached, self.end))
        return found

    def _first_days_of_months(self) -> Iterator[date]:
        day = self.begin.replace(day=1)
        while day < self.end and (day.year, day.month) != (date.max.year, 12):
            day = _plus_months(day, 1)
            yield day


Period.always = Period(date.min, date.max)


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """When the fiscal year begins, and which calendar year names it.

    Attributes
    ----------
    month, day
        First day of the fiscal year; the day is at most 28, so that it exists in every month.
    named_by
        `end`: FY2023 is the fiscal year whose last day lies in 2023; `begin`: whose first day does.

    Raises
    ------
    PeriodError
        If month and day are not such a first day.

    """

    month: int = 1
    day: int = 1
    named_by: Literal["begin", "end"] = "end"

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.day <= 28):
            raise PeriodError(f"{self.month:02}-{self.day:02}", "a month 1..12 and a day 1..28")
        if self.named_by not in ("begin", "end"):
            raise PeriodError(str(self.named_by), "begin or end")

    def year(self, year: int) -> Period:
        """Return the fiscal year of that name."""
        spans_two = (self.month, self.day) != (1, 1)
        first = year - 1 if spans_two and self.named_by == "end" else year
        begin = date(first, self.month, self.day)
        return Period(begin, begin.replace(year=first + 1))


CALENDAR_YEARS: Final = FiscalCalendar()

_NUMBER = r"(?P<year>[0-9]{4})"
_DAY_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        rf"{_NUMBER}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})",
        rf"{_NUMBER}/(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}})",
        rf"{_NUMBER}\.(?P<month>[0-9]{{1,2}})\.(?P<day>[0-9]{{1,2}})",
        rf"{_NUMBER}年(?P<month>[0-9]{{1,2}})月(?P<day>[0-9]{{1,2}})[日号]",
    )
)
# A dotted month has two digits: a spreadsheet shows the number 2023.10 as 2023.1.
_MONTH_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        rf"{_NUMBER}-(?P<month>[0-9]{{2}})",
        rf"{_NUMBER}/(?P<month>[0-9]{{1,2}})",
        rf"{_NUMBER}\.(?P<month>[0-9]{{2}})",
        rf"{_NUMBER}年(?P<month>[0-9]{{1,2}})月份?",
        r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})",
    )
)
_YEAR_FORM: Final = re.compile(
    rf"(?P<fiscal>FY)?{_NUMBER}年?(?:-?(?P<part>Q[1-4]|H[12])|(?P<zh>第?[1-4一二三四]季度|[上下]半年))?"
)
_ZH_PARTS: Final = {
    **{f"{n}季度": f"Q{i}" for i, n in enumerate("1234", start=1)},
    **{f"{n}季度": f"Q{i}" for i, n in enumerate("一二三四", start=1)},
    "上半年": "H1",
    "下半年": "H2",
}


def parse_date(text: str) -> date:
    """Read one day: strict ISO 8601, or year/month/day with slashes, dots or 年月日.

    Raises
    ------
    PeriodError
        If it is written otherwise or the calendar has no such day.

    """
    cleaned = _clean(text)
    for form in _DAY_FORMS:
        if match := form.fullmatch(cleaned):
            return _day(text, match, int(match["day"]))
    raise PeriodError(text, ALLOWED_DATES)


def parse_period(text: str, calendar: FiscalCalendar = CALENDAR_YEARS) -> Period:
    """Read a year, half-year, quarter, month or day; `FY…` follows `calendar`.

    Parameters
    ----------
    text
        `2023`, `2023-H1`, `2023-Q1`, `2023-05`, `2023-05-31`, `2023/5`, `2023/5/31`, `2023.05`,
        `202305`, `2023年`, `2023年5月`, `2023年5月31日`, `2023年一季度`, `2023年上半年`, `FY2023`,
        `FY2023-Q1`.
    calendar
        First day and naming of fiscal years.

    Raises
    ------
    PeriodError
        If it is written otherwise or the calendar has no such day.

    """
    cleaned = _clean(text)
    if match := _YEAR_FORM.fullmatch(cleaned):
        return _part_of_year(text, match, calendar)
    try:
        for form in _MONTH_FORMS:
            if match := form.fullmatch(cleaned):
                first = _day(text, match, 1)
                return Period.month(first.year, first.month)
        first = parse_date(text)
        return Period(first, first + timedelta(days=1))
    except (ValueError, OverflowError) as error:
        raise PeriodError(text, ALLOWED_PERIODS) from error


def _clean(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().upper()


def _day(text: str, match: re.Match[str], day: int) -> date:
    try:
        return date(int(match["year"]), int(match["month"]), day)
    except ValueError as error:
        raise PeriodError(text, f"a day of the calendar ({error})") from error


def _part_of_year(text: str, match: re.Match[str], calendar: FiscalCalendar) -> Period:
    chosen = calendar if match["fiscal"] else CALENDAR_YEARS
    try:
        year = chosen.year(int(match["year"]))
    except ValueError as error:
        raise PeriodError(text, ALLOWED_PERIODS) from error
    part = match["part"] or (_ZH_PARTS[match["zh"].removeprefix("第")] if match["zh"] else "")
    if not part:
        return year
    length = 3 if part.startswith("Q") else 6
    begin = _plus_months(year.begin, length * (int(part[1]) - 1))
    return Period(begin, _plus_months(begin, length))


def _plus_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1)
