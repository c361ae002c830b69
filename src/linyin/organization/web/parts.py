"""What the page of a part of the organization shows beside its facts: where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from linyin.platform.findings import called
from linyin.platform.numbers import number
from linyin.platform.parts import Column, Empty, Row, Table
from linyin.platform.resources import RecordPart
from linyin.platform.times import day
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.organization.web.models import Node, Standing
    from linyin.platform.actor import Actor

__all__ = ["node_parts"]


def node_parts(actor: Actor, node: Node) -> Iterator[RecordPart]:
    """Yield the places of a part in the structure, as far as the reader sees what is above."""
    names = actor.tree.names(lang())
    reach = actor.nodes("organization.view")
    columns = [
        Column(say("standings.parent"), is_wide=True),
        Column(say("standings.owner")),
        Column(say("standings.ownership_pct"), is_number=True),
        Column(say("standings.place")),
        Column(say("standings.begin")),
        Column(say("standings.end")),
    ]

    def seen(one: Node | None) -> str:
        return names.get(one.code, one.code) if one is not None and one.code in reach else ""

    def row(one: Standing) -> Row:
        share = "" if one.ownership_pct is None else number(one.ownership_pct)
        place = called("place")(one.place or one.country) if one.place or one.country else ""
        begin, end = (day(at) if at else "" for at in (one.begin, one.end))
        cells = [seen(one.parent), seen(one.owner), share, place, begin, end]
        return Row(cells, reverse("standings-record", args=[one.pk]))

    rows = [row(one) for one in node.standings.select_related("parent", "owner")]
    title = say("standings.title")
    empty = Empty(title, say("standings.empty"))
    href = f"{reverse('standings-list')}?{urlencode({'node': node.code})}"
    yield RecordPart(title, Table(title, columns, rows, empty=empty), href)
