"""What every page shows around its content: sections, context, person, state of the machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, QueryDict

from linyin.platform.actor import who_asks
from linyin.platform.menu import MenuItem, menu_of
from linyin.platform.parts import Chip, Notice
from linyin.platform.preferences import LOOKS, look_of
from linyin.platform.sections import SECTIONS, MenuPage, Section, pages_of
from linyin.platform.words import say

__all__ = ["CHOOSERS", "TASK_COUNTS", "WATCHES", "Page", "Scope", "page_context"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which node, year and run a page is about; it stands in the address."""

    node: str = ""
    year: int | None = None
    run: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Scope:
        """Read it from an address; what cannot be read is not there."""
        year = request.GET.get("year", "")
        return cls(
            request.GET.get("node", ""),
            int(year) if year.isdecimal() and len(year) == 4 else None,
            request.GET.get("run", ""),
        )

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The scope as fields of a form: what is not stated is left out."""
        stated = {"node": self.node, "year": self.year, "run": self.run}
        return [(name, str(value)) for name, value in stated.items() if value]

    @property
    def query(self) -> str:
        """The scope as the query of an address."""
        return urlencode(self.fields)


EARLIEST: Final = 1990
LATEST: Final = 2200

# What rooms and the platform's other modules put into the shell when they start: chips of the
# context in their order, warnings, numbers of waiting tasks.
CHOOSERS: Final[list[Callable[[Page], Chip | None]]] = []
WATCHES: Final[list[Callable[[Page], Notice | None]]] = []
TASK_COUNTS: Final[list[Callable[[Page], int]]] = []


class Page:
    """The shell of one page."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor = who_asks(request)
        self.scope, self.asked = Scope.of(request), request.GET
        self.is_demo = settings.IS_DEMO
        self.told = ""
        self.year_shown: int | None = None
        self.node_shown = ""
        self.kept: dict[str, Any] = {}  # what choosers have read, once a page

    @classmethod
    def of(cls, request: HttpRequest) -> Page:
        """Return the shell of a request; there is one, however many templates it is read by."""
        page: Page | None = getattr(request, "page", None)
        if page is None:
            page = request.page = cls(request)  # type: ignore[attr-defined]
        return page

    @property
    def may_call(self) -> bool:
        """Whether the reader may make tokens for the API."""
        return self.actor.may("api.use")

    def address(self, path: str = "", **changed: str) -> str:
        """Return this page's address, or another, with another context; what is empty is left out.

        What a list is narrowed to and ordered by is kept; its place is not, nor the month of
        another year.
        """
        asked = self.asked.copy()
        for name in ("at", *(["month"] if "year" in changed else []), *changed):
            asked.pop(name, None)
        asked.update({name: value for name, value in changed.items() if value})
        at = path or self.request.path
        return f"{at}?{asked.urlencode()}" if asked else at

    def shows(self, year: int, node: str = "") -> None:
        """Tell the header which year and node a page is of, also where the address names none."""
        self.year_shown, self.node_shown = year, node

    def require_scope(self) -> None:
        """Refuse a year of the address that is none, and a node that the reader does not reach.

        Raises
        ------
        Http404
            If the year is none from 1990 to 2200, or no such node is in reach; the page tells it.

        """
        year, node = self.scope.year, self.scope.node
        if self.asked.get("year") and (year is None or not EARLIEST <= year <= LATEST):
            raise self.unknown(say("shell.year.unknown"))
        if node and not any(node in nodes for nodes in self.actor.reach.values()):
            raise self.unknown(say("shell.node.unknown"))

    def unknown(self, told: str) -> Http404:
        """Return the error of a context that is not there, to be raised; the page tells it."""
        self.scope, self.asked, self.told = Scope(), QueryDict(), told
        return Http404(told)

    @cached_property
    def sections(self) -> list[tuple[Section, list[MenuPage], bool]]:
        """Return the sections that have pages for the reader: pages, and whether one is open."""
        shown = []
        here = self.request.path.strip("/").partition("/")[0] or "home"
        for section in SECTIONS:
            pages = [p for p in pages_of(section.name) if p.is_for(self.actor)]
            if pages or section.name == "home":
                shown.append((section, pages, section.name == here))
        return shown

    @cached_property
    def menu(self) -> list[MenuItem]:
        """Return the left bar."""
        return menu_of(self.sections, self.request.path, self.scope.query)

    @property
    def open_menu(self) -> MenuItem | None:
        """Return the section of this page as it stands in the left bar."""
        return next((item for item in self.menu if item.is_open), None)

    @cached_property
    def group(self) -> MenuItem | None:
        """Return the group whose tab this page is; a record is no tab and has tabs of its own."""
        row = self.open_menu.pages if self.open_menu else ()
        opened = next((item for item in row if item.is_open and item.pages), None)
        tabs = opened.pages if opened else ()
        is_tab = any(tab.href.partition("?")[0] == self.request.path for tab in tabs)
        return opened if is_tab else None

    @property
    def frame(self) -> str:
        """Return the template that frames a page which may be anybody's: an error, an account."""
        return f"platform/{'base' if self.actor.person else 'entrance'}.html"

    @property
    def initial(self) -> str:
        """Return what stands for the reader where there is no room for a name."""
        return str(self.actor.person or "?")[:1].upper()

    @cached_property
    def chips(self) -> list[Chip]:
        """Return node, year and run of the page with what else they may be."""
        return [chip for chooser in CHOOSERS if (chip := chooser(self)) is not None]

    @cached_property
    def worker_warning(self) -> Notice | None:
        """Return what is wrong with the machine, if the reader must know."""
        return next((said for watch in WATCHES if (said := watch(self)) is not None), None)

    @property
    def may_enter(self) -> bool:
        """Whether the reader sees data that is entered."""
        return self.actor.may("activities.view")

    @cached_property
    def task_count(self) -> int:
        """Return how many tasks wait for the reader."""
        return sum(count(self) for count in TASK_COUNTS)

    @property
    def open_section(self) -> tuple[Section, list[MenuPage], bool] | None:
        """Return the section of this page."""
        return next((found for found in self.sections if found[2]), None)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Give every template its page, the languages and the looks to choose from."""
    shared = {"look": look_of(request), "looks": LOOKS, "languages": settings.LANGUAGES}
    return shared | ({"page": Page.of(request)} if hasattr(request, "actor") else {})
