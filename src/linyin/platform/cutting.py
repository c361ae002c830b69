"""The beginning of a text where there is no room for the whole."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["cut"]

_BEGUN: Final = re.compile(r"[\w./@-]*\Z", re.ASCII)
_LONGEST: Final = 80


def cut(text: str, longest: int = _LONGEST) -> str:
    """Return the beginning of a text, in any language; … says that there is more.

    A word of Latin letters is left out whole, a text without spaces is cut between characters.
    """
    if len(text) <= longest:
        return text
    begun = _BEGUN.sub("", text[: longest - 1]) or text[: longest - 1]
    return f"{begun.rstrip()}…"
