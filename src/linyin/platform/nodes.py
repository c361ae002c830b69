"""Nodes to choose from, as a tree in words."""

from __future__ import annotations

from collections.abc import Collection

from linyin.platform.grants import children_today
from linyin.platform.words import Lang

__all__ = ["node_options"]


def node_options(codes: Collection[str], language: Lang) -> list[tuple[str, str]]:
    """Return code and name of the nodes in reach, parents before children, indented."""
    from linyin.organization.web.models import Node

    names = {n.code: n.name(language) for n in Node.objects.filter(code__in=codes)}
    below = children_today()
    options: list[tuple[str, str]] = []

    def add(code: str, depth: int) -> None:
        if code in names:
            options.append((code, "\u2003" * depth + names[code]))
            depth += 1
        for child in sorted(below.get(code, ())):
            add(child, depth)

    for root in sorted(below.get("", ())):
        add(root, 0)
    return options
