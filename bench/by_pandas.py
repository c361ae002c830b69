"""The same with pandas: a file of rows at a time, joined with ready-made legs."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

from linyin.ledger import CONTEXT_COLUMNS, ENTRY_COLUMNS, MASSES

ROW_COLUMNS = (
    "source", "external_id", "revision", "status", "begin", "end", "quantity",
)  # fmt: skip


def run(activities: list[Path], legs: Path, out: Path) -> dict[str, int]:
    """Write the entries as one Parquet file for each file of rows, and add them up."""
    resolved = _dated(pd.read_parquet(legs), "leg_from", "leg_to")
    files = []
    for number, file in enumerate(activities):
        rows = pd.read_parquet(file, columns=[*ROW_COLUMNS, *CONTEXT_COLUMNS])
        entries = _book(_dated(rows, "begin", "end"), resolved)
        files.append(out / f"{number}.parquet")
        entries.to_parquet(files[-1], compression="zstd", index=False)
        with files[-1].open("rb") as handle:
            os.fsync(handle.fileno())
    return _roll_up(files)


def _dated(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    for column in columns:
        frame[column] = frame[column].to_numpy(dtype="datetime64[D]").astype("datetime64[s]")
    return frame


def _book(rows: pd.DataFrame, legs: pd.DataFrame) -> pd.DataFrame:
    joined = rows.merge(legs, on=list(CONTEXT_COLUMNS), how="inner")
    kept = (joined["begin"] < joined["leg_to"]) & (joined["end"] > joined["leg_from"])
    joined = joined[kept]
    whole = _days(joined["end"], joined["begin"])
    first = joined[["begin", "leg_from"]].max(axis=1)
    last = joined[["end", "leg_to"]].min(axis=1)
    t0, t1 = _days(first, joined["begin"]) / whole, _days(last, joined["begin"]) / whole
    a = t0 * (1 - joined["lo"]) + t1 * joined["lo"]
    b = t0 * (1 - joined["hi"]) + t1 * joined["hi"]
    entries = joined.rename(columns={"quantity": "amount"}).assign(fraction=b - a, part=np.int32(0))
    for mass in MASSES:
        booked = entries["amount"] * entries[f"k_{mass}"]
        entries[mass] = _rounded(booked * b) - _rounded(booked * a)
    for column in ("begin", "end"):
        entries[column] = entries[column].dt.date
    return entries[list(ENTRY_COLUMNS)]


def _days(later: pd.Series, earlier: pd.Series) -> pd.Series:
    return (later - earlier) / pd.Timedelta(days=1)


def _rounded(mass: pd.Series) -> pd.Series:
    size = np.floor(mass.abs() + 0.5)
    return (np.sign(mass) * size).astype("int64")


def _roll_up(files: list[Path]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for file in files:
        columns = ["line", "scope2_method", "role", "flow", "co2e_mg"]
        entries = pd.read_parquet(file, columns=columns)
        reported = entries[(entries["role"] == "reported") & (entries["flow"] == "emission")]
        for (line, method), mg in (
            reported.groupby(["line", "scope2_method"])["co2e_mg"].sum().items()
        ):
            key = f"{line} {method}".strip()
            totals[key] = totals.get(key, 0) + int(mg)
    return totals
