"""What the nodes that findings name by their codes are called in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from linyin.organization.web.models import Node
from linyin.platform.findings import NAMERS
from linyin.platform.remembered import once
from linyin.platform.words import lang

if TYPE_CHECKING:
    from linyin.lake import Value

__all__ = ["node_called", "nodes_called"]


def node_called(code: str) -> str:
    """Return the name of a node; a code of none as it is."""
    node = once(_nodes).get(code)
    return code if node is None else node.name(lang())


def nodes_called(word: str) -> frozenset[str]:
    """Return the codes of the nodes in whose name, as the reader sees it, a word stands."""
    folded = word.casefold()
    named = once(_nodes).items()
    return frozenset(code for code, node in named if folded in node.name(lang()).casefold())


def _nodes() -> Mapping[str, Node]:
    known = Node.objects.only("code", "name_en", "name_zh")
    return {node.code: node for node in known}


def _node(_kind: str, code: str, _language: str, _fields: Mapping[str, Value]) -> str:
    return node_called(code)


NAMERS.update(dict.fromkeys(("node", "site", "owner", "parent", "operator"), _node))
