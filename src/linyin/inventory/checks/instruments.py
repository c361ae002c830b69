# ruff: noqa: D401 - a docstring of a check says what is wrong, as style asks
"""Certificates and contracts that do not fit the year, or were never retired.

A surplus over the load is a finding of the calculation itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.lake import Finding

__all__: list[str] = []

_VINTAGE: Final = """
SELECT *, begin < $end AND "end" > $begin AS touches FROM instruments
WHERE kind <> 'supplier' AND (begin < $begin OR "end" > $end) ORDER BY _file, _sheet, _row
"""
_RETIRED: Final = """
SELECT * FROM instruments
WHERE kind = 'certificate' AND retired_on IS NULL AND begin < $end AND "end" > $begin
ORDER BY _file, _sheet, _row
"""


@check("certificate-vintage", severity="question")
def certificate_vintage(subject: Subject) -> Iterator[Finding]:
    """The window of an instrument lies outside the period, or reaches over it."""
    for row in subject.each(_VINTAGE):
        code = "certificate-vintage-wide" if row["touches"] else "certificate-vintage"
        fields = {"instrument": row["instrument"], "span": f"{row['begin']}..{row['end']}"}
        yield Finding(code, "question", where(row, "begin"), fields)


@check("certificate-not-retired", severity="question")
def certificate_not_retired(subject: Subject) -> Iterator[Finding]:
    """A certificate of the period has no day of retirement."""
    for row in subject.each(_RETIRED):
        fields = {"instrument": row["instrument"]}
        yield Finding("certificate-not-retired", "question", where(row, "retired_on"), fields)
