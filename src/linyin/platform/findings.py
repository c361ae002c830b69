"""Findings as a reader of pages has them: with names instead of codes, without words of files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from linyin.lake import render_finding
from linyin.platform.words import lang, words

if TYPE_CHECKING:
    from linyin.lake import Finding, Named, Value, Where

__all__ = ["NAMERS", "called", "finding_text", "finding_text_in_codes", "place_called"]


def _word_of_badge(kind: str, code: str, language: str, _: Mapping[str, Value]) -> str:
    word = words().get(f"{kind}.{code}")
    return word[language].lower() if word else code


NAMERS: Final[dict[str, Named]] = {"month": _word_of_badge, "state": _word_of_badge}
"""Kind of a code → what tells its name; rooms put theirs in when they start."""


def called(kind: str) -> Callable[[str], str]:
    """Return what tells the names of a kind of codes that another room knows."""
    return lambda code: _called(kind, code, lang(), {})


def finding_text(finding: Finding) -> str:
    """Return a finding as it reads on a page."""
    return render_finding(replace(finding, at=place_called(finding.at)), lang(), _called)


def place_called(at: Where) -> Where:
    """Return a place with what its file is called."""
    return replace(at, file=called("file")(at.file))


def finding_text_in_codes(finding: Finding) -> str:
    """Return a finding as it reads for a program, which sends and gets codes."""
    return render_finding(finding, lang(), _as_it_is)


def _called(kind: str, code: str, language: str, fields: Mapping[str, Value]) -> str:
    namer = NAMERS.get(kind)
    return namer(kind, code, language, fields) if namer else code


def _as_it_is(_kind: str, code: str, _language: str, _fields: Mapping[str, Value]) -> str:
    return code
