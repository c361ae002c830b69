"""Months as they are written: in addresses, on pages, in mails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from linyin.ledger.monthly import later_month
from linyin.platform.times import month_name, month_range, month_short
from linyin.platform.words import Lang, enumerated

__all__ = ["MonthConverter", "month_name", "month_range", "month_short", "month_spans",
           "read_month", "read_year"]  # fmt: skip

YEARS = range(1990, 2201)


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
    """Return the first day of a month such as `2024-10`, None if no grid has such a month."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if month.year in YEARS else None


def read_year(text: str) -> int | None:
    """Return a year such as `2024`, None if no grid has such a year."""
    year = int(text) if text.isdecimal() and len(text) == 4 else 0
    return year if year in YEARS else None


def month_spans(months: Sequence[date], language: Lang) -> str:
    """Write months in order, those that follow one another as a span: `Jan – Mar, May`.

    Months of several years are written with their year.
    """
    spans: list[list[date]] = []
    name = month_short if len({month.year for month in months}) == 1 else month_name
    for month in months:
        if spans and month == later_month(spans[-1][-1], 1):
            spans[-1].append(month)
        else:
            spans.append([month])
    ends = [dict.fromkeys((span[0], span[-1])) for span in spans]
    return enumerated((" – ".join(name(m, language) for m in pair) for pair in ends), language)
