"""The organization's resources."""

from __future__ import annotations

from datetime import date

from django.utils.timezone import localdate

from linyin.organization.web import called as _called  # noqa: F401 - its namer
from linyin.organization.web.actions import move_node, sight_of_move
from linyin.organization.web.checks import (
    check_last_standing,
    check_metric,
    check_node,
    check_span,
    check_standing,
)
from linyin.organization.web.models import Allocation, Metric, Node, Profile, Standing
from linyin.organization.web.parts import node_parts
from linyin.platform.findings import called
from linyin.platform.resources import Column, Filter, Resource
from linyin.platform.words import say, words

__all__ = ["allocations", "metrics", "nodes", "profiles", "standings"]


def _sight_day(standing: Standing) -> date:
    """Return the day on which a standing tells who sees what: today, or its first day."""
    today = localdate()
    return max(today, standing.begin or today)


def _after(unit: str, _: object) -> str:
    return called("unit")(unit)


nodes = Resource(
    name="nodes",
    section="inventory",
    model=Node,
    columns=[
        Column("name_en"),
        Column("name_zh"),
        Column("code", "code"),
        Column("kind", "choice"),
        Column("opened", "date"),
        Column("closed", "date"),
        Column("note", listed=False),
    ],
    view="organization.view",
    edit="organization.edit",
    filters=[Filter("kind"), Filter("node", "node", "code")],
    search=["code", "name_en", "name_zh"],
    order="code",
    fields=["code", "kind", "name_en", "name_zh", "opened", "closed", "note"],
    title="name_en",
    check=check_node,
    actions=[move_node],
    parts=node_parts,
    sights={move_node.name: sight_of_move},
    rank=60,
    group="organization",
)
standings = Resource(
    name="standings",
    section="inventory",
    model=Standing,
    columns=[
        Column("node", "node", "node__code"),
        Column("parent", "node", "parent__code"),
        Column("owner", "node", "owner__code"),
        Column("ownership_pct", "number"),
        Column("control", "choice"),
        Column("operator", "node"),
        Column("place", "code", says=called("place")),
        Column("country", "code", says=called("country"), listed=False),
        Column("begin", "date"),
        Column("end", "date"),
    ],
    view="organization.view",
    edit="organization.edit",
    filters=[Filter("node", "node", "node__code"), Filter("control")],
    search=["node__code", "node__name_en", "node__name_zh"],
    order="node",
    fields=[
        "node",
        "parent",
        "owner",
        "ownership_pct",
        "control",
        "operator",
        "country",
        "place",
        "begin",
        "end",
    ],
    title="node",
    check=check_standing,
    check_removal=check_last_standing,
    sight_day=_sight_day,
    not_imported="each decides who sees what, so who gains and loses sight is looked at first",
    rank=61,
    group="organization",
)


def _known_metrics() -> list[tuple[str, str]]:
    """Return the metrics that intensities and allocations look for, and what they are called."""
    stem = "metrics.metric."
    return [(key.removeprefix(stem), say(key)) for key in words() if key.startswith(stem)]


metrics = Resource(
    name="metrics",
    section="inventory",
    model=Metric,
    columns=[
        Column("node", "node", "node__code"),
        Column("metric", "choice"),
        Column("item", "code", says=called("item")),
        Column("begin", "date"),
        Column("end", "date"),
        Column("value", "number", unit="unit", unit_says=_after),
        Column("unit", "code", says=called("unit"), listed=False),
        Column("source"),
    ],
    view="organization.view",
    edit="organization.edit",
    filters=[
        Filter("node", "node", "node__code"),
        Filter("metric"),
        Filter("year", "year", "begin"),
    ],
    search=["node__code", "metric", "item", "source"],
    order="-begin",
    fields=["node", "metric", "item", "begin", "end", "value", "unit", "source"],
    title="metric",
    suggests={"metric": _known_metrics},
    check=check_metric,
    rank=62,
    group="organization",
    identity=["node", "metric", "item", "begin", "end"],
)
allocations = Resource(
    name="allocations",
    section="inventory",
    model=Allocation,
    columns=[
        Column("site", "node", "site__code"),
        Column("item", "code", says=called("item")),
        Column("meter", "code"),
        Column("target", "node", "target__code"),
        Column("key", "choice"),
        Column("value", "number", unit="unit", unit_says=_after),
        Column("unit", "code", says=called("unit"), listed=False),
        Column("rest", "choice"),
        Column("begin", "date"),
        Column("end", "date"),
        Column("note", listed=False),
    ],
    view="organization.view",
    edit="organization.edit",
    filters=[Filter("node", "node", "site__code"), Filter("key")],
    search=["site__code", "target__code", "item", "meter"],
    order="site",
    fields=[
        "site",
        "item",
        "meter",
        "target",
        "key",
        "value",
        "unit",
        "rest",
        "begin",
        "end",
        "note",
    ],
    title="site",
    check=check_span,
    rank=63,
    group="organization",
    identity=["site", "item", "meter", "target", "begin"],
)
profiles = Resource(
    name="profiles",
    section="inventory",
    model=Profile,
    columns=[
        Column("profile", "code"),
        Column("begin", "date"),
        Column("end", "date"),
        Column("weight", "number"),
        Column("note", listed=False),
    ],
    view="organization.view",
    edit="organization.edit",
    filters=[Filter("profile")],
    search=["profile", "note"],
    order="profile",
    fields=["profile", "begin", "end", "weight", "note"],
    rank=64,
    in_menu=False,
    under="allocations-list",
    identity=["profile", "begin"],
)
