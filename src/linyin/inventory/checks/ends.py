# ruff: noqa: D401 - a docstring of a check says what is wrong, as style asks
"""Ends that look like the last day, where the day after it is meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.lake import Finding

__all__: list[str] = []

_WHOLE_MONTHS: Final = """day(begin) = 1 AND day("end" + 1) = 1 AND "end" > begin"""
_ROWS: Final = f"""
WITH followed AS (
    SELECT *, lead(begin) OVER (PARTITION BY source_id ORDER BY begin, "end") AS next
    FROM points WHERE NOT past AND NOT later
), judged AS (
    SELECT *, count(*) FILTER (next = "end") OVER (PARTITION BY source_id) AS seamless,
        count(*) FILTER (next = "end" + 1) OVER (PARTITION BY source_id) AS apart
    FROM followed
)
SELECT _file, _sheet, count(*) AS rows, min(_row) AS _row, arg_min(begin, _row) AS begin,
    arg_min("end", _row) AS "end"
FROM judged
WHERE seamless = 0 AND ({_WHOLE_MONTHS} OR (apart >= 2 AND coalesce(next = "end" + 1, true)))
GROUP BY _file, _sheet ORDER BY _file, _sheet
"""
_INSTRUMENTS: Final = f"""
SELECT _file, _sheet, count(*) AS rows, min(_row) AS _row, arg_min(begin, _row) AS begin,
    arg_min("end", _row) AS "end"
FROM instruments WHERE {_WHOLE_MONTHS} GROUP BY _file, _sheet ORDER BY _file, _sheet
"""


@check("end-is-last-day", severity="question")
def end_is_last_day(subject: Subject) -> Iterator[Finding]:
    """Ends are the last day of a month, or a day before the next row: `end` is the day after."""
    for query in (_ROWS, _INSTRUMENTS):
        for row in subject.each(query):
            fields = {"rows": row["rows"], "begin": str(row["begin"]), "end": str(row["end"])}
            yield Finding("end-is-last-day", "question", where(row, "end"), fields)
