"""The organization's resources."""

from __future__ import annotations

from linyin.organization.web.models import Allocation, Metric, Node, Profile, Standing
from linyin.platform.resources import Column, Filter, Resource

__all__ = ["allocations", "metrics", "nodes", "profiles", "standings"]

nodes = Resource(
    name="nodes",
    section="inventory",
    model=Node,
    columns=[
        Column("code", "code"),
        Column("name_en"),
        Column("name_zh"),
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
    rank=60,
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
        Column("place", "code"),
        Column("country", "code", listed=False),
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
    ],  # fmt: skip
    title="node",
    rank=61,
)
metrics = Resource(
    name="metrics",
    section="inventory",
    model=Metric,
    columns=[
        Column("node", "node", "node__code"),
        Column("metric", "choice"),
        Column("item", "code"),
        Column("begin", "date"),
        Column("end", "date"),
        Column("value", "number", unit="unit"),
        Column("unit", "code", listed=False),
        Column("source"),
    ],
    view="organization.view",
    edit="organization.edit",
    filters=[
        Filter("node", "node", "node__code"),
        Filter("metric"),
        Filter("year", "year", "begin"),
    ],  # fmt: skip
    search=["node__code", "metric", "item", "source"],
    order="-begin",
    fields=["node", "metric", "item", "begin", "end", "value", "unit", "source"],
    title="metric",
    rank=62,
)
allocations = Resource(
    name="allocations",
    section="inventory",
    model=Allocation,
    columns=[
        Column("site", "node", "site__code"),
        Column("item", "code"),
        Column("meter", "code"),
        Column("target", "node", "target__code"),
        Column("key", "choice"),
        Column("value", "number", unit="unit"),
        Column("unit", "code", listed=False),
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
    ],  # fmt: skip
    title="site",
    rank=63,
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
)
