"""The page Help: what one does where, keys, guides, and where errors go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from linyin.platform.guiding import guides
from linyin.platform.shell import Page
from linyin.platform.signin import signed_in
from linyin.platform.words import say, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linyin.platform.sections import MenuPage

__all__ = ["help_page", "told_of"]

# Keys, and the key of what they do; those of the grid are its script's.
KEYS: Final = (
    ("Ctrl K", "help.key.search"),
    ("↑ ↓ Enter", "help.key.move"),
    ("Esc", "help.key.close"),
    ("Enter", "help.key.grid_down"),
    ("← → ↑ ↓", "help.key.grid_move"),
    ("F2", "help.key.grid_details"),
    ("Ctrl V", "help.key.grid_paste"),
    ("Ctrl Z", "help.key.grid_undo"),
)
ERRORS: Final = ("help.errors.field", "help.errors.run", "help.errors.job", "help.errors.server")


@dataclass(frozen=True, slots=True)
class HelpedSection:
    """A section of the left bar: its pages with what one does there."""

    label: str
    icon: str
    about: str
    pages: list[tuple[str, str, str]]


@signed_in
def help_page(request: HttpRequest) -> HttpResponse:
    """Tell the reader what can be done on the pages that they have."""
    context = {
        "sections": list(_sections(Page.of(request))),
        "keys": [(key.split(), say(word)) for key, word in KEYS],
        "guides": guides(),
        "errors": [say(word) for word in ERRORS],
    }
    return render(request, "platform/help.html", context)


def told_of(page: MenuPage) -> str:
    """Return what one does on a page; of a list that says nothing else, what belongs there."""
    own, empty = f"help.{page.url}", f"{page.url.removesuffix('-list')}.empty"
    return say(own if own in words() else empty)


def _sections(page: Page) -> Iterator[HelpedSection]:
    query = f"?{page.scope.query}" if page.scope.query else ""
    for section, pages, _ in page.sections:
        told = [(say(p.label), reverse(p.url) + query, told_of(p)) for p in pages]
        about = say(f"help.section.{section.name}")
        yield HelpedSection(say(f"section.{section.name}"), section.icon, about, told)
