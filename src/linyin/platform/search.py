"""The search of Ctrl-K: pages, what rooms let be found, records of everything in reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from linyin.platform.finding import record_hits
from linyin.platform.parts import Hit, Hits
from linyin.platform.shell import Page
from linyin.platform.signin import signed_in
from linyin.platform.words import say

__all__ = ["FINDERS", "search"]

# A finder yields what a reader may see of what a text finds, under headings.
type Finder = Callable[[Page, str], Iterable[tuple[str, Sequence[Hit]]]]


def _pages(page: Page, query: str) -> Iterator[tuple[str, Sequence[Hit]]]:
    wanted = query.casefold()
    hits = []
    for section in page.menu:
        leaves = section.leaves
        is_page = all(leaf.href != section.href for leaf in leaves)
        for item in (section, *leaves) if is_page else leaves:
            hint = section.label if item is not section else ""
            if wanted in f"{section.label} {item.label}".casefold():
                hits.append(Hit(item.label, item.href, hint, section.icon))
    yield say("search.pages"), hits


# Rooms put theirs between the pages and the records.
FINDERS: Final[list[Finder]] = [_pages]
_LONGEST: Final = 8


@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Answer the palette with what it shows, and everybody else with a page."""
    page = Page.of(request)
    query = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    found = (group for finder in (*FINDERS, record_hits) for group in finder(page, query))
    groups = [(heading, hits[:_LONGEST]) for heading, hits in found if hits]
    context = {"hits": Hits(query, groups), "query": query}
    is_part = request.headers.get("HX-Request")
    return render(request, f"platform/search{'_hits' if is_part else ''}.html", context)
