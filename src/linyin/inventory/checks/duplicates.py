"""The same thing entered twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.lake import Finding

__all__: list[str] = []

_IDS: Final = "arg_min(external_id, (_file, _sheet, _row), 5)"
_FIRST: Final = """
    arg_max(struct_pack(_file, _sheet, _row), (_file, _sheet, _row)) AS spot"""

_ALIKE: Final = """site, source_type, item, technology, product, relation, method, counterparty,
    place, flow, dimension, base, stated, quantity, unit, begin, "end\""""
_SAME: Final = f"""
WITH counted AS (
    SELECT *, hash({_ALIKE}) AS alike FROM rows
    WHERE NOT past AND NOT later AND kind = 'normal' AND quantity <> 0
), twice AS (SELECT alike FROM counted GROUP BY alike HAVING count(*) > 1)
SELECT site, item, quantity, unit, begin, "end", count(*) AS rows, {_IDS} AS ids, {_FIRST}
FROM counted SEMI JOIN twice USING (alike)
GROUP BY {_ALIKE}
HAVING count(*) > 1 AND count(DISTINCT nullif(evidence_sha256 || ':'
    || coalesce(evidence_page, 0), ':0')) < count(*)
    AND count(DISTINCT nullif(evidence_file || ':' || coalesce(evidence_page, 0), ':0')) < count(*)
    AND NOT (count(DISTINCT {{text}}) = count(*) AND bool_and({{text}} <> ''))
ORDER BY spot
"""

_TEXT: Final = r"lower(regexp_replace(description, '[\s\p{P}]+', '', 'g'))"

_NEAR: Final = rf"""
WITH told AS (
    SELECT *, {_TEXT} AS text, regexp_extract(description, '[A-Za-z]{{0,6}}[-]?\d[\dA-Za-z-]{{5,}}')
        AS number
    FROM rows
    WHERE NOT past AND NOT later AND kind = 'normal' AND quantity <> 0
        AND regexp_matches(description, '(\d\D*){{6}}')
), keyed AS (
    SELECT *, CASE WHEN regexp_matches(number, '\d{{4}}.*\d|\d{{6}}') AND NOT regexp_matches(number,
        '^(19|20)\d\d[-]?\d\d([-]?\d\d)?$') THEN 'n:' || number ELSE 't:' || text END AS invoice
    FROM told
    QUALIFY count(*) OVER (PARTITION BY site, source_type, item, counterparty, dimension, invoice)
        BETWEEN 2 AND 20
)
SELECT a._file, a._sheet, a._row, a.external_id, b.external_id AS other, b._row AS other_row,
    a.description
FROM keyed AS a JOIN keyed AS b USING (site, source_type, item, counterparty, dimension, invoice)
WHERE (b._file, b._sheet, b._row) < (a._file, a._sheet, a._row)
    AND (a.source, a.external_id) <> (b.source, b.external_id)
    AND abs(a.base / b.base - 1) <= 0.01
    AND (a.base <> b.base OR a.begin <> b.begin OR a."end" <> b."end")
    AND a.begin < b."end" AND b.begin < a."end"
ORDER BY a._file, a._sheet, a._row
"""


@check("duplicates", severity="warning")
def duplicates(subject: Subject) -> Iterator[Finding]:
    """Rows of different ids have the same site, item, period, quantity and inputs."""
    for row in subject.each(_SAME.format(text=_TEXT)):
        fields = {
            "rows": row["rows"],
            "ids": ", ".join(row["ids"]),
            "site": row["site"],
            "item": row["item"],
            "quantity": f"{row['quantity']:.12g}",
            "unit": row["unit"],
            "span": f"{row['begin']}..{row['end']}",
        }
        yield Finding("duplicate", "warning", where(row["spot"], "external_id"), fields)


@check("near-duplicates", severity="question")
def near_duplicates(subject: Subject) -> Iterator[Finding]:
    """Rows with the same invoice in their text and nearly the same quantity and time."""
    for row in subject.each(_NEAR):
        fields = {
            "text": row["description"][:80],
            "ids": f"{row['other']}, {row['external_id']}",
            "other_row": row["other_row"],
        }
        yield Finding("duplicate-near", "question", where(row, "description"), fields)
