"""Findings of one cause told together: the first in full, then what the others are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from linyin.cli.words import words

if TYPE_CHECKING:
    from linyin.cli.session import Session
    from linyin.lake import Finding, Severity

__all__ = ["FindingGroup", "about", "group_findings"]

_GRAVITY: Final = ("error", "warning", "question")
_OF_FACTORS: Final = frozenset(
    {"factor-old", "factor-stands-in", "grid-total", "gwp-rebased", "gwp-unknown",
     "loss-rate-missing", "residual-missing"}
)  # fmt: skip
_TELLING: Final = (
    "value", "place", "pack", "factor", "instrument", "source", "site", "node", "item", "gas",
)  # fmt: skip
_VALUES: Final = 6
_SHORT: Final = 48
_ROWS: Final = 4
_FILES: Final = 2


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one code, in their stable order."""

    severity: Severity
    code: str
    members: tuple[Finding, ...]


def group_findings(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Put findings of one severity and code together.

    The gravest come first; then what the folder lacks before what its factors bring along; then
    the most frequent.
    """
    together: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in findings:
        together.setdefault((finding.severity, finding.code), []).append(finding)
    made = [FindingGroup(*key, tuple(members)) for key, members in together.items()]
    return sorted(made, key=_rank)


def _rank(group: FindingGroup) -> tuple[int, bool, int, str]:
    gravity = _GRAVITY.index(group.severity)
    return gravity, group.code in _OF_FACTORS, -len(group.members), group.code


def about(members: Sequence[Finding], session: Session) -> str:
    """Return what findings of one cause are about: the values in which they differ, their rows."""
    parts = [*islice(_differing(members, session), 1), *_rows(members, session)]
    return " · ".join(parts)


def _differing(members: Sequence[Finding], session: Session) -> Iterator[str]:
    for name in _TELLING:
        values = list(dict.fromkeys(str(m.fields[name]) for m in members if name in m.fields))
        if len(values) > 1 and max(map(len, values)) <= _SHORT:
            key = f"field.{name}"
            title = session.say(key) if key in words() else name
            yield f"{title} {_listed(values, _VALUES)}"


def _rows(members: Sequence[Finding], session: Session) -> Iterator[str]:
    files: dict[str, list[int]] = {}
    for member in members:
        if member.at.file and member.at.row is not None:
            place = f"{member.at.file} {member.at.sheet}".strip()
            files.setdefault(place, []).append(member.at.row)
    for place, rows in islice(files.items(), _FILES):
        distinct = [str(row) for row in dict.fromkeys(sorted(rows))]
        listed = _listed(distinct, _ROWS, ", ")
        yield session.say("findings.rows", place=place, rows=listed)
    if len(files) > _FILES:
        yield session.say("findings.files", number=len(files) - _FILES)


def _listed(values: Sequence[str], most: int, between: str = "; ") -> str:
    return between.join(values[:most]) + (" …" if len(values) > most else "")
