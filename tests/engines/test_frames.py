"""Frames of every kind are booked and rolled up, and come back as what they were."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from engines import frames
from linyin.lake import SparkEngine
from linyin.lake.frames import lift, to_arrow
from linyin.ledger.frames import book_frame
from linyin.ledger.rollup import rollup


def _arrow_backed(table: pa.Table) -> pd.DataFrame:
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _relation(table: pa.Table) -> duckdb.DuckDBPyRelation:
    return duckdb.connect().from_arrow(table)


KINDS: dict[str, tuple[Callable[[pa.Table], Any], type]] = {
    "pandas": (lambda table: table.to_pandas(), pd.DataFrame),
    "pandas with timestamps": (lambda t: t.to_pandas(date_as_object=False), pd.DataFrame),
    "pandas on Arrow": (_arrow_backed, pd.DataFrame),
    "polars": (pl.from_arrow, pl.DataFrame),
    "lazy polars": (lambda table: pl.from_arrow(table).lazy(), pl.LazyFrame),
    "pyarrow": (lambda table: table, pa.Table),
    "DuckDB": (_relation, duckdb.DuckDBPyRelation),
    "Narwhals": (lambda table: nw.from_native(pl.from_arrow(table)), nw.DataFrame),
}


def _milligrams(booked: Any) -> list[tuple[str, int, int]]:
    rows = to_arrow(booked).select(["external_id", "leg", "co2e_mg"]).to_pylist()
    return sorted((row["external_id"], row["leg"], row["co2e_mg"]) for row in rows)


@pytest.mark.parametrize("kind", KINDS)
def test_booked_to_the_same_milligrams_and_the_same_kind(kind: str) -> None:
    make, expected = KINDS[kind]
    booked = book_frame(make(frames.activities()), frames.legs())
    assert isinstance(booked, expected)
    assert _milligrams(booked) == frames.BOOKED


@pytest.mark.parametrize("kind", KINDS)
def test_rolled_up_to_exact_decimals_and_the_same_kind(kind: str) -> None:
    make, expected = KINDS[kind]
    entries = to_arrow(book_frame(frames.activities(), frames.legs()))
    totals = rollup(make(entries), by=["line"], scope2_method="market", masses=["co2e_mg"])
    assert isinstance(totals, expected)
    assert to_arrow(totals).to_pylist() == [
        {"line": "2.1", "co2e_mg": Decimal(9)},
        {"line": "3.6", "co2e_mg": Decimal(-13)},
    ]


@pytest.mark.spark
def test_spark_frames_stay_on_spark(spark: SparkEngine) -> None:
    booked = book_frame(spark.session.createDataFrame(frames.activities()), frames.legs())
    assert type(booked).__module__.startswith("pyspark")
    assert _milligrams(booked.toArrow()) == frames.BOOKED
    totals = rollup(booked, by=["scope2_method"], masses=["co2e_mg"])
    assert {tuple(row) for row in totals.collect()} == {
        ("", Decimal(-13)),
        ("location", Decimal(17)),
        ("market", Decimal(9)),
    }


def test_relations_stay_on_their_own_connection() -> None:
    connection = duckdb.connect()
    connection.execute("SET VARIABLE here = 'yes'")
    booked = book_frame(connection.from_arrow(frames.activities()), frames.legs())
    assert booked.project("getvariable('here')").fetchall()[0] == ("yes",)


def test_legs_may_be_of_another_kind_than_the_rows() -> None:
    booked = book_frame(_relation(frames.activities()), frames.legs().to_pandas())
    assert _milligrams(booked) == frames.BOOKED


def test_timestamps_come_back_as_timestamps_and_dates_as_dates() -> None:
    stamped = book_frame(frames.activities().to_pandas(date_as_object=False), frames.legs())
    assert stamped["begin"].dtype.kind == "M"
    dated = book_frame(frames.activities().to_pandas(), frames.legs())
    assert dated["begin"].dtype == object


def test_rows_that_weigh_more_than_a_float_holds_are_divided() -> None:
    rows = frames.activities().slice(0, 1).set_column(5, "quantity", pa.array([4e17]))
    booked = to_arrow(book_frame(rows, frames.legs()))
    by_location = booked.filter(pc.equal(booked["leg"], 0))
    assert len(by_location) == 40
    assert sum(by_location["co2e_mg"].to_pylist()) == 200_000_000_000_000_000


@pytest.mark.parametrize("missing", ["quantity", "begin", "external_id"])
def test_a_missing_column_is_named(missing: str) -> None:
    with pytest.raises(ValueError, match=missing):
        book_frame(frames.activities().drop_columns([missing]), frames.legs())


@pytest.mark.parametrize("frame", [[1, 2], {"a": [1]}, "rows.csv", None])
def test_what_is_no_frame_is_refused_by_name(frame: Any) -> None:
    with pytest.raises(TypeError, match="pandas, polars, pyarrow, DuckDB or Spark"):
        lift(frame)
