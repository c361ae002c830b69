"""Markdown as the documentation is written in it; the guides of the app and the site share it."""

from __future__ import annotations

import re

from markdown import Markdown

__all__ = ["converter"]


def converter() -> Markdown:
    """Return a converter to HTML: tables, fenced code, and headings with anchors."""
    return Markdown(
        extensions=["tables", "fenced_code", "toc", "sane_lists", "attr_list"],
        extension_configs={"toc": {"slugify": _slug}},
    )


def _slug(text: str, separator: str) -> str:
    """Name an anchor as Git hosts do: words kept, Chinese included."""
    return re.sub(r"\s", separator, re.sub(r"[^\w\s-]", "", text.lower()).strip())
