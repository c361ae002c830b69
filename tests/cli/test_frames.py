from __future__ import annotations

import gc
import io
from pathlib import Path
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


def test_frames_are_checked_as_a_folder_is(folder: UserFolder) -> None:
    broken = ACTIVITIES.replace("MWh", "ton", 1)
    (folder.path / "instruments.csv").unlink()
    folder.write(activities=broken)
    of_files = linyin.check(folder.path, 2023)

    tables = {"activities": pandas_frame(broken), "organization": pandas_frame(ORGANIZATION)}
    of_frames = linyin.check({**tables, "config": CONFIG}, 2023)

    assert "unit-ambiguous" in [f.code for f in of_frames.findings if f.severity == "error"]
    assert [f.code for f in of_frames.findings if f.severity == "error"] == [
        f.code for f in of_files.findings if f.severity == "error"
    ]
    assert (of_frames.rows, of_frames.years) == (of_files.rows, of_files.years)


@pytest.mark.parametrize("call", [linyin.calculate, linyin.check])
def test_a_lone_frame_or_a_year_in_words_is_told_plainly(call: Any) -> None:
    with pytest.raises(TypeError, match="a DataFrame alone has no table's name"):
        call(pandas_frame(ACTIVITIES), 2023)
    with pytest.raises(TypeError, match="year is an int, or a sequence of ints; got '2023'"):
        call("folder", "2023")


def test_the_change_and_the_report_are_one_call_each(folder: UserFolder, tmp_path: Path) -> None:
    (folder.path / "instruments.csv").unlink()
    before, after = (linyin.calculate(folder.path, 2023, gwp=g) for g in ("AR5-100", "AR6-100"))

    change = linyin.diff(before, after)
    file = linyin.report(after, tmp_path / "report.xlsx", "xlsx", "en")

    assert sum(change.causes.values()) == after.total("location") - before.total("location")
    assert file.stat().st_size > 10_000
