"""What the lines of the inventory are called in the reader's language."""

from __future__ import annotations

from linyin.inventory import ReportVocabulary
from linyin.platform.words import lang

__all__ = ["line_name"]


def line_name(line: str) -> str:
    """Return a line of the inventory with its name in the reader's language."""
    name = ReportVocabulary(lang()).known("line", line)
    return line if name == line else f"{line} {name}"
