# ruff: noqa: D401 - a docstring of a check says what is wrong, as style asks
"""Time that a continuous source leaves out: a year of which only a quarter is there.

Sources that report by the month are told month by month (`months-missing`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any, Final

from linyin.inventory.checks.months import name_of
from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.lake import Finding
from linyin.organization import Period

__all__ = ["COVERED_SHARE"]

COVERED_SHARE: Final = 0.9
LISTED: Final = 3
FUEL_DAYS: Final = 20
_KEY: Final = ("site", "source_type", "item")

_STRETCHES: Final = """
WITH spans AS (
    SELECT site, source_type, item, greatest(begin, $begin) AS since, least("end", $end) AS until,
        bool_or(monthly) AS monthly, count(*) AS n,
        arg_max(struct_pack(_file, _sheet, _row), (_file, _sheet, _row)) AS spot
    FROM points
    WHERE source_type IN ('electricity', 'heat', 'steam', 'cooling', 'stationary_combustion',
            'mobile_combustion')
        AND kind = 'normal' AND begin < $end AND "end" > $begin
    GROUP BY ALL
), reached AS (
    SELECT *, coalesce(since > max(until) OVER (
        PARTITION BY site, source_type, item ORDER BY since, until
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS is_new
    FROM spans
), numbered AS (
    SELECT *, sum(is_new::INTEGER) OVER (
        PARTITION BY site, source_type, item ORDER BY since, until) AS stretch
    FROM reached
)
SELECT site, source_type, item, min(since) AS since, max(until) AS until,
    bool_or(monthly) AS monthly, arg_max(spot, until) AS spot
FROM numbered GROUP BY site, source_type, item, stretch ORDER BY ALL
"""


@check("period-uncovered", severity="warning")
def period_uncovered(subject: Subject) -> Iterator[Finding]:
    """The rows of a continuous source cover less than `COVERED_SHARE` of the time it was there."""
    stretches = subject.each(_STRETCHES)
    for _, found in groupby(stretches, key=lambda row: [row[name] for name in _KEY]):
        rows = list(found)
        spans = [Period(row["since"], row["until"]) for row in rows]
        if any(row["monthly"] for row in rows) or not _is_continuous(rows[0], spans):
            continue
        there = subject.presence(rows[0]["site"], subject.period)
        gaps = [gap for present in there for gap in present.gaps(spans)]
        days = sum(present.days for present in there)
        missing = sum(gap.days for gap in gaps)
        if days - missing >= COVERED_SHARE * days:
            continue
        fields = {
            "source": name_of(rows[0]),
            "covered": f"{100 * (days - missing) / days:.0f}",
            "gaps": ", ".join(_named(gap) for gap in gaps[:LISTED]) + ", …" * (len(gaps) > LISTED),
        }
        yield Finding("period-uncovered", "warning", where(rows[-1]["spot"]), fields)


def _is_continuous(row: dict[str, Any], spans: list[Period]) -> bool:
    """Whether rows say how much was used over time, not what was bought on single days."""
    covered = sum(span.days for span in spans)
    if row["source_type"].endswith("combustion") and covered < FUEL_DAYS:
        return False
    return 2 * covered >= (spans[-1].end - spans[0].begin).days


def _named(gap: Period) -> str:
    return f"{gap.begin} – {gap.end - timedelta(days=1)}"
