"""Reasons that the program itself gives for what it writes, in the reader's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from linyin.platform.words import say

__all__ = ["REASONS", "reason_said"]

# How such a reason reads whole → its words. Rooms add theirs.
REASONS: Final[dict[str, Callable[[re.Match[str]], str]]] = {
    "add columns": lambda _: say("reason.columns"),
    "compact": lambda _: say("reason.compact"),
    "vacuum": lambda _: say("reason.vacuum"),
    "superseded by (.+)": lambda found: say("reason.superseded", row=found[1]),
    r"(.*) \(no longer delivered\)": lambda found: say(
        "reason.not_delivered", reason=reason_said(found[1])
    ),
}


def reason_said(reason: str) -> str:
    """Return a reason as the reader reads it; what people wrote stays as it is."""
    for pattern, said in REASONS.items():
        if found := re.fullmatch(pattern, reason, re.DOTALL):
            return said(found)
    return reason
