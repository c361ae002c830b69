"""The management tree of a day: read once by whoever holds it, then only asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.timezone import localdate

if TYPE_CHECKING:
    from linyin.organization.web.models import Node
    from linyin.platform.words import Lang

__all__ = ["Tree"]


class Tree:
    """The management tree of a day, as it stands when it is first asked.

    Who acts holds one as long as a request or a job lasts (`Actor.tree`). What must see a change
    of the tree makes one of its own.

    Parameters
    ----------
    day : date, optional
        Today unless stated.

    """

    def __init__(self, day: date | None = None) -> None:
        self.day = day or localdate()

    @cached_property
    def parents(self) -> dict[str, str]:
        """Node → parent, '' for the roots.

        A node that has no standing that day (closed, or not yet there) stays where it stood last,
        so that its past remains in sight of those who answer for it.
        """
        from linyin.organization.web.models import Standing

        parents: dict[str, str] = {}
        rows = Standing.objects.order_by(F("begin").asc(nulls_first=True)).values_list(
            "node__code", "parent__code", "begin", "end"
        )
        settled: set[str] = set()
        for node, parent, begin, end in rows:
            holds = (begin is None or begin <= self.day) and (end is None or end > self.day)
            if node in settled and not holds:
                continue
            if holds:
                settled.add(node)
            parents[node] = parent or ""
        return parents

    @cached_property
    def below(self) -> dict[str, list[str]]:
        """Parent → children; '' is above the roots."""
        below: dict[str, list[str]] = {}
        for node, parent in self.parents.items():
            below.setdefault(parent, []).append(node)
        return below

    def subtree(self, code: str) -> set[str]:
        """Return a node's code and those of all below it."""
        found: set[str] = set()
        waiting = [code]
        while waiting:
            here = waiting.pop()
            if here not in found:
                found.add(here)
                waiting.extend(self.below.get(here, ()))
        return found

    def path_to(self, code: str) -> list[str]:
        """Return the nodes from the root down to a node, both included."""
        path: list[str] = []
        here = code
        while here and here not in path:
            path.append(here)
            here = self.parents.get(here, "")
        return path[::-1]

    def names(self, language: Lang) -> dict[str, str]:
        """Return code → name of every node, also of those that stand nowhere."""
        return {node.code: node.name(language) for node in self._nodes}

    def options(self, codes: Collection[str], language: Lang) -> list[tuple[str, str]]:
        """Return code and name of some nodes to choose from, parents first, indented."""
        names = self.names(language)
        options: list[tuple[str, str]] = []

        def add(code: str, depth: int) -> None:
            if code in codes and code in names:
                options.append((code, "\u2003" * depth + names[code]))
                depth += 1
            for child in sorted(self.below.get(code, ())):
                add(child, depth)

        for root in sorted(self.below.get("", ())):
            add(root, 0)
        return options

    @cached_property
    def _nodes(self) -> list[Node]:
        from linyin.organization.web.models import Node

        return list(Node.objects.only("code", "name_en", "name_zh"))
