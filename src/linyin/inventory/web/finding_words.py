"""What findings and the checks behind them are called in the reader's language."""

from __future__ import annotations

import re
from typing import Any, Final

from linyin.inventory import CHECKS
from linyin.lake import Finding, load_messages
from linyin.platform.findings import finding_text
from linyin.platform.words import lang

__all__ = ["check_called", "cut", "finding_told"]

_FIELD: Final = re.compile(r"\{[^}]*\}")
_BEGUN: Final = re.compile(r"[\w./@-]*\Z", re.ASCII)
_LONGEST: Final = 80


def check_called(code: str) -> str:
    """Return what a check looks for; of another finding its text without its fields."""
    if code in CHECKS:
        return cut(CHECKS[code].description(lang()))
    message = load_messages().get(code)
    return cut(_FIELD.sub("…", message.texts[lang()])) if message else code


def finding_told(finding: dict[str, Any]) -> str:
    """Return a finding as it reads."""
    return finding_text(Finding.from_dict(finding))


def cut(text: str, longest: int = _LONGEST) -> str:
    """Return the beginning of a text, in any language; … says that there is more.

    A word of Latin letters is left out whole, a text without spaces is cut between characters.
    """
    if len(text) <= longest:
        return text
    begun = _BEGUN.sub("", text[: longest - 1]) or text[: longest - 1]
    return f"{begun.rstrip()}…"
