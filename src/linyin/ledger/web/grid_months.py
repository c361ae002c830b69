"""Months as they are written: in addresses, on pages, in mails."""

from __future__ import annotations

from datetime import date
from typing import Final

from linyin.platform.words import Lang

__all__ = ["MonthConverter", "month_name", "month_range", "month_short", "read_month"]

_LONG: Final = ("January", "February", "March", "April", "May", "June", "July", "August",
                "September", "October", "November", "December")  # fmt: skip


class MonthConverter:
    """A month in an address: `2024-10`."""

    regex = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        """Return its first day."""
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date | str) -> str:
        """Write it."""
        return value if isinstance(value, str) else f"{value:%Y-%m}"


def read_month(text: str) -> date | None:
    """Return the first day of a month such as `2024-10`, None if it is no month."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


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
