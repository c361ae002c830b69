from __future__ import annotations

import gc
import io
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.csv as pc
import pytest

import linyin

from .company import ACTIVITIES, ORGANIZATION, UserFolder

CONFIG = {"inventory": {"gwp": "AR5-100"}, "exclusions": [{"line": "3.14", "what": "x"}]}


def pandas_frame(text: str) -> Any:
    return pd.read_csv(io.StringIO(text), keep_default_na=False)


def polars_frame(text: str) -> Any:
    return pl.read_csv(io.StringIO(text))


def arrow_frame(text: str) -> Any:
    return pc.read_csv(io.BytesIO(text.encode()))


def duckdb_frame(text: str) -> Any:
    return duckdb.from_arrow(arrow_frame(text))


def lazy_frame(text: str) -> Any:
    return polars_frame(text).lazy()


@pytest.mark.parametrize(
    "frame", [pandas_frame, polars_frame, arrow_frame, duckdb_frame, lazy_frame]
)
def test_frames_of_every_library_give_the_folders_digits(frame: Any, folder: UserFolder) -> None:
    (folder.path / "instruments.csv").unlink()
    of_files = linyin.calculate(folder.path, year=2023)

    tables = {"activities": frame(ACTIVITIES), "organization": frame(ORGANIZATION)}
    of_frames = linyin.calculate({**tables, "config": CONFIG}, year=2023)

    assert of_frames.by_line("location") == of_files.by_line("location")
    assert of_frames.total("market") == of_files.total("market") > 0
    assert of_frames.entries().num_rows == of_files.entries().num_rows > 0
    assert of_frames.run["exclusions"][0]["line"] == "3.14"


def test_the_bundle_of_frames_lives_as_long_as_its_inventory() -> None:
    tables = {"activities": polars_frame(ACTIVITIES), "organization": polars_frame(ORGANIZATION)}
    first, second = linyin.calculate(tables, year=2023, gwp=["AR5-100", "AR6-100"])
    path = second.path

    del first
    gc.collect()
    assert linyin.replay(path).same

    del second
    gc.collect()
    assert not path.exists()


def test_a_list_asks_for_a_list(folder: UserFolder) -> None:
    runs = linyin.calculate(folder.path, year=2023, gwp=["AR5-100", "AR6-100"])

    assert [run.run["gwp"] for run in runs] == ["AR5-100", "AR6-100"]


def test_a_broken_cell_of_a_frame_is_told_with_row_and_column() -> None:
    activities = pandas_frame(ACTIVITIES)
    activities["quantity"] = activities["quantity"].astype(object)
    activities.loc[1, "quantity"] = "much"
    activities.loc[2, "unit"] = "ton"

    with pytest.raises(linyin.BadInput) as raised:
        linyin.calculate(
            {"activities": activities, "organization": pandas_frame(ORGANIZATION)}, year=2023
        )

    found = {(f.at.file, f.at.row, f.at.column, f.code) for f in raised.value.findings}
    assert found == {
        ("activities", 2, "quantity", "number-broken"),
        ("activities", 3, "unit", "unit-ambiguous"),
    }


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ({"actvities": None}, "frame-unknown"),
        ({"activities": 3}, "frame-unreadable"),
        ({"config": {"inventory": {"gpw": "AR5-100"}}}, "config-key-unknown"),
        ({}, "organization-empty"),
    ],
)
def test_what_is_no_table_is_named(frames: dict[str, Any], code: str) -> None:
    with pytest.raises(linyin.BadInput) as raised:
        linyin.calculate(frames, year=2023)

    assert code in {finding.code for finding in raised.value.findings}


def test_dates_of_frames_are_days() -> None:
    activities = pl.read_csv(io.StringIO(ACTIVITIES)).drop("period")
    begin, end = pl.lit("2023-01-01"), pl.lit("2024-01-01")
    dated = activities.with_columns(
        begin=begin.str.to_datetime("%Y-%m-%d"), end=end.str.to_date("%Y-%m-%d")
    )

    run = linyin.calculate(
        {"activities": dated, "organization": polars_frame(ORGANIZATION)}, year=2023
    )

    assert run.by_line("location")["2.1"] == 441_900_000_000


def test_an_inventory_says_what_it_is(folder: UserFolder) -> None:
    shown = repr(linyin.calculate(folder.path, year=2023))

    assert "G 2023" in shown
    assert "by location" in shown
    assert "by market" in shown
