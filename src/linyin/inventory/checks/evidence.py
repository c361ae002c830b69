"""Quantities that call themselves measured and show nothing for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.inventory.posting import UNSTATED
from linyin.lake import Finding

__all__: list[str] = []

LISTED: Final = 6
_WITHOUT: Final = """
SELECT _file, _sheet, min(_row) AS _row, count(*) AS rows,
    list(DISTINCT site ORDER BY site) AS sites, list(DISTINCT item ORDER BY item) AS items
FROM rows WHERE status = 'measured' AND evidence_file = '' AND NOT past AND NOT later
GROUP BY ALL ORDER BY ALL
"""
_UNREASONED: Final = """
SELECT _file, _sheet, min(_row) AS _row, count(*) AS rows,
    list(external_id ORDER BY external_id) AS ids
FROM activities WHERE revision > 1 AND revision_reason = $unstated
    AND begin < $end AND "end" > $begin
GROUP BY ALL ORDER BY ALL
"""


@check("measured-without-evidence", severity="question")
def measured_without_evidence(subject: Subject) -> Iterator[Finding]:
    """Rows of a table have the status `measured` and name no file of evidence."""
    for row in subject.each(_WITHOUT):
        fields = {
            "rows": row["rows"],
            "site": _listed(row["sites"]),
            "item": _listed(row["items"]),
        }
        yield Finding("measured-without-evidence", "question", where(row, "status"), fields)


@check("revision-without-reason", severity="question")
def revision_without_reason(subject: Subject) -> Iterator[Finding]:
    """Rows of a table were changed since they were first read, and nobody says why."""
    for row in subject.each(_UNREASONED, {"unstated": UNSTATED}):
        fields = {"rows": row["rows"], "ids": _listed(row["ids"])}
        yield Finding("revision-without-reason", "question", where(row, "reason"), fields)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:LISTED]) + (f" … ({len(names)})" if len(names) > LISTED else "")
