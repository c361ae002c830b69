"""An inventory: the read side of a bundle."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

import duckdb
import pyarrow as pa

from linyin.inventory.config import read_config
from linyin.inventory.runfile import read_findings
from linyin.inventory.views import lay_views
from linyin.lake import Finding
from linyin.ledger import MASSES, convert_unit, parse_unit, read_manifest, verify_bundle
from linyin.organization import Metrics, Period

__all__ = ["LINES", "Inventory", "Scope2Method"]

type Scope2Method = Literal["location", "market"]

LINES: Final = (
    "1.1", "1.2", "1.3", "1.4", "2.1", "2.2",
    *(f"3.{category}" for category in range(1, 16)),
)  # fmt: skip


class Inventory:
    """One calculated run, read from its bundle.

    Parameters
    ----------
    path
        The bundle.

    Attributes
    ----------
    run : mapping
        The fields of `run.json`, with `state` (`draft`, `published`) and, once published, who
        prepared and who approved it.

    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.manifest = read_manifest(self.path)
        fields: dict[str, Any] = json.loads((self.path / "run.json").read_text(encoding="utf-8"))
        published = self.path / "published.json"
        fields["state"] = "published" if published.exists() else "draft"
        if published.exists():
            fields |= json.loads(published.read_text(encoding="utf-8"))
        self.run: Mapping[str, Any] = MappingProxyType(fields)

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        lay_views(connection, self.path)
        return connection

    def query(self, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> pa.Table:
        """Ask the bundle's tables: entries, legs, contexts, species, activities, factors …

        `reported` holds the entries that totals are made of; see
        :func:`linyin.inventory.views.lay_views`.
        """
        table: pa.Table = self._connection.sql(sql, params=params or None).to_arrow_table()
        return table

    def __repr__(self) -> str:
        run, mg_per_t = self.run, 10**9
        totals = ", ".join(
            f"{self.total(method) / mg_per_t:,.3f} t by {method}"
            for method in ("location", "market")
        )
        name = f"{run['entity']} {run['year']}, {run['approach']}, {run['gwp']}"
        return f"<Inventory {name}: {totals}; {self.manifest.rows:,} entries in {self.path}>"

    def entries(self) -> pa.Table:
        """Return all entries as a table: one row a row of the files, leg and part. [mg]"""
        return self.query("SELECT * FROM entries ORDER BY source, external_id, leg, part")

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the calculation found."""
        return read_findings(self.path)

    def by_line(self, scope2_method: Scope2Method) -> dict[str, int]:
        """Return the reported emissions of each line that has any. [mg CO2e]"""
        rows = self.query(
            "SELECT line, sum(co2e_mg)::VARCHAR AS mg FROM reported "
            "WHERE scope2_method IN ('', $1) GROUP BY line",
            [scope2_method],
        ).to_pylist()
        found = {row["line"]: int(row["mg"]) for row in rows}
        return {line: found[line] for line in LINES if line in found}

    def total(self, scope2_method: Scope2Method) -> int:
        """Return the reported emissions with scope 2 by location or by market. [mg CO2e]"""
        return sum(self.by_line(scope2_method).values())

    def scope(self, scope: int, scope2_method: Scope2Method) -> int:
        """Return the reported emissions of one scope. [mg CO2e]"""
        lines = self.by_line(scope2_method).items()
        return sum(mg for line, mg in lines if line.startswith(f"{scope}."))

    def by_gas(self, scope2_method: Scope2Method) -> dict[str, int]:
        """Return the reported masses: CO2, CH4, N2O in mass, the others in CO2e. [mg]"""
        sums = ", ".join(f"sum({mass})::VARCHAR AS {mass}" for mass in MASSES)
        row = self.query(
            f"SELECT {sums} FROM reported WHERE scope2_method IN ('', $1)", [scope2_method]
        ).to_pylist()[0]
        return {mass: int(row[mass] or 0) for mass in MASSES}

    def estimated_share(self, scope2_method: Scope2Method) -> float:
        """Return the share of the emissions that rests on estimates or defaults. [-]"""
        rows = self.query(
            "SELECT status IN ('estimated', 'default') AS soft, sum(abs(co2e_mg))::DOUBLE AS mg "
            "FROM reported WHERE scope2_method IN ('', $1) GROUP BY soft",
            [scope2_method],
        ).to_pylist()
        total = sum(row["mg"] for row in rows)
        return sum(row["mg"] for row in rows if row["soft"]) / total if total else 0.0

    def metric(self, name: str) -> tuple[float, str] | None:
        """Return a metric of the reporting entity over the period, and its unit.

        A flow (revenue, throughput) is summed, a level (heads, floor area) is the mean of the
        period's days; a metric stated by item is the sum of its items.
        """
        period = Period(date.fromisoformat(self.run["begin"]), date.fromisoformat(self.run["end"]))
        found = self.metrics.whole(self.run["entity"], name, period)
        return None if found is None else (float(found.value), found.unit)

    @cached_property
    def metrics(self) -> Metrics:
        """Metrics that the run was calculated with."""
        calendar = read_config(self.path / "inputs" / "linyin.toml").calendar
        return Metrics.from_rows(self.query("SELECT * FROM metrics").to_pylist(), calendar)[0]

    def revenue(self) -> tuple[float, str] | None:
        """Return the revenue of the reporting entity over the period in its currency.

        None where no revenue above zero is stated in a unit of money.
        """
        found = self.metric("revenue")
        unit = parse_unit(found[1]) if found else None
        if found is None or unit is None or unit.kind != "currency":
            return None
        currency = next(base.removeprefix("currency:") for base, _ in unit.dimensions)
        value = float(convert_unit(Fraction(repr(found[0])), unit, parse_unit(currency)))
        return (value, currency) if value > 0 else None

    def verify(self) -> None:
        """Check every byte against the manifest.

        Raises
        ------
        linyin.ledger.BundleError
            Naming each file that is missing, changed or not listed.

        """
        verify_bundle(self.path)
