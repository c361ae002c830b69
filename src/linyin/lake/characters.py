"""Characters that change what a reader sees without being seen: refused, removed, or shown.

- Control characters (C0 but for tab and line ends, DEL, C1) steer terminals.
- Bidirectional controls (U+202A–U+202E, U+2066–U+2069) make text read in another order than it
  is stored [1]_.
- Zero-width characters that carry no meaning between letters of the languages of the tables
  (U+200B, U+2060, U+FEFF) make equal codes differ; they are removed.

References
----------
.. [1] Boucher, Anderson (2021), Trojan Source: Invisible Vulnerabilities, CVE-2021-42574.

"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["FORBIDDEN", "ZERO_WIDTH", "code_point", "visible", "without_zero_width"]

FORBIDDEN: Final = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\u202a-\u202e\u2066-\u2069]"
ZERO_WIDTH: Final = "[\u200b\u2060\ufeff]"
_UNSAFE: Final = re.compile(f"{FORBIDDEN}|\r(?!\n)")
_FORBIDDEN: Final = re.compile(FORBIDDEN)
_ZERO_WIDTH: Final = re.compile(ZERO_WIDTH)


def visible(text: str) -> str:
    """Return a text with everything that steers a terminal written as `<U+001B>`."""
    return text if text.isprintable() else _UNSAFE.sub(lambda m: f"<{code_point(m[0])}>", text)


def code_point(text: str) -> str:
    """Return the first forbidden character of a text, else its first, as `U+001B`."""
    found = _FORBIDDEN.search(text)
    return f"U+{ord(found[0] if found else text[0]):04X}"


def without_zero_width(text: str) -> str:
    """Return a text without characters that take no place and mean nothing."""
    return text if text.isascii() else _ZERO_WIDTH.sub("", text)
