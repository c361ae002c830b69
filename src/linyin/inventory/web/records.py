"""The workspace's records as the tables of a folder, and a folder's tables as records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from linyin.inventory.web.models import Settings
from linyin.ledger.web.factor_models import COLUMNS
from linyin.ledger.web.models import Instrument, OwnFactor, Rate
from linyin.organization.web.models import Allocation, Metric, Node, Profile, Standing

if TYPE_CHECKING:
    from linyin.inventory import Folder

__all__ = ["adopt_records", "folder_now", "tables_now"]

_NODE: Final = ("code", "kind", "name_en", "name_zh", "opened", "closed", "note")
_STANDING: Final = ("ownership_pct", "control", "operator", "country", "place")
_METRIC: Final = ("metric", "item", "begin", "end", "value", "unit", "source")
_ALLOCATION: Final = ("item", "meter", "key", "value", "unit", "rest", "begin", "end", "note")
_PROFILE: Final = ("profile", "begin", "end", "weight", "note")
_INSTRUMENT: Final = (
    "instrument", "kind", "market", "energy", "quantity", "unit", "co2_kg_per_kwh", "begin", "end",
    "registry", "retired_on", "technology", "evidence_file", "note",
)  # fmt: skip
_RATE: Final = ("kind", "year", "value", "source", "item", "evidence")


def folder_now(root: Path) -> Folder:
    """Put the workspace's records together as if they were the files of a folder.

    Parameters
    ----------
    root : Path
        An empty scratch folder.

    Returns
    -------
    Folder
        Without activities: those are in the lake.

    Raises
    ------
    BadInput
        If the configuration is wrong.

    """
    from linyin.inventory import frames_folder

    tables = {name: table for name, table in tables_now().items() if table.num_rows}
    return frames_folder({**tables, "config": stated_config(Settings.now().config)}, root)


def tables_now() -> dict[str, pa.Table]:
    """Return the records as tables with the columns that users write in files."""
    standings = Standing.objects.select_related("node", "parent", "owner")
    return {
        "organization": _table(
            _columns(s.node, _NODE)
            | _columns(s, _STANDING)
            | {"parent": _code(s.parent), "owner": _code(s.owner), "from": s.begin, "to": s.end}
            for s in standings
        ),
        "metrics": _table(
            _columns(m, _METRIC) | {"node": m.node.code}
            for m in Metric.objects.select_related("node")
        ),
        "allocations": _table(
            _columns(a, _ALLOCATION) | {"site": a.site.code, "target": a.target.code}
            for a in Allocation.objects.select_related("site", "target")
        ),
        "profiles": _table(_columns(p, _PROFILE) for p in Profile.objects.all()),
        "instruments": _table(
            _columns(i, _INSTRUMENT) | {"owner": i.owner.code, "site": _code(i.site)}
            for i in Instrument.objects.select_related("owner", "site")
        ),
        "rates": _table(
            _columns(r, _RATE) | {"from": r.origin, "to": r.target} for r in Rate.objects.all()
        ),
        "factors": _table(f.row for f in OwnFactor.objects.filter(state="approved")),
    }


def adopt_records(folder: Folder, config: Mapping[str, Any]) -> None:
    """Make records of a folder's tables; call it in a transaction, on an empty workspace."""
    rows = {name: table.to_pylist() for name, table in folder.sheets.items()}
    nodes = _adopt_organization(rows["organization"])
    Metric.objects.bulk_create(
        Metric(
            node=nodes[m.node], metric=m.metric, item=m.item, begin=m.span.begin, end=m.span.end,
            value=_decimal(m.value), unit=m.unit, source=m.source.text("source"),
        )
        for m in folder.metrics
    )  # fmt: skip
    Allocation.objects.bulk_create(
        Allocation(
            site=nodes[row["site"]], target=nodes[row["target"]], **_stated(row, _ALLOCATION)
        )
        for row in rows["allocations"]
    )
    Profile.objects.bulk_create(Profile(**_stated(row, _PROFILE)) for row in rows["profiles"])
    Instrument.objects.bulk_create(
        Instrument(
            owner=nodes[row["owner"]], site=nodes.get(row["site"]), **_stated(row, _INSTRUMENT)
        )
        for row in rows["instruments"]
    )
    Rate.objects.bulk_create(
        Rate(origin=row["from"] or "", target=row["to"] or "", **_stated(row, _RATE))
        for row in rows["rates"]
    )
    root = next(node for node in nodes.values() if node.kind == "group")
    OwnFactor.objects.bulk_create(_factor(row, root) for row in rows["factors"])
    settings = Settings.now()
    settings.config = plain_config(config)
    settings.save()


def _adopt_organization(rows: Iterable[Mapping[str, Any]]) -> dict[str, Node]:
    rows = list(rows)
    stated: dict[str, dict[str, Any]] = {}
    for row in rows:
        own = stated.setdefault(row["code"], {})
        own.update({k: v for k, v in _stated(row, _NODE).items() if v})
    Node.objects.bulk_create(Node(**values) for values in stated.values())
    nodes = {node.code: node for node in Node.objects.all()}
    Standing.objects.bulk_create(
        Standing(
            node=nodes[row["code"]],
            parent=nodes.get(row["parent"]),
            owner=nodes.get(row["owner"]),
            begin=row["from"],
            end=row["to"],
            **_stated(row, _STANDING),
        )
        for row in rows
    )
    return nodes


def _factor(row: Mapping[str, Any], node: Node) -> OwnFactor:
    texts = {
        name: _text(value)
        for name, value in row.items()
        if not name.startswith("_") and value not in (None, "")
    }
    state = "approved" if row["status"] == "approved" else "draft"
    own = {"evidence": texts.pop("evidence"), "evidence_sha256": texts.pop("evidence_sha256", "")}
    texts.pop("status", None)
    stated = {name: texts.pop(name) for name in COLUMNS if name in texts}
    return OwnFactor(**stated, **own, further=texts, state=state, node=node)


def plain_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration as JSON knows it: dates as ISO texts."""

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: plain(part) for name, part in value.items()}
        if isinstance(value, list | tuple):
            return [plain(part) for part in value]
        return value.isoformat() if isinstance(value, date) else value

    return {name: plain(part) for name, part in config.items()}


def stated_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration as `linyin.toml` would give it: the one date in it as a date."""
    stated = config.get("inventory", {})
    inventory = dict(stated) if isinstance(stated, Mapping) else {}
    if isinstance(inventory.get("factors_as_of"), str):
        with suppress(ValueError):  # what is no day is told by who reads it
            inventory["factors_as_of"] = date.fromisoformat(inventory["factors_as_of"])
    return {**config, "inventory": inventory} if inventory else dict(config)


def _table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    listed = [{name: _text(value) for name, value in row.items()} for row in rows]
    names = list(dict.fromkeys(name for row in listed for name in row))
    return pa.table({name: pa.array([r.get(name) for r in listed], pa.string()) for name in names})


def _columns(record: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def _stated(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the columns of a row that state something; numbers exactly as they were written."""
    values = {name: row[name] for name in names if row[name] is not None}
    return {n: Decimal(repr(v)) if isinstance(v, float) else v for n, v in values.items()}


def _code(node: Node | None) -> str:
    return node.code if node is not None else ""


def _decimal(value: Any) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _text(value: Any) -> str | None:
    match value:
        case None | "":
            return None
        case float():
            return format(Decimal(repr(value)), "f")
        case Decimal():
            return format(value.normalize(), "f")
        case date():
            return value.isoformat()
    return str(value)
