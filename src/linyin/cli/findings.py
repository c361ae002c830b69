"""Findings on a terminal and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from linyin.cli.finding_groups import FindingGroup, about, group_findings

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from linyin.cli.failures import Failure
    from linyin.cli.session import Session
    from linyin.cli.words import Lang
    from linyin.lake import Finding

__all__ = ["counts", "finding_data", "grouped_lines", "indented", "print_failure"]

MARKS: Final = {"error": ("✗", "red"), "warning": ("!", "yellow"), "question": ("?", "cyan")}
LISTED: Final = 10


def finding_data(finding: Finding, lang: Lang) -> dict[str, Any]:
    """Return a finding for `--json`: code, severity, place, fields, and the text."""
    from linyin.lake import render_finding

    return {**finding.to_dict(), "message": render_finding(finding, lang)}


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """Count findings by severity; every severity has a number."""
    found = Counter(finding.severity for finding in findings)
    return {severity: found[severity] for severity in ("error", "warning", "question")}


def counted(findings: Iterable[Finding], session: Session) -> str:
    """Return the counts in words: `2 errors, 1 warning`."""
    words = [
        session.say(f"count.{severity}.{'one' if number == 1 else 'many'}", number=number)
        for severity, number in counts(findings).items()
        if number
    ]
    return session.say("comma").join(words) or session.say("count.none")


def grouped_lines(
    findings: Iterable[Finding], session: Session, *, kinds: int | None = None
) -> list[Text]:
    """Return errors file by file and row by row, then warnings and questions cause by cause.

    Of errors, each of which is to be mended, the first ten of a cause are listed; of warnings and
    questions the first. A line below says how many there are and what they are about.

    Parameters
    ----------
    findings : iterable of Finding
    session : Session
    kinds : int, optional
        How many causes are shown, the gravest first; the rest is counted. Default: all.

    """
    groups = group_findings(findings)
    shown = groups if kinds is None else groups[:kinds]
    errors = [group for group in shown if group.severity == "error"]
    lines = [*_by_place(errors, session)]
    lines += [line for group in shown[len(errors) :] for line in _group(group, session)]
    rest = sum(len(group.members) for group in groups[len(shown) :])
    return [*lines, _more(rest, session)] if rest else lines


def _by_place(groups: Iterable[FindingGroup], session: Session) -> Iterator[Text]:
    """Yield the listed findings in their stable order, each group's count after its last."""
    listed = [(finding, group) for group in groups for finding in group.members[:LISTED]]
    listed.sort(key=lambda pair: pair[0].sort_key)
    last = {group.code: number for number, (_, group) in enumerate(listed)}
    for number, (finding, group) in enumerate(listed):
        yield _line(finding, session)
        if number == last[group.code]:
            yield from _others(group, LISTED, session)


def _group(group: FindingGroup, session: Session) -> Iterator[Text]:
    yield _line(group.members[0], session)
    yield from _others(group, 1, session)


def _others(group: FindingGroup, listed: int, session: Session) -> Iterator[Text]:
    from rich.text import Text

    if len(group.members) > listed:
        key, others = (
            ("times", group.members) if listed == 1 else ("others", group.members[listed:])
        )
        times = session.say(f"findings.{key}", number=f"{len(others):,}")
        told = " · ".join(filter(None, (times, about(others, session))))
        yield Text(f"    {told}", style="dim")


def indented(lines: Iterable[Text], session: Session) -> Iterator[RenderableType]:
    """Set lines in by two cells: wrapped below themselves on a terminal, whole when piped."""
    from rich.padding import Padding
    from rich.text import Text

    for line in lines:
        yield Padding(line, (0, 0, 0, 2)) if session.out.is_terminal else Text("  ") + line


def _line(finding: Finding, session: Session) -> Text:
    from rich.text import Text

    from linyin.lake import render_finding

    mark, colour = MARKS[finding.severity]
    return Text.assemble((f"{mark} ", colour), render_finding(finding, session.lang))


def _more(number: int, session: Session) -> Text:
    from rich.text import Text

    return Text(session.say("findings.more", number=number), style="dim")


def print_failure(session: Session, failure: Failure) -> None:
    """Print everything that must be mended, errors first."""
    for line in grouped_lines(failure.findings, session):
        session.err.print(line, soft_wrap=not session.err.is_terminal)
    session.err.print(
        session.say("failed", counted=counted(failure.findings, session)), style="bold red"
    )
