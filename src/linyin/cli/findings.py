"""Findings on a terminal and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from linyin.cli.failures import Failure
    from linyin.cli.session import Session
    from linyin.cli.words import Lang
    from linyin.lake import Finding

__all__ = ["counts", "finding_data", "finding_lines", "grouped_lines", "indented", "print_failure"]

MARKS: Final = {"error": ("✗", "red"), "warning": ("!", "yellow"), "question": ("?", "cyan")}
LISTED: Final = 60


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


def finding_lines(findings: Sequence[Finding], session: Session) -> list[Text]:
    """Return one line a finding, at most sixty, and how many more there are."""
    lines = [_line(finding, session, 1) for finding in findings[:LISTED]]
    if len(findings) > LISTED:
        lines.append(_more(len(findings) - LISTED, session))
    return lines


def grouped_lines(findings: Iterable[Finding], session: Session, kinds: int = 5) -> list[Text]:
    """Return the first finding of each kind with the number of all of that kind."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity, finding.code), []).append(finding)
    order = sorted(groups, key=lambda key: (list(MARKS).index(key[0]), -len(groups[key])))
    lines = [_line(groups[key][0], session, len(groups[key])) for key in order[:kinds]]
    rest = sum(len(groups[key]) for key in order[kinds:])
    return [*lines, _more(rest, session)] if rest else lines


def indented(lines: Iterable[Text], session: Session) -> Iterator[RenderableType]:
    """Set lines in by two cells: wrapped below themselves on a terminal, whole when piped."""
    from rich.padding import Padding
    from rich.text import Text

    for line in lines:
        yield Padding(line, (0, 0, 0, 2)) if session.out.is_terminal else Text("  ") + line


def _line(finding: Finding, session: Session, times: int) -> Text:
    from rich.text import Text

    from linyin.lake import render_finding

    mark, colour = MARKS[finding.severity]
    repeated = (f" × {times}", "dim") if times > 1 else ""
    return Text.assemble((f"{mark} ", colour), render_finding(finding, session.lang), repeated)


def _more(number: int, session: Session) -> Text:
    from rich.text import Text

    return Text(session.say("findings.more", number=number), style="dim")


def print_failure(session: Session, failure: Failure) -> None:
    """Print everything that must be mended, errors first, one line each."""
    errors = [f for f in failure.findings if f.severity == "error"]
    others = [f for f in failure.findings if f.severity != "error"]
    for line in finding_lines(errors, session):
        session.err.print(line, soft_wrap=True)
    for line in grouped_lines(others, session):
        session.err.print(line, soft_wrap=True)
    session.err.print(
        session.say("failed", counted=counted(failure.findings, session)), style="bold red"
    )
