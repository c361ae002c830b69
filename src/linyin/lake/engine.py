"""The engines: DuckDB (embedded, default) and Spark. Bulk work is one Narwhals expression.

An engine scans Parquet files and Arrow tables as lazy frames, and writes a lazy frame as
Parquet files without passing rows through Python.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import unquote

import narwhals as nw

from linyin.lake.literals import quoted

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["DuckDBEngine", "Engine", "SparkEngine", "engine"]

type Frame = nw.LazyFrame[Any]

PARQUET: Final = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 1000"
"""How DuckDB writes: a fifth less work than by default, for files a tenth larger."""


class Engine(Protocol):
    """What the ledger asks of an engine."""

    name: str

    def scan(self, files: Sequence[str | Path]) -> Frame:
        """Lazily read Parquet files of one schema."""

    def frame(self, table: pa.Table) -> Frame:
        """Make an Arrow table part of a query; dictionary-encoded columns are texts in it."""

    def collect(self, frame: Frame) -> pa.Table:
        """Run a query and return its rows."""

    def write(self, frame: Frame, folder: Path, *, split_by: str = "") -> dict[str, list[Path]]:
        """Run a query and write its rows as Parquet files into a folder, durably.

        With `split_by`, rows are written apart by the values of that column, which is left
        out of the files; the result maps each value ('' without) to its files.
        """

    def close(self) -> None:
        """Let go of what the engine holds."""


class DuckDBEngine:
    """DuckDB inside this process.

    Parameters
    ----------
    memory
        Limit of the buffer manager; larger joins and sorts spill to `temporary`.
    """

    name = "duckdb"

    def __init__(self, memory: str | None = None, temporary: Path | None = None) -> None:
        import duckdb

        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory or os.environ.get("LINYIN_MEMORY", "1500MB"),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if temporary is not None:
            config["temp_directory"] = str(temporary)
        self.connection = duckdb.connect(":memory:", config=config)

    def scan(self, files: Sequence[str | Path]) -> Frame:
        """Lazily read Parquet files of one schema."""
        names = [str(file) for file in files]
        return nw.from_native(self.connection.read_parquet(names))

    def frame(self, table: pa.Table) -> Frame:
        """Make an Arrow table part of a query; dictionary-encoded columns are enums in it.

        DuckDB joins and writes an enum as its codes, a text by its letters.
        """
        relation = self.connection.from_arrow(table)
        enums = [_as_enum(name, table[name]) for name in _encoded(table)]
        return nw.from_native(relation.select(f"* REPLACE ({', '.join(enums)})" if enums else "*"))

    def collect(self, frame: Frame) -> pa.Table:
        """Run a query and return its rows."""
        table: pa.Table = nw.to_native(frame).to_arrow_table()
        return table

    def write(self, frame: Frame, folder: Path, *, split_by: str = "") -> dict[str, list[Path]]:
        """Run a query and write its rows as Parquet files into a folder, durably."""
        query = nw.to_native(frame)
        with _staging(folder) as staging:
            target = quoted(staging if split_by else staging / "0.parquet")
            apart = f', PARTITION_BY ("{split_by}")' if split_by else ""
            query.query("rows", f"COPY rows TO {target} ({PARQUET}{apart})")
            return _settle(staging, folder, split_by)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


class SparkEngine:
    """Spark: `LINYIN_SPARK_MASTER` names the cluster, by default this machine's cores.

    On this machine the driver listens on the loopback address only; for other machines Spark's
    own settings (`SPARK_LOCAL_IP`, `spark-defaults.conf`) say where it can be reached.
    """

    name = "spark"

    def __init__(self, master: str | None = None) -> None:
        from pyspark.sql import SparkSession

        cluster = master or os.environ.get("LINYIN_SPARK_MASTER", "local[*]")
        builder = (
            SparkSession.builder.appName("linyin")
            .master(cluster)
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.ansi.enabled", "true")
            .config("spark.sql.execution.arrow.pyspark.enabled", "true")
            .config("spark.sql.shuffle.partitions", "8")
        )
        if cluster.startswith(("local", "spark://127.0.0.1")):
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            builder = builder.config("spark.driver.host", "127.0.0.1").config(
                "spark.driver.bindAddress", "127.0.0.1"
            )
        self.session: Any = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("ERROR")

    def scan(self, files: Sequence[str | Path]) -> Frame:
        """Lazily read Parquet files of one schema."""
        lazy: Frame = nw.from_native(self.session.read.parquet(*[str(file) for file in files]))
        return lazy

    def frame(self, table: pa.Table) -> Frame:
        """Make an Arrow table part of a query."""
        import pyarrow.compute as pc

        for name in _encoded(table):
            place = table.column_names.index(name)
            table = table.set_column(place, name, pc.dictionary_decode(table[name]))
        lazy: Frame = nw.from_native(self.session.createDataFrame(table))
        return lazy

    def collect(self, frame: Frame) -> pa.Table:
        """Run a query and return its rows."""
        table: pa.Table = nw.to_native(frame).toArrow()
        return table

    def write(self, frame: Frame, folder: Path, *, split_by: str = "") -> dict[str, list[Path]]:
        """Run a query and write its rows as Parquet files into a folder, durably."""
        writer = nw.to_native(frame).write.option("compression", "zstd").mode("append")
        if split_by:
            writer = writer.partitionBy(split_by)
        with _staging(folder) as staging:
            writer.parquet(str(staging))
            return _settle(staging, folder, split_by)

    def close(self) -> None:
        """Stop the session."""
        self.session.stop()


def engine(name: str | None = None) -> Engine:
    """Start the engine that `LINYIN_ENGINE` (or `name`) names: `duckdb` or `spark`.

    Raises
    ------
    ValueError
        If the name is neither.
    """
    wanted = name or os.environ.get("LINYIN_ENGINE", "duckdb")
    if wanted == "duckdb":
        return DuckDBEngine()
    if wanted == "spark":
        return SparkEngine()
    raise ValueError(f"LINYIN_ENGINE is {wanted!r}; write duckdb or spark")


def _encoded(table: pa.Table) -> list[str]:
    """Name the columns of texts that are dictionary-encoded."""
    import pyarrow as pa

    return [
        field.name
        for field in table.schema
        if pa.types.is_dictionary(field.type) and len(table) > table[field.name].null_count
    ]


def _as_enum(name: str, column: pa.ChunkedArray) -> str:
    """Write an expression that makes a column of texts an enum of the texts in it."""
    texts = column.unique().drop_null().to_pylist()
    return f'"{name}"::ENUM ({", ".join(map(quoted, texts))}) AS "{name}"'


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Give a folder beside the target that is gone afterwards, whatever happens."""
    staging = folder / f".{uuid.uuid4().hex}"
    staging.mkdir(parents=True)
    try:
        yield staging
    finally:
        shutil.rmtree(staging)


def _settle(staging: Path, folder: Path, split_by: str) -> dict[str, list[Path]]:
    """Sync what was written and move it into place under names of its own."""
    settled: dict[str, list[Path]] = {}
    for part in sorted(staging.rglob("*.parquet")):
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        value = unquote(part.parent.name.partition("=")[2]) if split_by else ""
        target = folder / f"{uuid.uuid4().hex}.parquet"
        part.rename(target)
        settled.setdefault(value, []).append(target)
    _sync(folder)
    return settled


def _sync(folder: Path) -> None:
    """Make the names of a folder's files durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
