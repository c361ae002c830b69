"""A day as people write it: read when it can mean one day only."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from linyin.lake.numbers import Problem

__all__ = ["read_boolean", "read_date"]

_YEAR_FIRST = re.compile(
    r"(?P<y>\d{4})(?:(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})"
    r"|年 ?(?P<m2>\d{1,2})月 ?(?P<d2>\d{1,2})[日号])"
    r"(?:[ T]0?0:00(?::00(?:\.0+)?)?)?"
)
_WITH_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d?:\d\d.*")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")
_COMPACT = re.compile(r"\d{8}")
_SERIAL = re.compile(r"\d{5}")
_EXCEL_EPOCH = dt.date(1899, 12, 30)

_TRUE = frozenset({"true", "yes", "y", "1", "是", "真"})
_FALSE = frozenset({"false", "no", "n", "0", "否", "假"})


def read_date(text: str) -> dt.date | Problem:
    """Read a day, or say why it cannot be read.

    `2023-05-31`, `2023/5/31`, `2023.5.31` and `2023年5月31日` are read. `03/04/2023` has two
    readings, `20230531` and `45077` may be numbers: they are problems that name the readings.
    """
    bare = " ".join(unicodedata.normalize("NFKC", text).split())
    if match := _YEAR_FIRST.fullmatch(bare):
        day = _day(match["y"], match["m"] or match["m2"], match["d"] or match["d2"])
        return day if day else Problem("date-impossible")
    if _WITH_TIME.fullmatch(bare):
        return Problem("date-with-time")
    readings = _readings(bare)
    if readings:
        return Problem("date-choices", (("choices", ", ".join(readings)),))
    return Problem("date-broken")


def _readings(bare: str) -> list[str]:
    found: list[dt.date | None] = []
    if match := _YEAR_LAST.fullmatch(bare):
        first, second, year = match.groups()
        year = year if len(year) == 4 else f"20{year}"
        found = [_day(year, second, first), _day(year, first, second)]
    elif _COMPACT.fullmatch(bare):
        found = [_day(bare[:4], bare[4:6], bare[6:])]
    elif _SERIAL.fullmatch(bare):
        found = [_EXCEL_EPOCH + dt.timedelta(days=int(bare))]
    return [day.isoformat() for day in dict.fromkeys(found) if day]


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_boolean(text: str) -> bool | Problem:
    """Read `true`, `yes`, `1`, `是` or `false`, `no`, `0`, `否`, whatever their case and width."""
    bare = unicodedata.normalize("NFKC", text).casefold()
    if bare in _TRUE:
        return True
    if bare in _FALSE:
        return False
    return Problem("boolean-broken")
