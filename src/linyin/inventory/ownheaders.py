"""Findings in the reporter's own words: columns under the headers that their files have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from linyin.lake import Finding

__all__ = ["Headers", "with_own_headers"]

type Headers = Mapping[tuple[str, str], Mapping[str, str]]
"""File and sheet → column of the schema → its header there."""

_DAYS = ("begin", "end")


def with_own_headers(findings: Iterable[Finding], headers: Headers) -> Iterator[Finding]:
    """Name the column of each finding as its file does; days as the period that gives them."""
    for finding in findings:
        at = finding.at
        of_sheet = headers.get((at.file, at.sheet), {})
        written = of_sheet.get(at.column)
        if written is None and at.column in _DAYS:
            written = of_sheet.get("period")
        yield replace(finding, at=replace(at, column=written)) if written else finding
