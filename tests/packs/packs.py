"""Reading the packs as tables, for the tests beside this file."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKS = ROOT / "src" / "linyin" / "ledger" / "packs"
SCHEMA = ROOT / "src" / "linyin" / "ledger" / "schemas" / "factors.csv"

Row = dict[str, str]

needs_data = pytest.mark.skipif(
    "LINYIN_TEST_DATA" not in os.environ,
    reason="LINYIN_TEST_DATA does not name the folder of published data",
)


def table(name: str) -> list[Row]:
    with (PACKS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts(name: str) -> list[Row]:
    path = Path(os.environ["LINYIN_TEST_DATA"]) / "factors" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def schema() -> dict[str, Row]:
    with SCHEMA.open(encoding="utf-8", newline="") as file:
        return {row["column"]: row for row in csv.DictReader(file)}


def released() -> list[str]:
    return [row["pack"] for row in table("releases")]


def by_id(name: str) -> dict[str, Row]:
    return {row["factor_id"]: row for row in table(name)}
