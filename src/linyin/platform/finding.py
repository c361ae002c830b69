"""Records found by words in everything that somebody may see: the search of pages and the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from linyin.platform.parts import Hit
from linyin.platform.resources import RESOURCES, Query
from linyin.platform.resources.asked import record_href
from linyin.platform.resources.display import Display
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.resources import Column, Resource
    from linyin.platform.resources.source import Row
    from linyin.platform.shell import Page

__all__ = ["find_records", "record_hits"]

_SHOWN: Final = 5
_HINTS: Final = 2
_SHORTEST: Final = 2
_TELLING: Final = frozenset({"node", "choice", "code", "text", "link", "date"})


def find_records(actor: Actor, words: str, size: int) -> Iterator[tuple[Resource, Sequence[Row]]]:
    """Yield the resources with records in which all words stand, at most `size` of each."""
    asked = Query(search=words, size=size)
    for resource in RESOURCES.values():
        if not resource.search or not words.strip() or not (reach := resource.reach(actor)):
            continue
        if rows := resource.rows.page(reach, asked).rows:
            yield resource, rows


def record_hits(page: Page, query: str) -> Iterator[tuple[str, Sequence[Hit]]]:
    """Find records under the titles of their lists."""
    if len(query) < _SHORTEST:
        return
    for resource, rows in find_records(page.actor, query, _SHOWN):
        href = record_href(resource.opens or f"{resource.name}-record", page.scope.query)
        display = Display.of(resource, rows, page.actor.tree)
        yield say(f"{resource.name}.title"), [_hit(resource, display, row, href) for row in rows]


def _hit(resource: Resource, display: Display, row: Row, href: Callable[[str], str]) -> Hit:
    title = resource.title_of(row, lang())
    label = display.text(title, row) or resource.titled(row)
    told = (
        display.text(column, row)
        for column in resource.listed
        if column.kind in _TELLING and not _names(column, title)
    )
    hints = [text for text in dict.fromkeys(told) if text and text != label][:_HINTS]
    return Hit(label, href(row["pk"]), " · ".join(hints), "file-text")


def _names(column: Column, title: Column) -> bool:
    """Whether a column holds what a row is called, be it in another language."""
    plain = {c.name.removesuffix("_en").removesuffix("_zh") for c in (column, title)}
    return len(plain) == 1
