"""Dictionary-encoded columns of an Arrow table are texts in a query, on every engine."""

from __future__ import annotations

from pathlib import Path

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linyin.lake import DuckDBEngine, Engine, SparkEngine

TEXTS = ["2.1", "it's", "厂区", "", None, "2.1"]


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request: pytest.FixtureRequest) -> Engine:
    name = {"duckdb": "duck", "spark": "spark"}[request.param]
    found: DuckDBEngine | SparkEngine = request.getfixturevalue(name)
    return found


def _encoded(texts: list[str | None]) -> pa.Table:
    encoded = pa.array(texts, pa.string()).dictionary_encode()
    return pa.table({"number": range(len(texts)), "text": encoded})


def _written(engine: Engine, frame: nw.LazyFrame[object], folder: Path) -> pa.Table:
    files = engine.write(frame, folder)[""]
    return pa.concat_tables([pq.read_table(file) for file in files]).sort_by("number")


def test_files_hold_the_texts(engine: Engine, tmp_path: Path) -> None:
    table = _written(engine, engine.frame(_encoded(TEXTS)), tmp_path)
    assert table["text"].type == pa.string()
    assert table["text"].to_pylist() == TEXTS


def test_plain_texts_are_joined_with_encoded_ones(engine: Engine, tmp_path: Path) -> None:
    plain = engine.frame(pa.table({"text": ["厂区", "it's", "elsewhere"], "found": [1, 2, 3]}))
    joined = engine.frame(_encoded(TEXTS)).join(plain, on="text", how="inner")
    table = _written(engine, joined.select("number", "found"), tmp_path)
    assert table.to_pylist() == [{"number": 1, "found": 2}, {"number": 2, "found": 1}]


@pytest.mark.parametrize("texts", [[], [None]])
def test_a_column_without_texts_stays_empty(engine: Engine, texts: list[str | None]) -> None:
    assert engine.collect(engine.frame(_encoded(texts))).num_rows == len(texts)
