"""The ledger's resources over models: instruments, rates, the enterprise's own factors."""

from __future__ import annotations

from linyin.ledger.web import activities as _activities  # noqa: F401 - declares its resource
from linyin.ledger.web.called import (
    item_called,
    items_called,
    place_called,
    technology_called,
    unit_after,
    unit_called,
)
from linyin.ledger.web.factor_resources import own_factors
from linyin.ledger.web.models import Instrument, Rate
from linyin.platform.resources import Column, Filter, Resource

__all__ = ["instruments", "own_factors", "rates"]

instruments = Resource(
    name="instruments",
    section="inventory",
    model=Instrument,
    columns=[
        Column("instrument", "code"),
        Column("kind", "choice"),
        Column("owner", "node", "owner__code"),
        Column("site", "node", "site__code"),
        Column("market", "code", says=place_called),
        Column("energy", "choice"),
        Column("quantity", "number", unit="unit", unit_says=unit_after),
        Column("unit", "code", says=unit_called, listed=False),
        Column("co2_kg_per_kwh", "number"),
        Column("begin", "date"),
        Column("end", "date"),
        Column("registry"),
        Column("retired_on", "date"),
        Column("technology", says=technology_called, listed=False),
        Column("evidence_file", "code", listed=False),
        Column("note", listed=False),
    ],
    view="activities.view",
    edit="activities.edit",
    filters=[
        Filter("node", "node", "owner__code"),
        Filter("kind"),
        Filter("energy"),
        Filter("year", "year", "begin"),
    ],
    search=["instrument", "registry", "note"],
    order="-begin",
    fields=[
        "instrument",
        "kind",
        "owner",
        "site",
        "market",
        "energy",
        "quantity",
        "unit",
        "co2_kg_per_kwh",
        "begin",
        "end",
        "registry",
        "retired_on",
        "technology",
        "evidence_file",
        "note",
    ],
    rank=40,
    group="factors",
)
rates = Resource(
    name="rates",
    section="inventory",
    model=Rate,
    columns=[
        Column("kind", "choice"),
        Column("origin", "code", says=place_called),
        Column("target", "code", says=place_called),
        Column("item", "code", says=item_called, finds=items_called),
        Column("year", "code", says=str),
        Column("value", "number"),
        Column("source"),
        Column("evidence", "code", listed=False),
    ],
    view="factors.view",
    edit="factors.propose",
    filters=[Filter("kind"), Filter("year")],
    search=["origin", "target", "item", "source"],
    order="-year",
    fields=["kind", "origin", "target", "item", "year", "value", "source", "evidence"],
    title="kind",
    rank=52,
    group="factors",
    identity=["kind", "origin", "target", "year"],
)
