"""Days and times as the reader writes them, in the time zone of the workspace."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from linyin.platform.words import Lang, lang

__all__ = ["day", "day_of_year", "moment", "month_name", "month_range", "month_short", "span"]

_LONG: Final = ("January", "February", "March", "April", "May", "June", "July", "August",
                "September", "October", "November", "December")  # fmt: skip


def moment(at: datetime, language: Lang | None = None) -> str:
    """Return `26 Nov 2026, 16:20` or `2026年11月26日 16:20`."""
    local = timezone.localtime(at)
    comma = "" if (language or lang()) == "zh" else ","
    return f"{day(local, language)}{comma} {local:%H:%M}"


def day(on: date, language: Lang | None = None) -> str:
    """Return `26 Nov 2026` or `2026年11月26日`; of a time, its day in the zone that it states."""
    language = language or lang()
    if language == "zh":
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{on.day} {month_short(on, language)} {on.year}"


def day_of_year(on: date, language: Lang | None = None) -> str:
    """Return `26 Nov` or `11月26日`."""
    language = language or lang()
    return (
        f"{on.month}月{on.day}日" if language == "zh" else f"{on.day} {month_short(on, language)}"
    )


def month_name(month: date, language: Lang) -> str:
    """Return `October 2024` or `2024年10月`."""
    if language == "zh":
        return f"{month.year}年{month.month}月"
    return f"{_LONG[month.month - 1]} {month.year}"


def month_short(month: date, language: Lang) -> str:
    """Return `Oct` or `10月`."""
    return f"{month.month}月" if language == "zh" else _LONG[month.month - 1][:3]


def month_range(first: date, last: date, language: Lang) -> str:
    """Return the months from one to another in words."""
    if first == last:
        return month_name(first, language)
    return f"{month_name(first, language)} – {month_name(last, language)}"


def span(begin: date, end: date, language: Lang) -> str:
    """Return when something was that ended before a day: in months, where it fills them."""
    last = end - timedelta(days=1)
    if begin.day == 1 and end.day == 1:
        return month_range(begin, last.replace(day=1), language)
    if begin == last:
        return day(begin, language)
    return f"{day(begin, language)} – {day(last, language)}"
