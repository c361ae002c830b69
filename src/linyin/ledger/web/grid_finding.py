"""What Ctrl-K finds of data entry: the sites and source lines whose months are typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from linyin.ledger.web.grid_models import SourceLine
from linyin.platform.parts import Hit
from linyin.platform.search import FINDERS
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.organization.web.models import Node
    from linyin.platform.shell import Page

__all__ = ["entry_hits"]

_SHORTEST: Final = 2


def entry_hits(page: Page, query: str) -> Iterator[tuple[str, Sequence[Hit]]]:
    """Find grids by the names of sites and sources, also after “enter data for” or 填报."""
    if len(query) < _SHORTEST:
        return
    words = query.casefold().replace("填报", " 填报 ").split()
    reach = page.actor.nodes("activities.edit")
    lines = SourceLine.objects.filter(site__code__in=reach).select_related("site")
    sites: dict[Node, list[SourceLine]] = {}
    for line in lines:
        sites.setdefault(line.site, []).append(line)
    found = [_site_hit(page, site) for site in sites if _holds(_names(site), words)]
    found += [
        _line_hit(page, line)
        for site, of_site in sites.items()
        for line in of_site
        if _holds([*_names(site), line.code, line.label_en, line.label_zh, *_kind(line)], words)
    ]
    yield say("find.entry"), found


def _holds(texts: Sequence[str], words: Sequence[str]) -> bool:
    """Whether all words stand in texts or in what a hit begins with."""
    held = " ".join((*texts, *_begins())).casefold()
    return all(word in held for word in words)


def _begins() -> list[str]:
    return [say("find.entry.site", language, site="") for language in ("en", "zh")]


def _names(site: Node) -> list[str]:
    return [site.code, site.name("en"), site.name("zh")]


def _kind(line: SourceLine) -> list[str]:
    return [say(f"lines.source_type.{line.source_type}", language) for language in ("en", "zh")]


def _site_hit(page: Page, site: Node) -> Hit:
    return Hit(say("find.entry.site", site=site.name(lang())), _grid(page, site), "", "keyboard")


def _line_hit(page: Page, line: SourceLine) -> Hit:
    name = say("find.entry.line", site=line.site.name(lang()), line=line.label(lang()))
    kind = say(f"lines.source_type.{line.source_type}")
    return Hit(name, f"{_grid(page, line.site)}#r-{line.pk}", kind, "keyboard")


def _grid(page: Page, site: Node) -> str:
    query = page.scope.query
    return reverse("grid", args=[site.code]) + (f"?{query}" if query else "")


FINDERS.append(entry_hits)
