"""What findings and the checks behind them are called in the reader's language."""

from __future__ import annotations

import re
from typing import Any, Final

from linyin.inventory import CHECKS
from linyin.lake import Finding, load_messages
from linyin.platform.cutting import cut
from linyin.platform.findings import finding_text
from linyin.platform.words import lang

__all__ = ["check_called", "finding_told"]

_FIELD: Final = re.compile(r"\{[^}]*\}")


def check_called(code: str) -> str:
    """Return what a check looks for; of another finding its text without its fields."""
    if code in CHECKS:
        return cut(CHECKS[code].description(lang()))
    message = load_messages().get(code)
    return cut(_FIELD.sub("…", message.texts[lang()])) if message else code


def finding_told(finding: dict[str, Any]) -> str:
    """Return a finding as it reads."""
    return finding_text(Finding.from_dict(finding))
