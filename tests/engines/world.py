"""Rows and legs that ask the most of an engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from linyin.ledger import CONTEXT_COLUMNS, MASSES

YEARS = (date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1), date(2024, 1, 1))
THIRD = 1 / 3


def _seasonal(profile: str, begin: date, end: date, day: date) -> Fraction:
    """By days; under the profile `rising` each day weighs as many as it is old."""
    inside = min(max(day, begin), end)
    passed, whole = (inside - begin).days, (end - begin).days
    if profile == "rising":
        return Fraction(passed * (passed + 1), whole * (whole + 1))
    return Fraction(passed, whole)


elapsed = _seasonal


def legs() -> pa.Table:
    """Legs of seven items: halves, extremes, tiny masses, parts of time and of the supply."""
    table = pa.Table.from_pylist([_leg(n, **stated) for n, stated in enumerate(_legs())])
    for name in ("run", "booked_site", "entity", "line", "scope2_method", "role", "flow"):
        table = table.set_column(
            table.column_names.index(name), name, table[name].dictionary_encode()
        )
    return table


def _legs() -> Iterator[dict[str, Any]]:
    always = {"leg_from": date(2000, 1, 1), "leg_to": date(2100, 1, 1)}
    yield {"item": "halves", "k_co2_mg": 0.5, "k_co2e_mg": 0.5, **always}
    yield {"item": "heavy", "k_co2_mg": 1e6, "k_n2o_mg": 3.7, "k_co2e_mg": 1e6 + 1001.0, **always}
    yield {"item": "tiny", "k_ch4_mg": 5e-324, "k_sf6_mg": 1e-12, "k_co2e_mg": 0.4999, **always}
    for first, last in pairwise(YEARS):
        for lo, hi in ((0.0, THIRD), (THIRD, 2 / 3), (2 / 3, 1.0)):
            times = {"leg_from": first, "leg_to": last, "lo": lo, "hi": hi}
            yield {"item": "power", "line": "2.1", "scope2_method": "market", "k_co2_mg": 570.1,
                   "k_co2e_mg": 570.1, **times}  # fmt: skip
        yield {"item": "power", "line": "2.1", "scope2_method": "location", "k_co2_mg": 609.6,
               "k_co2e_mg": 609.6, "leg_from": first, "leg_to": last}  # fmt: skip
    yield {"item": "cars", "k_co2_mg": 0.1, "k_ch4_biogenic_mg": 0.7, "k_co2e_mg": 18.9, **always}
    yield {"item": "reversed", "k_co2_biogenic_mg": 2.5, "k_co2e_mg": 1.5, **always}


def _leg(number: int, **stated: Any) -> dict[str, Any]:
    plain = dict.fromkeys(CONTEXT_COLUMNS, "") | {"site": "S", "flow": "emission"}
    plain |= {"booked_site": "S", "entity": "E", "line": "3.1", "scope2_method": "", "run": "r"}
    plain |= {"role": "reported", "lo": 0.0, "hi": 1.0, "share": 1.0}
    plain |= {f"k_{mass}": 0.0 for mass in MASSES}
    plain |= {"leg": number, "context": number, "profile": "", "largest": 5e11} | stated
    return plain | {"heaviest": max(abs(plain[f"k_{mass}"]) for mass in MASSES)}


ITEMS = ("halves", "heavy", "tiny", "power", "cars", "reversed")


def write_rows(folder: Path, count: int, *, files: int = 4) -> list[Path]:
    """Write activities as Parquet files; the same rows for the same count."""
    random = np.random.default_rng(2023)
    written = []
    for number, rows in enumerate(np.array_split(np.arange(count), files)):
        written.append(folder / f"{number}.parquet")
        pq.write_table(_rows(rows, random), written[-1])
    return written


def _rows(numbers: np.ndarray, random: np.random.Generator) -> pa.Table:
    n = len(numbers)
    item = random.integers(0, len(ITEMS), n)
    begin = random.integers(18_628, 19_700, n)  # days from 1970: 2021-01-01 …
    quantity = np.select(
        [item == 0, item == 1, item == 2, item == 3, item == 4],
        [
            random.integers(-(10**9), 10**9, n) * 2.0 + 1.0,
            _heavy(random, n),
            10.0 ** random.uniform(-300, 0, n),
            random.uniform(0, 1e6, n).round(3),
            random.uniform(0, 500, n).round(1),
        ],
        -random.uniform(0, 1e4, n).round(2),
    )
    columns: dict[str, pa.Array] = {
        name: pa.array([""] * n) for name in CONTEXT_COLUMNS if name not in ("site", "item", "flow")
    }
    cars, missing = item == 4, random.integers(0, 3, n)
    columns |= {
        "site": pa.array(["S"] * n),
        "item": pa.array(np.array(ITEMS)[item]),
        "flow": pa.array(["emission"] * n),
        "source": pa.array(["file"] * n),
        "external_id": pa.array([f"r{number}" for number in numbers]),
        "revision": pa.array(np.ones(n, np.int32)),
        "status": pa.array(["measured"] * n),
        "begin": pa.array(begin.astype("datetime64[D]")),
        "end": pa.array((begin + random.integers(1, 500, n)).astype("datetime64[D]")),
        "quantity": pa.array(quantity),
        "distance": pa.array(random.uniform(1, 999, n).round(1), mask=~cars | (missing == 0)),
        "occupancy": pa.array(random.integers(1, 7, n) * 1.0, mask=~cars | (missing == 1)),
    }
    return pa.table(columns)


def _heavy(random: np.random.Generator, n: int) -> np.ndarray:
    """Masses about 5e15 mg, the last that a float holds with every half; a few far above."""
    usual = 5e9 + random.integers(-3, 4, n) * 1e-6 * 2.0 ** random.integers(0, 30, n)
    giants = random.integers(0, 20_000, n) == 0
    return np.where(giants, random.uniform(5e9, 5e11, n), usual) * random.choice([-1.0, 1.0], n)
