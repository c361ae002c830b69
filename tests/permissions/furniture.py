"""Records of every kind, inside E and outside of it, so that each page has something to refuse."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from cases import MONTH
from django.db import models

DAY = date(2023, 1, 1)
ENTRIES = {"E": "d0", "S": "d0", "F": "d2", "T": "d2"}  # an activity of each node
SEEN_BY_RULE = ("people", "audit")  # who sees them, other tests ask
# What a field of its type cannot hold just anything in.
STATED: dict[str, dict[str, Any]] = {
    "platform.Grant": {"role": "reader"},
    "platform.Delivery": {"event": "run.published"},
    "ledger.OwnFactor": {"unit": "L", "place": "CN", "data_year": 2023, "item": "diesel"},
    "ledger.GridLine": {"source_type": "mobile_combustion", "item": "diesel", "unit": "L"},
    "ledger.DataRequest": {"begin": DAY, "end": date(2023, 2, 1)},
    "inventory.Import": {"state": "mapped"},
    "organization.Metric": {"metric": "heads", "end": date(2024, 1, 1)},
    "organization.Profile": {"end": date(2024, 1, 1)},
}


def furnish(person: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Return the key of a record of every kind inside E, and of one outside of it.

    What has none is made. Kinds that belong to the whole organization have no outside; what
    belongs to a person is theirs, inside and outside.
    """
    from linyin.organization.web.models import Node
    from linyin.platform.models.record import owner_path
    from linyin.platform.resources import RESOURCES, Query

    inside = {"grid": "S", "entry": _entry("E"), "jobs": _job("E")}
    outside = {"grid": "T", "entry": _entry("F"), "jobs": _job("F")}
    for name, resource in RESOURCES.items():
        model = resource.model
        for found, codes in ((inside, ("E", "S")), (outside, ("F", "T"))):
            path = _node_path(model) if model is not None else ""
            if name == "jobs":
                continue
            if model is not None and not path and name not in SEEN_BY_RULE:
                if found is inside or owner_path(model):
                    found[name] = str(stored(model, Node.objects.get(code=codes[0]), person).pk)
                continue
            rows = resource.rows.page(frozenset(codes), Query(size=1)).rows
            if rows and not (name in SEEN_BY_RULE and found is outside):
                found[name] = str(rows[0]["pk"])
            elif path:
                node = Node.objects.get(code=codes[1] if path == "site" else codes[0])
                found[name] = str(stored(model, node, person).pk)
    for found, node in ((inside, "S"), (outside, "T")):
        found |= _evidence(Node.objects.get(code=node), found["lines"], person)
    return inside, outside


def _evidence(node: Any, line: str, person: Any) -> dict[str, str]:
    """Keep a document of a node and show it in a cell of one of its sources."""
    from linyin.ledger.web.grid_models import CellEvidence, SiteMonth, SourceLine
    from linyin.platform.models import Document

    text = f"evidence of {node.code}".encode()
    document = Document.objects.create(
        sha256=hashlib.sha256(text).hexdigest(), name=f"{node.code}.txt", media_type="text/plain",
        size=len(text), node=node, person=person,
    )  # fmt: skip
    document.path.parent.mkdir(parents=True, exist_ok=True)
    document.path.write_bytes(text)
    SiteMonth.objects.get_or_create(site=node, month=MONTH)
    source = SourceLine.objects.get(pk=line)
    CellEvidence.objects.create(line=source, month=MONTH, document=document, person=person)
    return {"documents": str(document.pk), "sha256": document.sha256, "line": source.code}


def _entry(node: str) -> str:
    from linyin.inventory.web.entries import entries_of
    from linyin.inventory.web.models import RunRecord
    from linyin.platform.resources import Query

    rows = entries_of(RunRecord.objects.get(node__code=node)).page(
        frozenset("GESFT"), Query(size=1)
    )
    return str(rows.rows[0]["pk"])


def _job(node: str) -> str:
    from linyin.platform.models import Job

    return str(Job.objects.create(kind="inventory.run", node=node).pk)


def stored(model: type[models.Model], node: Any, person: Any) -> Any:
    """Store a record of a node (or of a person, if its kind is theirs), and what it hangs on."""
    stated = STATED.get(model._meta.label, {})
    if model._meta.label == "inventory.SampleItem":
        stated = {"entry": f"activities/{ENTRIES[node.code]}"}
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name in stated:
            values[field.name] = stated[field.name]
        elif not _must_be_stated(field, model):
            continue
        elif isinstance(field, models.ForeignKey | models.OneToOneField):
            values[field.name] = _related(field.related_model, node, person)
        else:
            values[field.name] = _value(field, f"{model.__name__} {node.code}")
    return model._default_manager.create(**values)


def _must_be_stated(field: Any, model: type[models.Model]) -> bool:
    path = f"{getattr(model, 'NODE_PATH', '')} {getattr(model, 'OWNER_PATH', '')}".split()
    leads = {part.partition("__")[0].removesuffix("_id") for part in path}
    if field.primary_key or getattr(field, "auto_now", False):
        return False
    is_free = field.null or field.blank or field.has_default() or getattr(field, "auto_now_add", 0)
    return field.name in leads or not is_free


def _related(model: Any, node: Any, person: Any) -> Any:
    if model is type(node):
        return node
    if model is type(person):
        return person
    path = _node_path(model)
    known = model._default_manager.filter(**{path: node} if path else {})
    return known.first() or stored(model, node, person)


def _node_path(model: Any) -> str:
    return str(getattr(model, "NODE_PATH", "")).removesuffix("__code")


def _value(field: Any, text: str) -> Any:
    if field.choices:
        return field.choices[0][0]
    match field:
        case models.BooleanField():
            return True
        case models.DateTimeField():
            return datetime(2023, 1, 1, tzinfo=UTC)
        case models.DateField():
            return DAY
        case models.DecimalField():
            return Decimal(1)
        case models.IntegerField():
            return 2023 if "year" in field.name else 1
        case models.UUIDField() | models.JSONField():
            return {}
        case models.URLField():
            return "https://example.com/"
    return text.replace(" ", "-")[: field.max_length] if field.max_length else text
