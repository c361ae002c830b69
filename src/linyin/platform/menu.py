"""The left bar and the row of pages as a reader sees them: words, addresses, what is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from linyin.platform.sections import MenuPage, Section
from linyin.platform.words import say

__all__ = ["MenuItem", "menu_of"]


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A section or a page: what it is called, where it leads, whether it is open."""

    label: str
    href: str
    is_open: bool
    icon: str = ""
    pages: Sequence[MenuItem] = ()


def menu_of(
    sections: Iterable[tuple[Section, Sequence[MenuPage], bool]], path: str, query: str
) -> list[MenuItem]:
    """Return the sections with their pages; addresses keep the scope of the page.

    A section leads to its first page. The page that is open is the one whose address begins the
    path, the longest if there are several.
    """
    return [_item(section, pages, is_open, path, query) for section, pages, is_open in sections]


def _item(
    section: Section, pages: Sequence[MenuPage], is_open: bool, path: str, query: str
) -> MenuItem:
    addresses = [(page, reverse(page.url)) for page in pages]
    here = max((at for _, at in addresses if path.startswith(at)), key=len, default="")
    asked = f"?{query}" if query else ""
    shown = [MenuItem(say(page.label), at + asked, at == here) for page, at in addresses]
    first = addresses[0][1] if addresses else reverse("home")
    return MenuItem(
        say(f"section.{section.name}"), first + asked, is_open, section.icon, tuple(shown)
    )
