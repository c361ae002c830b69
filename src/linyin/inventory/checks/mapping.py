"""Rows of the period that became nothing: outside the boundary, or the time of their site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.lake import Finding
from linyin.organization import Period

__all__: list[str] = []

LISTED: Final = 5
_UNMAPPED: Final = """
WITH given AS (SELECT *, true AS own FROM rows UNION ALL SELECT *, false FROM others)
SELECT r.site, r.source_type, r.own, count(*) AS rows, min(r.begin) AS first, max(r."end") AS last,
    arg_min(struct_pack(_file, _sheet, _row), (_file, _sheet, _row)) AS spot
FROM (SELECT * FROM given WHERE NOT earlier AND begin < $end AND "end" > $begin) AS r
ANTI JOIN entries AS e USING (source, external_id)
GROUP BY ALL ORDER BY ALL
"""


@check("unmapped", severity="question")
def unmapped(subject: Subject) -> Iterator[Finding]:
    """Rows that the run booked nowhere: by site where it did not exist, else counted at once."""
    outside = []
    for row in subject.each(_UNMAPPED):
        if row["own"] and _absent(subject, row["site"], Period(row["first"], row["last"])):
            fields = {key: row[key] for key in ("site", "source_type", "rows")}
            yield Finding("unmapped-absent", "question", where(row["spot"]), fields)
        else:
            outside.append(row)
    if outside:
        sites = sorted({row["site"] for row in outside})
        counted = {
            "rows": sum(row["rows"] for row in outside),
            "sites": ", ".join(sites[:LISTED]) + (" …" if len(sites) > LISTED else ""),
        }
        yield Finding("unmapped-boundary", "question", where(outside[0]["spot"]), counted)


def _absent(subject: Subject, site: str, span: Period) -> bool:
    inside = span.overlap(subject.period)
    return inside is None or not subject.presence(site, inside)
