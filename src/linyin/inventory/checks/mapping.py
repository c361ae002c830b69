"""Rows that became nothing: outside the boundary, the period, or the time of their site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.lake import Finding
from linyin.organization import Period

__all__: list[str] = []

_UNMAPPED: Final = """
SELECT r.site, r.source_type, count(*) AS rows, min(r.begin) AS first, max(r."end") AS last,
    arg_min(struct_pack(_file, _sheet, _row), (_file, _sheet, _row)) AS spot,
    r.begin >= $end OR r."end" <= $begin AS is_other_time
FROM (SELECT * FROM rows WHERE NOT earlier) AS r
ANTI JOIN entries AS e USING (source, external_id)
GROUP BY ALL ORDER BY ALL
"""


@check("unmapped", severity="question")
def unmapped(subject: Subject) -> Iterator[Finding]:
    """Rows that the run booked nowhere, counted by site and source type, with the reason."""
    for row in subject.each(_UNMAPPED):
        if row["is_other_time"]:
            code = "unmapped-period"
        elif _absent(subject, row["site"], Period(row["first"], row["last"])):
            code = "unmapped-absent"
        else:
            code = "unmapped-boundary"
        fields = {"site": row["site"], "source_type": row["source_type"], "rows": row["rows"]}
        yield Finding(code, "question", where(row["spot"]), fields)


def _absent(subject: Subject, site: str, span: Period) -> bool:
    inside = span.overlap(subject.period)
    return inside is None or not subject.presence(site, inside)
