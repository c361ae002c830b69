"""Builders that speak the field's language: a folder of plain files, and its inventory."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from linyin.inventory.calculate import calculate
from linyin.inventory.inventory import Inventory
from linyin.inventory.jobs import Request

FACTOR = {
    "boundary": "combustion",
    "basis": "average",
    "place": "world",
    "data_year": 2023,
    "published": "2023-06-30",
    "publisher": "test",
    "release": "1",
    "source": "test",
    "licence": "test",
    "evidence": "file",
    "status": "approved",
}


@dataclass
class FolderBuilder:
    """Rows of every table, written out when the inventory is asked for."""

    path: Path
    config: dict[str, dict[str, object]] = field(
        default_factory=lambda: {"inventory": {"gwp": "AR5-100"}, "factors": {"packs": []}}
    )
    tables: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def add(self, table: str, **cells: object) -> FolderBuilder:
        self.tables.setdefault(table, []).append(cells)
        return self

    def packs(self, names: Sequence[str] | None = None) -> FolderBuilder:
        """Use the factor packs that come with the program (all by default)."""
        if names is None:
            self.config.pop("factors", None)
        else:
            self.config["factors"] = {"packs": list(names)}
        return self

    def node(self, code: str, kind: str = "site", **cells: object) -> FolderBuilder:
        return self.add("organization", code=code, kind=kind, **cells)

    def company(self, *sites: str, place: str = "CN-GD") -> FolderBuilder:
        """One group with sites in one place."""
        self.node("G", "group", country="CN")
        for site in sites or ("S",):
            self.node(site, parent="G", country="CN", place=place)
        return self

    def activity(self, external_id: str, **cells: object) -> FolderBuilder:
        defaults = {"site": "S", "period": "2023"}
        return self.add("activities", external_id=external_id, **(defaults | cells))

    def factor(self, factor_id: str, **cells: object) -> FolderBuilder:
        return self.add("factors", factor_id=factor_id, **(FACTOR | cells))

    def electricity(self, site: str, mwh: float, period: str = "2023", **cells: object):
        return self.activity(
            f"kWh-{site}-{period}-{len(self.tables.get('activities', []))}",
            site=site,
            source_type="electricity",
            item="electricity",
            quantity=mwh,
            unit="MWh",
            period=period,
            **cells,
        )

    def certificates(self, owner: str, mwh: float, vintage: int = 2023, **cells: object):
        number = f"C{len(self.tables.get('instruments', []))}"
        row = {
            "instrument": number,
            "kind": "certificate",
            "owner": owner,
            "market": "CN",
            "quantity": mwh,
            "unit": "MWh",
            "co2_kg_per_kwh": 0,
            "begin": f"{vintage}-01-01",
            "end": f"{vintage + 1}-01-01",
        }
        return self.add("instruments", **(row | cells))

    def write(self) -> Path:
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / "linyin.toml").write_text(_toml(self.config), encoding="utf-8")
        for name, rows in self.tables.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            with (self.path / f"{name}.csv").open("w", newline="", encoding="utf-8") as handle:
                writer = csv.DictWriter(handle, columns)
                writer.writeheader()
                writer.writerows(rows)
        return self.path

    def calculate(self, year: int = 2023, **request: object) -> Inventory:
        return self.calculate_all(year, **request)[0]

    def calculate_all(self, *years: int, **request: object) -> list[Inventory]:
        return calculate(self.write(), Request(tuple(years), **request))  # type: ignore[arg-type]


def _toml(config: Mapping[str, Mapping[str, object]]) -> str:
    lines: list[str] = []
    for section, content in config.items():
        lines.append(f"[{section}]")
        lines += [f"{key} = {_value(value)}" for key, value in content.items()]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{k}" = {_value(v)}' for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def role_total(inventory: Inventory, role: str, scope2_method: str = "location") -> dict[str, int]:
    """Sum the entries of a role by line. [mg CO2e]"""
    rows = inventory.query(
        "SELECT line, sum(co2e_mg)::VARCHAR AS mg FROM entries "
        "WHERE role = $1 AND scope2_method IN ('', $2) GROUP BY line",
        [role, scope2_method],
    ).to_pylist()
    return {row["line"]: int(row["mg"]) for row in rows}
