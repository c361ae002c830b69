# ruff: noqa: D401 - a docstring of a check says what is wrong, as style asks
"""Certificates and contracts that do not fit the year, or were never retired.

A surplus over the load is a finding of the calculation itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.lake import Finding, Value

__all__: list[str] = []

LISTED: Final = 6
_VINTAGE: Final = """
SELECT *, begin < $end AND "end" > $begin AS touches FROM instruments AS i
WHERE kind <> 'supplier' AND (begin < $begin OR "end" > $end)
    AND (touches OR NOT EXISTS (
        FROM rows AS r WHERE r.source_type IN ('electricity', 'heat', 'steam', 'cooling')
            AND r.begin < i."end" AND r."end" > i.begin
    ))
ORDER BY _file, _sheet, _row
"""
_DIVIDED: Final = """
SELECT *, quantity * (least("end", $end) - greatest(begin, $begin)) / ("end" - begin) AS counted
FROM instruments
WHERE claimed_for IS NULL AND quantity IS NOT NULL AND begin < $end AND "end" > $begin
    AND (begin < $begin OR "end" > $end)
ORDER BY _file, _sheet, _row
"""
_RETIRED: Final = """
SELECT * FROM instruments
WHERE kind = 'certificate' AND retired_on IS NULL AND begin < $end AND "end" > $begin
ORDER BY _file, _sheet, _row
"""


@check("certificate-vintage", severity="question")
def certificate_vintage(subject: Subject) -> Iterator[Finding]:
    """The window of an instrument that names no year meets no row, or reaches over the period."""
    outside = []
    for row in subject.each(_VINTAGE):
        if row.get("claimed_for") or (row["touches"] and _is_divided(subject)):
            continue
        if not row["touches"]:
            outside.append(row)
            continue
        fields = {"instrument": row["instrument"], "span": f"{row['begin']}..{row['end']}"}
        yield Finding("certificate-vintage-wide", "question", where(row, "begin"), fields)
    if outside:
        names = ", ".join(row["instrument"] for row in outside[:LISTED])
        more = " …" if len(outside) > LISTED else ""
        counted: dict[str, Value] = {"instrument": names + more, "count": len(outside)}
        yield Finding("certificate-vintage", "question", where(outside[0], "begin"), counted)


@check("certificate-divided", severity="warning")
def certificate_divided(subject: Subject) -> Iterator[Finding]:
    """An instrument of several years names none: each year counts the share of its days."""
    for row in subject.each(_DIVIDED) if _is_divided(subject) else ():
        fields = {
            "instrument": row["instrument"],
            "span": f"{row['begin']}..{row['end']}",
            "counted": f"{row['counted']:.6g}",
            "quantity": f"{row['quantity']:.12g}",
            "unit": row["unit"],
        }
        yield Finding("certificate-divided", "warning", where(row, "claimed_for"), fields)


def _is_divided(subject: Subject) -> bool:
    """Whether the run divides instruments among years; runs of 0.1 count all in each."""
    return bool(subject.inventory.run["pins"].get("supply_rule", 1) > 1)


@check("certificate-not-retired", severity="question")
def certificate_not_retired(subject: Subject) -> Iterator[Finding]:
    """A certificate of the period has no day of retirement."""
    for row in subject.each(_RETIRED):
        fields = {"instrument": row["instrument"]}
        yield Finding("certificate-not-retired", "question", where(row, "retired_on"), fields)
