"""Texts whose names of files, columns and commands read as code."""

from __future__ import annotations

import re
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

__all__ = ["coded"]

# What is written with `…` around it, and names as files have them.
_CODE: Final = re.compile(r"`([^`]+)`|(?<![\w./@-])([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?![\w./@-])")
_STRONG: Final = re.compile(r"\*\*([^*]+)\*\*")


def coded(text: str) -> SafeString:
    """Write a text whose names of files, columns and commands are code, and **these** strong."""
    if isinstance(text, SafeString):
        return text
    told = _CODE.sub(lambda found: f"<code>{found[1] or found[2]}</code>", escape(text))
    return mark_safe(_STRONG.sub(r"<strong>\1</strong>", told))  # noqa: S308 - escaped above
