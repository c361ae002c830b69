"""A bundle's tables as views of one engine, and what counts as reported."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from linyin.ledger import ENTRY_COLUMNS, MASSES

if TYPE_CHECKING:
    import duckdb

__all__ = ["lay_views"]

_TABLES: Final = ("contexts", "legs", "species")
_INPUTS: Final = (
    "activities",
    "organization",
    "metrics",
    "factors",
    "instruments",
    "rates",
    "allocations",
    "profiles",
)
_LATER: Final[Mapping[str, tuple[str, ...]]] = {
    "activities": ("product", "correlation_group"),
    "contexts": ("product",),
    "rates": ("item",),
}
"""Columns that bundles written before them lack: nobody stated anything there."""
_REPORTED: Final = "SELECT * FROM entries WHERE role = 'reported' AND flow = 'emission'"
_NO_SPECIES: Final = (
    "SELECT ''::VARCHAR AS source, ''::VARCHAR AS external_id, 0::INTEGER AS part, "
    "0::INTEGER AS leg, ''::VARCHAR AS gas, 0::BIGINT AS mass_mg WHERE FALSE"
)


def lay_views(connection: duckdb.DuckDBPyConnection, bundle: Path) -> None:
    """Make every table of a bundle a view: `entries`, `legs`, `activities`, `factors` …

    `reported` is those entries that totals are made of: no removals, no alternatives, nothing
    eliminated or shown beside. It holds scope 2 by location and by market: a sum names one of
    the two (`scope2_method IN ('', 'location')`) or groups by `scope2_method`, as in
    :func:`linyin.ledger.roll_up`.
    """
    files = ", ".join(_quoted(f) for f in sorted((bundle / "entries").glob("*.parquet")))
    queries = {"entries": _read(f"[{files}]") if files else _no_entries(), "reported": _REPORTED}
    paths = {name: bundle / f"{name}.parquet" for name in _TABLES}
    queries |= {name: _read(_quoted(path)) for name, path in paths.items() if path.exists()}
    queries.setdefault("species", _NO_SPECIES)
    queries |= {n: _read(_quoted(bundle / "inputs" / f"{n}.parquet")) for n in _INPUTS}
    for name, query in queries.items():
        connection.execute(f"CREATE VIEW {name} AS {query}")
    for name, columns in _LATER.items():
        present = connection.sql(f"SELECT * FROM {name} LIMIT 0").columns
        later = "".join(f", '' AS {column}" for column in columns if column not in present)
        whole = queries[name].replace("*", f"*{later}", 1)
        connection.execute(f"CREATE OR REPLACE VIEW {name} AS {whole}")


def _read(files: str) -> str:
    return f"SELECT * FROM read_parquet({files})"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _no_entries() -> str:
    kinds = {
        "part": "INTEGER", "leg": "INTEGER", "context": "INTEGER", "revision": "INTEGER",
        "begin": "DATE", "end": "DATE", "amount": "DOUBLE", "fraction": "DOUBLE", "share": "DOUBLE",
    }  # fmt: skip
    kinds |= dict.fromkeys(MASSES, "BIGINT")
    columns = ", ".join(f'NULL::{kinds.get(c, "VARCHAR")} AS "{c}"' for c in ENTRY_COLUMNS)
    return f"SELECT {columns} WHERE FALSE"
