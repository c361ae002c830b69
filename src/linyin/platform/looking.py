"""What a file would do, as parts of a page before it does it: counts, what is wrong, changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from linyin.lake import Where, render_where
from linyin.platform import parts
from linyin.platform.findings import finding_text, place_called
from linyin.platform.numbers import number
from linyin.platform.parts.cells import Printed
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.lake import Finding

__all__ = [
    "act_badge",
    "counts_shown",
    "finding_part",
    "findings_shown",
    "told_in_place",
    "verdict",
    "was_and_is",
]

SHOWN: Final = 100
_ACTS: Final = {"new": "submitted", "changed": "returned", "removed": "overdue"}


def told_in_place(finding: Finding) -> str:
    """Return what a finding says where its place is plain."""
    return finding_text(replace(finding, at=Where()))


def finding_part(finding: Finding, **more: Any) -> parts.Finding:
    """Return a finding as a part of a page, its place beside its text."""
    at = render_where(place_called(finding.at), lang())
    return parts.Finding(finding.severity, told_in_place(finding), at=at, **more)


def findings_shown(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the first findings, and how many there are beside them."""
    shown = [finding_part(finding, status="") for finding in findings[:SHOWN]]
    return {"findings": shown, "more_findings": max(0, len(findings) - SHOWN)}


def counts_shown(counts: Mapping[str, int]) -> list[tuple[str, Printed]]:
    """Return how many rows do what, in words; names are those of `look.count`."""
    names = ("rows", "new", "changed", "unchanged", "removed")
    return [
        (say(f"look.count.{name}"), Printed(number(counts[name])))
        for name in names
        if name in counts
    ]


def verdict(errors: int, help_key: str = "look.errors.help", warnings: int = 0) -> parts.Notice:
    """Say whether a file can be committed, and whether there is something to mind before."""
    if errors:
        told = say("look.errors", count=number(errors))
        return parts.Notice(told, say(help_key), "bad")
    if warnings:
        told = say("look.warnings", count=number(warnings))
        return parts.Notice(told, say("look.warnings.help"), "warning")
    return parts.Notice(say("look.good"), say("look.good.help"), "good")


def act_badge(act: str) -> parts.Badge:
    """Return whether a row is new, changes something or is removed."""
    return parts.Badge("status", _ACTS[act], say(f"look.act.{act}"))


def was_and_is(was: object, now: object) -> str:
    """Return what a cell of the table of changes says: the value, or both where it changes."""
    texts = ["—" if value in (None, "") else str(value) for value in (was, now)]
    return " → ".join(texts)


def changes_table(
    heads: Iterable[parts.Column], rows: Sequence[parts.Row], empty: str = "look.no_changes"
) -> parts.Table:
    """Return rows that are new or change, under an act and what else identifies them."""
    return parts.Table(
        say("look.changes"),
        [parts.Column(say("look.act")), *heads],
        rows,
        empty=parts.Empty(say(empty), icon="circle-check"),
        is_dense=True,
    )
