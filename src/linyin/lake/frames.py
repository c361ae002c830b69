"""Frames of other libraries: lifted onto an engine, given back as what they were.

DuckDB relations and Spark frames stay lazy where they are. pandas, polars and pyarrow frames
pass through Arrow into DuckDB, since their own rounding differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import narwhals as nw
import pyarrow as pa

if TYPE_CHECKING:
    import duckdb

__all__ = ["Home", "lift", "to_arrow"]

type Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Home:
    """Where a frame came from: the engine that works on it, and the way back.

    Attributes
    ----------
    frame
        Make an Arrow table part of a query on the same engine.
    collect
        Run a query and return its rows.
    lower
        Give a result back as the kind of frame that was lifted.

    """

    frame: Callable[[pa.Table], Frame]
    collect: Callable[[Frame], pa.Table]
    lower: Callable[[Frame], Any]


def lift(frame: Any) -> tuple[Frame, Home]:
    """Lift a frame onto the engine that calculates with it.

    Parameters
    ----------
    frame
        pandas, polars (eager or lazy), pyarrow, DuckDB or Spark; or a Narwhals frame of one.

    Returns
    -------
    lazy : narwhals.LazyFrame
        On the frame's own engine (DuckDB, Spark), else on a DuckDB of its own.
    home : Home
        `home.lower(result)` gives a result back as what `frame` was.

    Raises
    ------
    TypeError
        If it is none of these.

    """
    if isinstance(frame, (nw.LazyFrame, nw.DataFrame)):
        lazy, home = lift(nw.to_native(frame))
        return lazy, Home(home.frame, home.collect, lambda f: nw.from_native(home.lower(f)))
    known = nw.from_native(frame, pass_through=True)
    if not isinstance(known, (nw.LazyFrame, nw.DataFrame)):
        raise TypeError(
            f"{type(frame).__module__}.{type(frame).__name__} is no frame that can be calculated "
            "with: give pandas, polars, pyarrow, DuckDB or Spark"
        )
    if known.implementation.is_duckdb():
        return cast("Frame", known), _beside_relation(frame)
    if known.implementation.is_pyspark() or known.implementation.is_pyspark_connect():
        return cast("Frame", known), _beside_spark(frame)
    return _through_arrow(frame, known)


def to_arrow(frame: Any) -> pa.Table:
    """Read a frame of any kind into an Arrow table."""
    if isinstance(frame, pa.Table):
        return frame
    known = nw.from_native(frame)
    eager = known.collect("pyarrow") if isinstance(known, nw.LazyFrame) else known
    return eager.to_arrow()


def _through_arrow(frame: Any, known: nw.LazyFrame[Any] | nw.DataFrame[Any]) -> tuple[Frame, Home]:
    from linyin.lake.engine import DuckDBEngine

    back = _BACK.get(known.implementation)
    if back is None:
        raise TypeError(f"{known.implementation} frames are not read; give a pandas or Arrow one")
    engine = DuckDBEngine()
    lower = back(frame)
    home = Home(engine.frame, engine.collect, lambda result: lower(engine.collect(result)))
    return engine.frame(to_arrow(frame)), home


def _beside_relation(relation: duckdb.DuckDBPyRelation) -> Home:
    def frame(table: pa.Table) -> Frame:
        table_beside = table  # noqa: F841  (DuckDB finds the table by this name)
        return nw.from_native(relation.query("lifted", "SELECT * FROM table_beside"))

    return Home(frame, lambda f: nw.to_native(f).to_arrow_table(), nw.to_native)


def _beside_spark(frame: Any) -> Home:
    session = frame.sparkSession
    return Home(
        lambda table: nw.from_native(session.createDataFrame(table)),
        lambda f: nw.to_native(f).toArrow(),
        nw.to_native,
    )


def _to_pandas(frame: Any) -> Callable[[pa.Table], Any]:
    """Give dates as the frame had them: as timestamps, as Arrow's, or as Python's."""
    import pandas as pd

    if any(isinstance(kind, pd.ArrowDtype) for kind in frame.dtypes):
        return lambda table: table.to_pandas(types_mapper=pd.ArrowDtype)
    stamps = any(kind.kind == "M" for kind in frame.dtypes)
    return lambda table: table.to_pandas(date_as_object=not stamps)


def _to_polars(frame: Any) -> Callable[[pa.Table], Any]:
    import polars as pl

    if isinstance(frame, pl.LazyFrame):
        return lambda table: cast("pl.DataFrame", pl.from_arrow(table)).lazy()
    return pl.from_arrow


_BACK: dict[nw.Implementation, Callable[[Any], Callable[[pa.Table], Any]]] = {
    nw.Implementation.PANDAS: _to_pandas,
    nw.Implementation.POLARS: _to_polars,
    nw.Implementation.PYARROW: lambda _: lambda table: table,
}
