"""What every page shows around its content: sections, context, person, state of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest

from linyin.platform.actor import Actor
from linyin.platform.sections import SECTIONS, MenuPage, Section, pages_of

__all__ = ["Page", "Scope", "page_context"]


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
    def query(self) -> str:
        """The scope as the query of an address."""
        stated = {"node": self.node, "year": self.year, "run": self.run}
        return urlencode({name: value for name, value in stated.items() if value})


class Page:
    """The shell of one page."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.actor: Actor = request.actor  # type: ignore[attr-defined]
        self.scope = Scope.of(request)
        self.is_demo = settings.IS_DEMO

    @cached_property
    def sections(self) -> list[tuple[Section, list[MenuPage], bool]]:
        """Return the sections that have pages for the reader: pages, and whether one is open."""
        shown = []
        here = self._request.path.strip("/").partition("/")[0] or "home"
        for section in SECTIONS:
            pages = [p for p in pages_of(section.name) if self.actor.may(p.permission)]
            if pages or section.name == "home":
                shown.append((section, pages, section.name == here))
        return shown

    @property
    def open_section(self) -> tuple[Section, list[MenuPage], bool] | None:
        """Return the section of this page."""
        return next((found for found in self.sections if found[2]), None)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Give every template its page."""
    return {"page": Page(request)} if hasattr(request, "actor") else {}
