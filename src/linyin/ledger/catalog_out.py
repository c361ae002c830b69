"""The catalogue as a table of a bundle, and back."""

from __future__ import annotations

import pyarrow as pa

from linyin.lake import load_schema
from linyin.ledger.catalog import Catalog, Factor

__all__ = ["factors_in", "factors_out"]


def factors_out(catalog: Catalog) -> pa.Table:
    """Lay a catalogue out as texts: the columns of the factor schema, pack and priority."""
    names = [column.name for column in load_schema("ledger", "factors").columns]
    columns = {
        name: pa.array([f.row.get(name) or "" for f in catalog.factors], pa.string())
        for name in names
    }
    columns["pack"] = pa.array([f.pack for f in catalog.factors], pa.string())
    columns["priority"] = pa.array([f.priority for f in catalog.factors], pa.int32())
    return pa.table(columns)


def factors_in(table: pa.Table) -> Catalog:
    """Read a catalogue back from :func:`factors_out`."""
    return Catalog(Factor.from_row(row, row["pack"], row["priority"]) for row in table.to_pylist())
