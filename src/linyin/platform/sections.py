"""The left bar: eight sections, and the pages that rooms put into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = [
    "SECTIONS", "MenuPage", "Section", "add_page", "label_of", "page_above", "pages_of",
    "stand_under",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """One of the eight: name, address, icon. Its words are `section.<name>`."""

    name: str
    icon: str


SECTIONS: Final = (
    Section("home", "home"),
    Section("inventory", "leaf"),
    Section("strategy", "target-arrow"),
    Section("energy", "bolt"),
    Section("operations", "building"),
    Section("supply", "truck-delivery"),
    Section("products", "package"),
    Section("enablement", "plant-2"),
)


@dataclass(frozen=True, slots=True)
class MenuPage:
    """A page in a section's row: what it is called, where it is, who sees it.

    Attributes
    ----------
    label
        Key of its words.
    url
        Name of its route.
    permission
        Who has it nowhere is not shown the page; '' = it is everybody's.
    order
        Place in the row.
    group
        Pages of one group stand in the row as one, `menu.<group>`, and are its tabs.
    needs_node
        Whether the permission must hold on a node: guests, who reach none, are not shown it.

    """

    section: str
    label: str
    url: str
    permission: str
    order: int = 100
    group: str = ""
    needs_node: bool = False

    def is_for(self, actor: Actor) -> bool:
        """Whether somebody is shown it."""
        if not self.permission:
            return actor.person is not None
        has = actor.nodes if self.needs_node else actor.may
        return bool(has(self.permission))


_PAGES: list[MenuPage] = []
_UNDER: dict[str, str] = {}


def add_page(page: MenuPage) -> None:
    """Put a page into its section."""
    if page not in _PAGES:
        _PAGES.append(page)


def stand_under(address: str, url: str) -> None:
    """Let pages below an address count as part of a page of the menu, named by its route."""
    _UNDER[address] = url


def page_above(path: str) -> tuple[str, str]:
    """Return the longest address that begins a path and stands under a page, and its route."""
    address = max((at for at in _UNDER if path.startswith(at)), key=len, default="")
    return address, _UNDER.get(address, "")


def label_of(url: str) -> str:
    """Return the key of the words of a page of the menu, named by its route."""
    return next(page.label for page in _PAGES if page.url == url)


def pages_of(section: str) -> list[MenuPage]:
    """Return the pages of a section in order."""
    return sorted((p for p in _PAGES if p.section == section), key=lambda p: (p.order, p.label))
