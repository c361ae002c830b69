"""Findings as a reader of pages has them: with names instead of codes, without words of files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from linyin.lake import render_finding
from linyin.platform.times import day, month_name, month_range
from linyin.platform.words import lang, words

if TYPE_CHECKING:
    from linyin.lake import Finding, Named, Value, Where
    from linyin.platform.words import Lang

_SPAN: Final = re.compile(r"(?P<begin>\d{4}-\d\d(?:-\d\d)?)(?:\.\.(?P<end>\d{4}-\d\d(?:-\d\d)?))?")

__all__ = ["NAMERS", "called", "finding_text", "finding_text_in_codes", "place_called"]


def _word_of_badge(kind: str, code: str, language: str, _: Mapping[str, Value]) -> str:
    word = words().get(f"{kind}.{code}")
    return word[language].lower() if word else code


def _times(_: str, text: str, language: str, __: Mapping[str, Value]) -> str:
    """Return days, months and spans as people write them; of a span its last day."""
    known: Lang = "zh" if language == "zh" else "en"

    def told(found: re.Match[str]) -> str:
        begin, end = _first_day(found["begin"]), _first_day(found["end"] or found["begin"])
        if begin is None or end is None:
            return found[0]
        if not found["end"]:
            is_month = len(found["begin"]) == len("2026-01")
            return month_name(begin, known) if is_month else day(begin, known)
        last = end - timedelta(days=1)
        if (begin.day, end.day) == (1, 1):
            return month_range(begin, last.replace(day=1), known)
        return day(begin, known) if begin == last else f"{day(begin, known)} – {day(last, known)}"

    return _SPAN.sub(told, text)


def _first_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text if len(text) > len("2026-01") else f"{text}-01")
    except ValueError:
        return None


NAMERS: Final[dict[str, Named]] = {
    "month": _word_of_badge, "state": _word_of_badge, "time": _times,
}  # fmt: skip
"""Kind of a code → what tells its name; rooms put theirs in when they start."""


def called(kind: str) -> Callable[[str], str]:
    """Return what tells the names of a kind of codes that another room knows."""
    return lambda code: _called(kind, code, lang(), {})


def finding_text(finding: Finding) -> str:
    """Return a finding as it reads on a page."""
    return render_finding(replace(finding, at=place_called(finding.at)), lang(), _called)


def place_called(at: Where) -> Where:
    """Return a place with what its file is called; what is no file has no sheets and rows."""
    name = called("file")(at.file)
    if name == at.file:
        return at
    return replace(at, file=" · ".join(filter(None, [name, at.sheet])), sheet="", row=None)


def finding_text_in_codes(finding: Finding) -> str:
    """Return a finding as it reads for a program, which sends and gets codes."""
    return render_finding(finding, lang(), _as_it_is)


def _called(kind: str, code: str, language: str, fields: Mapping[str, Value]) -> str:
    namer = NAMERS.get(kind)
    return namer(kind, code, language, fields) if namer else code


def _as_it_is(_kind: str, code: str, _language: str, _fields: Mapping[str, Value]) -> str:
    return code
