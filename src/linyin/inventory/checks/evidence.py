"""Quantities that call themselves measured and show nothing for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.lake import Finding

__all__: list[str] = []

_WITHOUT: Final = """
SELECT _file, _sheet, min(_row) AS _row, site, source_type, item, count(*) AS rows
FROM rows WHERE status = 'measured' AND evidence_file = '' AND NOT past AND NOT later
GROUP BY ALL ORDER BY ALL
"""


@check("measured-without-evidence", severity="question")
def measured_without_evidence(subject: Subject) -> Iterator[Finding]:
    """Rows have the status `measured` and name no file of evidence."""
    for row in subject.each(_WITHOUT):
        fields = {"rows": row["rows"], "site": row["site"], "item": row["item"]}
        yield Finding("measured-without-evidence", "question", where(row, "status"), fields)
