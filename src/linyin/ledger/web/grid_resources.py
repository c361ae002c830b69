"""Source lines and data requests as resources: lists, records, forms, files, API."""

from __future__ import annotations

from collections.abc import Iterable

from linyin.lake import Finding, Value, Where
from linyin.ledger.faults import LedgerError
from linyin.ledger.methods import fits_any
from linyin.ledger.no_method import what_would_fit
from linyin.ledger.stated_inputs import inputs_text
from linyin.ledger.tables import item_aliases, place_parents
from linyin.ledger.units import parse
from linyin.ledger.web.asked_inputs import AskedInputs, inputs_told
from linyin.ledger.web.called import (
    item_called,
    items_called,
    place_called,
    technology_called,
    unit_called,
)
from linyin.ledger.web.carrying import carry_line, differs, tell_before
from linyin.ledger.web.grid_models import DataRequest, SourceLine
from linyin.ledger.web.requests import withdraw_request
from linyin.organization.web.called import node_called
from linyin.platform.resources import Column, Filter, Resource
from linyin.platform.resources.source import Row
from linyin.platform.words import lang

__all__ = ["lines", "requests"]


def _called(row: Row) -> str:
    """Return what a source is called, with its site: several sites have an office."""
    own, other = ("label_zh", "label_en") if lang() == "zh" else ("label_en", "label_zh")
    return f"{row.get(own) or row.get(other) or row['code']} · {node_called(row['site'])}"


def _check_line(line: SourceLine) -> Iterable[Finding]:
    """Its unit and item are written as the ledger writes them, and what is typed keeps its unit."""
    line.item = item_aliases().get(line.item, line.item)
    try:
        line.inputs = inputs_text(line.named_inputs)
    except LedgerError as fault:
        yield fault.finding(Where(column="inputs"))
        return
    try:
        line.unit = parse(line.unit).code
    except LedgerError as fault:
        yield fault.finding(Where(column="unit"))
    else:
        yield from _check_fit(line)
    if line.place and line.place not in place_parents():
        yield Finding("place-unknown", "error", Where(column="place"), {"value": line.place})
    stored = SourceLine.objects.filter(pk=line.pk).first()
    if stored is not None and stored.unit != line.unit:
        typed = stored.drafts.exclude(text="").count()
        if typed:
            fields: dict[str, Value] = {"count": typed, "unit": stored.unit}
            yield Finding("grid-line-unit-typed", "error", Where(column="unit"), fields)
    if line.begin and line.end and line.end <= line.begin:
        yield Finding("grid-line-ends-early", "error", Where(column="end"))


def _check_fit(line: SourceLine) -> Iterable[Finding]:
    """Tell of a source whose rows no method takes: they would stop every calculation."""
    stated = frozenset(line.named_inputs)
    if fits_any(line.source_type, line.method, stated, line.unit):
        return
    is_method = bool(line.method) and fits_any(line.source_type, "", stated, line.unit)
    fields: dict[str, Value] = {
        "source_type": line.source_type, "method": line.method or "-", "unit": line.unit,
        "inputs": ", ".join(sorted(stated)) or "-",
        "choices": what_would_fit(line.source_type, stated),
    }  # fmt: skip
    where = Where(column="method" if is_method else "unit")
    yield Finding("line-misfit", "error", where, fields)


lines = Resource(
    name="lines",
    section="inventory",
    model=SourceLine,
    columns=[
        Column("label_en"),
        Column("label_zh"),
        Column("site", "node", "site__code"),
        Column("code", "code"),
        Column("source_type", "choice"),
        Column("item", "code", says=item_called, finds=items_called),
        Column("technology", "code", says=technology_called, listed=False),
        Column("relation", "choice", listed=False),
        Column("unit", "code", says=unit_called),
        Column("status", "choice", listed=False),
        Column("method", "code", listed=False),
        Column("inputs", says=inputs_told, listed=False),
        Column("counterparty", "code", listed=False),
        Column("place", "code", says=place_called, listed=False),
        Column("begin", "date", listed=False),
        Column("end", "date"),
        Column("responsible", path="responsible__name"),
        Column("deputy", path="deputy__name", listed=False),
        Column("needs_evidence", "flag", listed=False),
    ],
    view="activities.view",
    edit="activities.edit",
    filters=[
        Filter("node", "node", "site__code"),
        Filter("source_type"),
        Filter("responsible", path="responsible__name"),
    ],
    search=["code", "label_en", "label_zh", "item"],
    order="site",
    fields=[
        "site",
        "code",
        "label_en",
        "label_zh",
        "source_type",
        "item",
        "technology",
        "relation",
        "unit",
        "status",
        "method",
        "inputs",
        "counterparty",
        "place",
        "begin",
        "end",
        "responsible",
        "deputy",
        "needs_evidence",
    ],
    title="code",
    called=_called,
    check=_check_line,
    widgets={"inputs": AskedInputs},
    actions=[carry_line],
    offers={carry_line.name: differs},
    tells=tell_before,
    rank=41,
    group="entry",
)
requests = Resource(
    name="requests",
    section="inventory",
    model=DataRequest,
    columns=[
        Column("site", "node", "site__code"),
        Column("begin", "date"),
        Column("end", "date"),
        Column("due", "date"),
        Column("assignee", path="assignee__name"),
        Column("state", "choice", badge="request"),
        Column("made_by", path="made_by__name", listed=False),
        Column("made_at", "time", listed=False),
        Column("milestone", "integer", "milestone__pk", listed=False),
        Column("note", listed=False),
    ],
    view="activities.view",
    filters=[
        Filter("node", "node", "site__code"),
        Filter("state"),
        Filter("milestone", path="milestone__pk", choices=()),
    ],
    search=["site__code", "site__name_en", "site__name_zh", "assignee__name"],
    order="due",
    title="site",
    actions=[withdraw_request],
    offers={withdraw_request.name: lambda request: request.state == "open"},
    new="requests-new",
    new_permission="activities.approve",
    rank=42,
    group="entry",
)
