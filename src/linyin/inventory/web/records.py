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
from linyin.organization.web.statement import (
    ALLOCATION,
    NODE,
    PROFILE,
    STANDING,
    code_of,
    columns_of,
    organization_tables,
    plain_text,
    text_table,
)

if TYPE_CHECKING:
    from linyin.inventory import Folder

__all__ = ["adopt_records", "folder_now", "tables_now"]

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
    return {
        **organization_tables(),
        "instruments": text_table(
            columns_of(i, _INSTRUMENT) | {"owner": i.owner.code, "site": code_of(i.site)}
            for i in Instrument.objects.select_related("owner", "site")
        ),
        "rates": text_table(
            columns_of(r, _RATE) | {"from": r.origin, "to": r.target} for r in Rate.objects.all()
        ),
        "factors": text_table(f.row for f in OwnFactor.objects.filter(state="approved")),
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
        Allocation(site=nodes[row["site"]], target=nodes[row["target"]], **_stated(row, ALLOCATION))
        for row in rows["allocations"]
    )
    Profile.objects.bulk_create(Profile(**_stated(row, PROFILE)) for row in rows["profiles"])
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
        own.update({k: v for k, v in _stated(row, NODE).items() if v})
    Node.objects.bulk_create(Node(**values) for values in stated.values())
    nodes = {node.code: node for node in Node.objects.all()}
    Standing.objects.bulk_create(
        Standing(
            node=nodes[row["code"]],
            parent=nodes.get(row["parent"]),
            owner=nodes.get(row["owner"]),
            begin=row["from"],
            end=row["to"],
            **_stated(row, STANDING),
        )
        for row in rows
    )
    return nodes


def _factor(row: Mapping[str, Any], node: Node) -> OwnFactor:
    texts = {
        name: plain_text(value)
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


def _stated(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the columns of a row that state something; numbers exactly as they were written."""
    values = {name: row[name] for name in names if row[name] is not None}
    return {n: Decimal(repr(v)) if isinstance(v, float) else v for n, v in values.items()}


def _decimal(value: Any) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
