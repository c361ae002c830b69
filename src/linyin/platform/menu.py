"""The left bar and the row of pages as a reader sees them: words, addresses, what is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from linyin.platform.sections import MenuPage, Section, page_above
from linyin.platform.words import say

__all__ = ["MenuItem", "menu_of"]


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A section, a page, or a group of pages: what it is called, where it leads, if it is open."""

    label: str
    href: str
    is_open: bool
    icon: str = ""
    pages: Sequence[MenuItem] = ()

    @property
    def leaves(self) -> Sequence[MenuItem]:
        """The pages themselves, without the groups around them."""
        return [leaf for item in self.pages for leaf in item.leaves] if self.pages else [self]


def menu_of(
    sections: Iterable[tuple[Section, Sequence[MenuPage], bool]], path: str, query: str
) -> list[MenuItem]:
    """Return the sections with their pages; addresses keep the scope of the page.

    A section leads to its first page, as a group does; Home leads to itself. The page that is open
    is the one whose address begins the path, the longest if there are several.
    """
    return [_item(section, pages, is_open, path, query) for section, pages, is_open in sections]


def _item(
    section: Section, pages: Sequence[MenuPage], is_open: bool, path: str, query: str
) -> MenuItem:
    addresses = [(page, reverse(page.url)) for page in pages]
    here = max((at for _, at in addresses if path.startswith(at)), key=len, default="")
    below, above = page_above(path)
    if len(below) > len(here):
        here = reverse(above)
    asked = f"?{query}" if query else ""
    row: dict[str, list[MenuItem]] = {}
    for page, at in addresses:
        shown = MenuItem(say(page.label), at + asked, at == here)
        row.setdefault(f"menu.{page.group}" if page.group else page.url, []).append(shown)
    items = [_grouped(name, items) for name, items in row.items()]
    is_home = section.name == "home" or not items
    first = reverse("home") + asked if is_home else items[0].href
    return MenuItem(say(f"section.{section.name}"), first, is_open, section.icon, items)


def _grouped(name: str, items: Sequence[MenuItem]) -> MenuItem:
    if len(items) == 1:
        return items[0]
    is_open = any(item.is_open for item in items)
    return MenuItem(say(name), items[0].href, is_open, pages=items)
