"""One database in memory a process: to open one takes longer than most queries of a few files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import duckdb

__all__ = ["scratch_connection"]


@contextmanager
def scratch_connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection of one's own; what is registered or made as TEMP goes with it.

    It takes 0.05 ms, a database of one's own 11 ms (measured). Settings and tables that are not
    TEMP would be everybody's: who needs them opens a database.
    """
    with _database(os.getpid()).cursor() as connection:
        yield connection


@cache
def _database(_: int) -> duckdb.DuckDBPyConnection:
    return duckdb.connect()
