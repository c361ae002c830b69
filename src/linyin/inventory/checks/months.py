# ruff: noqa: D401 - a docstring of a check says what is wrong, as style asks
"""Time: months that are missing, sources that fell silent, totals beside their parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.inventory.sources import KEY
from linyin.lake import Finding, Value
from linyin.organization import Period

__all__ = ["GAP_DAYS", "name_of"]

GAP_DAYS: Final = 15

_GAPS: Final = """
WITH spans AS (
    SELECT source_id, begin, "end" FROM points JOIN sources USING (source_id)
    WHERE sources.monthly AND begin < $end AND "end" > $begin
    UNION ALL SELECT source_id, $end, $end FROM sources WHERE monthly
), reached AS (
    SELECT source_id, begin AS until, greatest($begin, coalesce(max("end") OVER (
        PARTITION BY source_id ORDER BY begin, "end"
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), $begin)) AS since
    FROM spans
), gaps AS (SELECT * FROM reached WHERE until - since >= $days)
SELECT source_id, since, until, s.first_day >= until AS leads, s.site, s.source_type, s.item,
    s.meter,
    arg_max(struct_pack(_file, _sheet, _row), (p.begin <= since, CASE WHEN p.begin <= since
        THEN epoch(p.begin) ELSE -epoch(p.begin) END)) AS spot
FROM gaps JOIN sources AS s USING (source_id) JOIN points AS p USING (source_id)
GROUP BY ALL ORDER BY source_id, since
"""

_SILENT: Final = """
SELECT s.site, s.source_type, s.item, count(*) AS rows,
    arg_max(struct_pack(_file, _sheet, _row), p.begin) AS spot
FROM sources AS s JOIN points AS p USING (source_id)
WHERE NOT s.monthly
GROUP BY s.site, s.source_type, s.item
HAVING bool_and(past) AND max(p."end") > $begin - INTERVAL 366 DAY AND abs(sum(p.base)) > 0
ORDER BY ALL
"""

_PARTS: Final = f"""
WITH longer AS (
    SELECT * FROM points
    WHERE kind = 'normal' AND base > 0 AND NOT past AND begin < $end AND days > 35
), parts AS (
    SELECT * FROM points WHERE kind = 'normal' AND base > 0 AND NOT past
), pairs AS (
    SELECT l.*, p.base AS part, 'meter' AS scope
    FROM longer AS l JOIN parts AS p USING (source_id)
    WHERE p.days < l.days AND p.begin >= l.begin AND p."end" <= l."end"
    UNION ALL BY NAME
    SELECT l.*, p.base AS part, 'site' AS scope
    FROM longer AS l JOIN parts AS p USING ({", ".join(KEY)})
    WHERE p.days < l.days AND p.begin >= l.begin AND p."end" <= l."end"
), summed AS (
    SELECT source, external_id, quantity, unit, _file, _sheet, _row, scope, base,
        count(*) AS parts, sum(part) AS together
    FROM pairs GROUP BY ALL
)
SELECT external_id, quantity, unit, _file, _sheet, _row, max(parts) AS parts
FROM summed WHERE parts >= 2 AND abs(together / base - 1) <= 0.01
GROUP BY ALL ORDER BY _file, _sheet, _row
"""

_SPANS: Final = """
SELECT site, begin, "end", count(*) AS rows,
    arg_min(struct_pack(_file, _sheet, _row), (_file, _sheet, _row)) AS spot
FROM rows WHERE begin < $end AND "end" > $begin
GROUP BY ALL ORDER BY ALL
"""


@check("months-missing", severity="warning")
def months_missing(subject: Subject) -> Iterator[Finding]:
    """A source that reports by the month has no row for half a month or more after its first."""
    for gap, span in _gaps(subject):
        if not gap["leads"]:
            fields = _told(gap, span)
            yield Finding("months-missing", "warning", where(gap["spot"]), fields)


@check("source-begins", severity="question")
def source_begins(subject: Subject) -> Iterator[Finding]:
    """A source that reports by the month has no row before a month of the period."""
    for gap, span in _gaps(subject):
        if gap["leads"] and gap["until"] < subject.end:
            yield Finding("source-begins", "question", where(gap["spot"]), _told(gap, span))


@check("source-silent", severity="question")
def source_silent(subject: Subject) -> Iterator[Finding]:
    """A source without a monthly rhythm has rows before the period and none in it."""
    for row in subject.each(_SILENT):
        if subject.presence(row["site"], subject.period):
            fields = {"source": name_of(row), "rows": row["rows"]}
            yield Finding("source-silent", "question", where(row["spot"]), fields)


@check("total-beside-parts", severity="warning")
def total_beside_parts(subject: Subject) -> Iterator[Finding]:
    """A row for a longer time stands beside rows for its parts that add up to it."""
    for row in subject.each(_PARTS):
        fields = {
            "quantity": f"{row['quantity']:.12g}",
            "unit": row["unit"],
            "parts": row["parts"],
            "external_id": row["external_id"],
        }
        yield Finding("total-beside-parts", "warning", where(row, "quantity"), fields)


@check("days-outside-presence", severity="warning")
def days_outside_presence(subject: Subject) -> Iterator[Finding]:
    """A row has days on which its site is not there; what falls on them is not booked."""
    for row in subject.each(_SPANS):
        span = Period(row["begin"], row["end"]).overlap(subject.period)
        if span is None or row["site"] not in subject.organization:
            continue
        days = span.days - sum(there.days for there in subject.presence(row["site"], span))
        if days:
            fields = {"site": row["site"], "days": days, "rows": row["rows"], "span": str(span)}
            yield Finding("days-outside-presence", "warning", where(row["spot"], "begin"), fields)


def name_of(row: dict[str, Any]) -> str:
    """Return how a source is named to people: site, source type, item, meter."""
    parts = [row["site"], row["source_type"], row["item"], row.get("meter", "")]
    return " · ".join(part for part in parts if part)


def _gaps(subject: Subject) -> Iterator[tuple[dict[str, Any], Period]]:
    """Yield what monthly sources lack, while their site is there."""
    for gap in subject.each(_GAPS, {"days": GAP_DAYS}):
        for span in subject.presence(gap["site"], Period(gap["since"], gap["until"])):
            if span.days >= GAP_DAYS:
                yield gap, span


def _told(gap: dict[str, Any], span: Period) -> dict[str, Value]:
    return {
        "source": name_of(gap),
        "months": _months(span),
        "begin": str(span.begin),
        "end": str(span.end),
    }


def _months(span: Period) -> str:
    """Name the months of which a span has the greater part, or the month that has the most."""
    found = [m for m in span.months() if 2 * m.days >= _length(m.begin)]
    months = found or [max(span.months(), key=lambda month: month.days)]
    names = [f"{m.begin:%Y-%m}" for m in months]
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def _length(day: date) -> int:
    return Period.month(day.year, day.month).days
