"""What every part of a page is: data with a template, written into a page as ``{{ part }}``."""

from __future__ import annotations

from typing import ClassVar

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

__all__ = ["Part", "icon"]


class Part:
    """A part of a page; its attributes stand in its template as `it`."""

    __slots__ = ()
    template: ClassVar[str]

    def __str__(self) -> SafeString:
        return render_to_string(f"platform/parts/{self.template}.html", {"it": self})

    __html__ = __str__


def icon(name: str, kind: str = "") -> SafeString:
    """Return a drawing of the sprite; it says nothing to screen readers."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        kind,
        static("linyin/vendor/icons.svg"),
        name,
    )
