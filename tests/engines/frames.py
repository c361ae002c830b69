"""A few activities and legs, and every kind of frame that the ledger takes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa


def activities() -> pa.Table:
    """Three rows: a plain one, one that crosses a year, a reversal with an input."""
    return pa.table(
        {
            "source": pa.array(["meters", "meters", "trips"]),
            "external_id": pa.array(["1", "2", "3"]),
            "status": pa.array(["measured", "measured", "estimated"]),
            "begin": pa.array([date(2023, 1, 1), date(2022, 12, 1), date(2023, 3, 1)]),
            "end": pa.array([date(2023, 2, 1), date(2023, 2, 1), date(2023, 4, 1)]),
            "quantity": pa.array([3.0, 62.0, -5.0]),
            "item": pa.array(["power", "power", "cars"]),
            "flow": pa.array(["emission"] * 3),
            "inputs": pa.array(["", "", "distance"]),
            "distance": pa.array([None, None, 10.0], pa.float64()),
        }
    )


def legs() -> pa.Table:
    """Power by location and by market, half of which is covered; cars."""
    rows = [
        _leg(0, "power", "2.1", "location", 0.5),
        _leg(1, "power", "2.1", "market", 0.0, hi=0.5),
        _leg(2, "power", "2.1", "market", 0.5, lo=0.5),
        _leg(3, "cars", "3.6", "", 0.25),
    ]
    return pa.Table.from_pylist(rows)


def _leg(
    number: int, item: str, line: str, method: str, mg: float, *, lo: float = 0.0, hi: float = 1.0
) -> dict[str, Any]:
    return {
        "leg": number, "context": number, "item": item, "flow": "emission",
        "inputs": "distance" if item == "cars" else "", "booked_site": "SZ", "entity": "SZ",
        "line": line, "scope2_method": method, "role": "reported", "lo": lo, "hi": hi,
        "leg_from": date(2023, 1, 1), "leg_to": date(2024, 1, 1),
        "k_co2_mg": mg, "k_co2e_mg": mg,
    }  # fmt: skip


BOOKED = [
    ("1", 0, 2), ("1", 1, 0), ("1", 2, 1), ("2", 0, 15), ("2", 1, 0), ("2", 2, 8), ("3", 3, -13),
]  # fmt: skip
