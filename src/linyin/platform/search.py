"""The search of Ctrl-K: pages and what rooms let be found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linyin.platform.parts import Hit, Hits
from linyin.platform.shell import Page
from linyin.platform.signin import signed_in
from linyin.platform.words import say

__all__ = ["FINDERS", "search"]

# A finder returns what a reader may see of what a text finds, under the key of a heading.
type Finder = Callable[[Page, str], tuple[str, Sequence[Hit]]]


def _pages(page: Page, query: str) -> tuple[str, Sequence[Hit]]:
    wanted = query.casefold()
    hits = []
    for section in page.menu:
        leaves = section.leaves
        is_page = all(leaf.href != section.href for leaf in leaves)
        for item in (section, *leaves) if is_page else leaves:
            hint = section.label if item is not section else ""
            if wanted in f"{section.label} {item.label}".casefold():
                hits.append(Hit(item.label, item.href, hint, section.icon))
    return "search.pages", hits


FINDERS: Final[list[Finder]] = [_pages]
_LONGEST: Final = 8


@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Answer the palette with what it shows, and everybody else with a page."""
    page = Page.of(request)
    query = request.GET.get("q", "").strip()[:200]
    found = [finder(page, query) for finder in FINDERS]
    groups = [(say(key), hits[:_LONGEST]) for key, hits in found if hits]
    context = {"hits": Hits(query, groups), "query": query}
    is_part = request.headers.get("HX-Request")
    return render(request, f"platform/search{'_hits' if is_part else ''}.html", context)
