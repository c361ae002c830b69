"""DuckDB and Spark book the same rows to the same milligrams."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from engines import world
from linyin.lake import DuckDBEngine, Engine, SparkEngine
from linyin.ledger import MASSES
from linyin.ledger.booking import book_legs
from linyin.ledger.bundle import canonical_hash

pytestmark = pytest.mark.spark

ROWS = 1_000_000


class Booked(NamedTuple):
    duckdb: list[Path]
    spark: list[Path]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return world.write_rows(tmp_path_factory.mktemp("rows"), ROWS)


@pytest.fixture(scope="module")
def booked(
    rows: list[Path], spark: SparkEngine, tmp_path_factory: pytest.TempPathFactory
) -> Booked:
    duck = DuckDBEngine()
    folder = tmp_path_factory.mktemp("entries")
    files = Booked(_book(duck, rows, folder / "duckdb"), _book(spark, rows, folder / "spark"))
    duck.close()
    return files


def _book(engine: Engine, rows: list[Path], folder: Path) -> list[Path]:
    frame = book_legs(engine.scan(rows), world.legs(), engine, world.elapsed)
    return engine.write(frame, folder)[""]


def _sums(files: list[Path]) -> dict[tuple[str, ...], tuple[int, ...]]:
    sums = ", ".join(f"sum({mass}::DECIMAL(38,0))::VARCHAR" for mass in MASSES)
    found = duckdb.sql(
        f"SELECT line, scope2_method, count(*)::VARCHAR, {sums} "
        f"FROM read_parquet({[str(f) for f in files]}) GROUP BY ALL"
    ).fetchall()
    return {row[:2]: tuple(map(int, row[2:])) for row in found}


def test_sums_of_every_gas_are_equal(booked: Booked) -> None:
    sums = _sums(booked.duckdb)
    assert sums == _sums(booked.spark)
    assert sum(of_line[0] for of_line in sums.values()) > ROWS


def test_every_row_is_equal(booked: Booked) -> None:
    assert canonical_hash(booked.duckdb) == canonical_hash(booked.spark)


def test_the_hash_tells_one_milligram(booked: Booked, tmp_path: Path) -> None:
    some = f"FROM read_parquet({[str(f) for f in booked.duckdb]}) WHERE external_id LIKE 'r77%'"
    kept, changed = tmp_path / "kept.parquet", tmp_path / "changed.parquet"
    duckdb.sql(f"SELECT * {some}").write_parquet(str(kept))
    one_more = "co2_mg + (external_id = 'r77')::INTEGER AS co2_mg"
    duckdb.sql(f"SELECT * REPLACE ({one_more}) {some}").write_parquet(str(changed))
    assert canonical_hash([changed])[0] != canonical_hash([kept])[0]


def test_rows_ask_for_halves_parts_nulls_and_crossed_borders(
    booked: Booked, rows: list[Path]
) -> None:
    """What the comparison stands on is there."""
    entries = f"read_parquet({[str(f) for f in booked.duckdb]})"
    stated = f"read_parquet({[str(f) for f in rows]})"
    halves, divided, cut, negative = duckdb.sql(
        f"SELECT count(*) FILTER (amount * 0.5 % 1 != 0 AND abs(co2_mg) > abs(amount) * 0.5), "
        f"max(part), count(*) FILTER (fraction < 0.3), count(*) FILTER (co2e_mg < 0) FROM {entries}"
    ).fetchall()[0]
    assert halves > 100_000
    assert divided > 10
    assert cut > 10_000
    assert negative > 100_000
    distances, occupancies = duckdb.sql(
        f"SELECT count(*) FILTER (distance IS NULL), count(*) FILTER (occupancy IS NULL) "
        f"FROM {stated} WHERE item = 'cars'"
    ).fetchall()[0]
    assert distances > 10_000
    assert occupancies > 10_000


def test_contexts_and_their_largest_amounts_are_equal(
    rows: list[Path], spark: SparkEngine, duck: DuckDBEngine
) -> None:
    from linyin.ledger.calculation import contexts_of, read_contexts

    contexts = contexts_of(read_contexts(duck.scan(rows), duck))
    assert contexts == contexts_of(read_contexts(spark.scan(rows), spark))
    assert sum(context.rows for context in contexts) == ROWS
